package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
)

func creatableCategories() []string {
	return []string{
		"LOGIN", "PASSWORD", "API_CREDENTIAL", "SERVER", "DATABASE", "CREDIT_CARD", "MEMBERSHIP", "PASSPORT",
		"SOFTWARE_LICENSE", "OUTDOOR_LICENSE", "SECURE_NOTE", "WIRELESS_ROUTER", "BANK_ACCOUNT", "DRIVER_LICENSE",
		"IDENTITY", "REWARD_PROGRAM", "EMAIL_ACCOUNT", "SOCIAL_SECURITY_NUMBER", "MEDICAL_RECORD", "SSH_KEY",
	}
}

func TestCreate_EachCategory(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	id := regexp.MustCompile(`^[a-z0-9]{26}$`)
	for _, category := range creatableCategories() {
		created, path := s.create(t, d.vault("Office"), `{"title":"A `+category+`","category":"`+category+`"}`)
		if created.Version != 1 || created.Category != category || !id.MatchString(created.ID) || created.Title != "A "+category {
			t.Errorf("%s: created %+v", category, created)
		}
		wantEqual(t, created, s.item(t, path), "%s", category)
		if !slices.ContainsFunc(created.Fields,
			func(f connect.Field) bool { return f.ID == "notesPlain" && f.Purpose == "NOTES" && f.Value == "" }) {
			t.Errorf("%s: no empty notes in %v", category, created.Fields)
		}
		for _, f := range created.Fields {
			if f.Label == "" || f.Type != strings.ToUpper(f.Type) || f.Value != "" {
				t.Errorf("%s: standard field %+v", category, f)
			}
		}
		// An item that was read is a valid body of PUT.
		put := decode[connect.Item](t, s.send(t, "PUT", path, created))
		want := s.item(t, path)
		want.Version, put.UpdatedAt = 1, want.UpdatedAt
		wantEqual(t, want, put, "%s: put", category)
	}
	for _, category := range []string{"CUSTOM", "DOCUMENT"} {
		s.send(t, "POST", d.items("Office"),
			`{"title":"a","category":"`+category+`"}`).wantError(t, connect.UncreatableCategory(category))
	}
	for _, category := range []string{"", "login", "NOTE", "LOGIN "} {
		s.send(t, "POST", d.items("Office"),
			`{"title":"a","category":"`+category+`"}`).wantError(t, connect.InvalidCategory())
	}
}

// JIT:295-316.
func TestCreate_AddsTheStandardFields(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, connecttest.WithClock(newClock().Now)), demo(t)
	created, path := s.create(t, d.vault("Office"),
		`{"title":"t","category":"LOGIN","fields":[{"purpose":"USERNAME","value":"wendy"},{"purpose":"PASSWORD","value":"mypassword"}]}`)
	want := `{"additionalInformation":"wendy","category":"LOGIN","createdAt":"2026-05-01T12:00:00Z","fields":[` +
		`{"id":"username","label":"username","purpose":"USERNAME","type":"STRING","value":"wendy"},` +
		`{"entropy":ENTROPY,"id":"password","label":"password","purpose":"PASSWORD","type":"CONCEALED","value":"mypassword"},` +
		`{"id":"notesPlain","label":"notesPlain","purpose":"NOTES","type":"STRING"}],"id":"` + created.ID +
		`","lastEditedBy":"` + created.LastEditedBy +
		`","title":"t","updatedAt":"2026-05-01T12:00:00Z","vault":{"id":"` + d.vault("Office") +
		`","name":"Office"},"version":1}`
	got := regexp.MustCompile(`"entropy":[0-9.]+`).ReplaceAllString(string(s.get(t, path).body), `"entropy":ENTROPY`)
	if got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

func TestList_SummariesEqualTheItems(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, v := range s.vaults(t) {
		var list []map[string]json.RawMessage
		must(t, json.Unmarshal(s.get(t, "/v1/vaults/"+v.ID+"/items").wantOK(t).body, &list))
		for _, summary := range list {
			var full map[string]json.RawMessage
			path := "/v1/vaults/" + v.ID + "/items/" + strings.Trim(string(summary["id"]), `"`)
			must(t, json.Unmarshal(s.get(t, path).wantOK(t).body, &full))
			for _, name := range []string{"fields", "sections", "files"} {
				delete(full, name)
			}
			wantEqual(t, full, summary, "%s", path)
		}
	}
}

func TestItem_OmitsEmptyMembers(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	_, path := s.create(t, d.vault("Office"),
		`{"title":"t","category":"SECURE_NOTE","favorite":false,"tags":[],"urls":[],"sections":[],"fields":[]}`)
	var members map[string]any
	must(t, json.Unmarshal(s.get(t, path).body, &members))
	for _, name := range []string{"favorite", "tags", "urls", "sections", "files", "additionalInformation",
		"state", "trashed"} {
		if v, there := members[name]; there {
			t.Errorf("%s is %v", name, v)
		}
	}
	if fields, ok := members["fields"].([]any); !ok || len(fields) == 0 {
		t.Errorf("fields are %v", members["fields"])
	}
}

func TestCreate_RefusesInvalidFieldsAsRecorded(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	post := func(body string) response {
		return s.send(t, "POST", d.items("Office"), body)
	}
	post(`{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD"},{"purpose":"PASSWORD"}]}`).wantError(t,
		&connect.Error{Status: 400,
			Message: `Logic: (Unable to parse Item), Validation: (too many "password" fields in Apply()), You can only use one "password" field.`})
	post(`{"title":"t","category":"LOGIN","sections":[{"id":"s"}],"fields":[{"type":"totp","value":"x","section":{"id":"s"}}]}`).wantError(t, &connect.Error{Status: 400,
		Message: "Validation: (validateVaultItem failed to Validate), Couldn't validate the item: \"[ItemValidator] has found 1 errors, 0 warnings: \\nErrors:{1. details.sections[1].fields[0] has unsupported field type: totp}\""})
	for _, purpose := range []string{"USERNAME", "PASSWORD"} {
		post(`{"title":"t","category":"DATABASE","fields":[{"purpose":"`+
			purpose+`","value":"x"}]}`).wantError(t, connect.PurposeNotAcceptable("DATABASE", purpose))
	}
}

func TestDelete_HasNoBody(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	a := s.send(t, "DELETE", d.path("Office", "Time Tracker"), nil).wantStatus(t, 204)
	if len(a.body) > 0 || a.header.Get("Content-Type") != "" || a.header.Get("Content-Length") != "" {
		t.Errorf("headers %v, body %q", a.header, a.body)
	}
}

func TestList_FiltersItems(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	const own = `/v1/vaults/`
	base := own + d.vault("Deployments") + "/items"
	titles := func(query string) string {
		var titles []string
		for _, it := range s.list(t, base+query) {
			titles = append(titles, it.Title)
		}
		return strings.Join(titles, "|")
	}
	for query, want := range map[string]string{
		`?filter=title+eq+%22Deploy+Key%22`:                                                             "Deploy Key",
		`?filter=title%20eq%20%22Deploy%20Key%22`:                                                       "Deploy Key",
		`/?filter=title%20eq%20%22Deploy%20Key%22`:                                                      "Deploy Key",
		`?filter=title%20co%20"Deploy"`:                                                                 "Deploy Key|Deploy Certificates",
		`?filter=title+eq+%22staging+server%22`:                                                         "Staging Server|Staging Server",
		`?filter=tag+eq+%22production%22`:                                                               "Orders Database|Mail Relay API",
		`?filter=` + url.QueryEscape(`tag eq "production" and title co "mail"`):                         "Mail Relay API",
		`?filter=` + url.QueryEscape(`title eq "Deploy Key" or title eq "Build Agent"`):                 "Deploy Key|Build Agent",
		`?filter=` + url.QueryEscape(`(title eq "Deploy Key" or title eq "Build Agent")`):               "Deploy Key|Build Agent",
		`?filter=` + url.QueryEscape(`(title co "server" or title co "deploy") and not (tag eq "old")`): "Staging Server|Deploy Key|Deploy Certificates",
		`?filter=` + url.QueryEscape(`title eq "Deploy Key" or tag eq "ci" and title eq "nothing"`):     "Deploy Key",
		`?filter=` + url.QueryEscape(`title eq "%"`):                                                    "",
		`?filter=` + url.QueryEscape(`title co "_"`):                                                    "",
		`?filter=` + url.QueryEscape(`tag eq "prod"`):                                                   "",
		`?filter=title+eq+%22nothing%22`:                                                                "",
	} {
		wantEqual(t, want, titles(query), "%s: found", query)
	}
	wantEqual(t, "[]", string(s.get(t, base+`?filter=title+eq+%22nothing%22`).body), "nothing found")
	for _, filter := range []string{`title eq 'x'`, `name eq "x"`, `id eq "x"`, `title eq "x`, `title`,
		`fields.value eq "` + canary + `"`, canary} {
		e := s.get(t, base+"?filter="+url.QueryEscape(filter)).apiError(t)
		if e.Status != 400 || strings.Contains(e.Message, canary) {
			t.Errorf("%s: got %v", filter, &e)
		}
	}
}

func TestItem_OfAnotherVaultIsNotFound(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	path := d.path("Office", "Time Tracker")
	id := lastSegment(path)
	elsewhere := d.items("Deployments") + "/" + id
	s.get(t, path).wantOK(t) // into the cache
	s.get(t, elsewhere).wantError(t, connect.ItemNotFound(id))
	s.get(t, elsewhere+"/files").wantError(t, connect.ItemNotFound(id))
	s.send(t, "PUT", elsewhere, `{"title":"x","category":"LOGIN","vault":{"id":"`+d.vault("Deployments")+
		`"}}`).wantError(t, connect.ItemNotFound(id))
	s.send(t, "PATCH", elsewhere, `[]`).wantError(t, connect.ItemNotFound(id))
	s.send(t, "DELETE", elsewhere, nil).wantError(t, connect.ItemNotFound(id))
	s.get(t, path).wantOK(t)
}

// A body of a few MiB can have millions of fields. It is refused before it is decoded.
func TestItem_RefusesTooManyParts(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	items := d.items("Office")
	body := `{"title":"t","category":"LOGIN","vault":{"id":"` + d.vault("Office") + `"},"fields":[` +
		strings.Repeat("{},", 500_000) + `{}]}`
	want := connect.InvalidBody("", fmt.Sprintf("has more than %d entries in its lists", connect.MaxItemParts))
	card := d.path("Office", "Company Card")
	for _, call := range [][2]string{{"POST", items}, {"PUT", card}, {"PATCH", card}} {
		s.send(t, call[0], call[1], body).wantError(t, want)
	}
}

func TestFixture_RefusesTooManyParts(t *testing.T) {
	t.Parallel()
	text := `{"vaults":[{"name":"V","items":[{"title":"t","category":"LOGIN","tags":[` +
		strings.Repeat(`"x",`, 100_001) + `"x"]}]}]}`
	if _, err := fixtures.Load("many.json", []byte(text)); err == nil ||
		!strings.Contains(err.Error(), "at most 100000 fields") {
		t.Errorf("error %.300v", err)
	}
}
