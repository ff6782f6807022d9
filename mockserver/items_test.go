package mockserver_test

import (
	"encoding/json"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
)

func creatable() []string {
	return []string{
		"LOGIN", "PASSWORD", "API_CREDENTIAL", "SERVER", "DATABASE", "CREDIT_CARD", "MEMBERSHIP", "PASSPORT",
		"SOFTWARE_LICENSE", "OUTDOOR_LICENSE", "SECURE_NOTE", "WIRELESS_ROUTER", "BANK_ACCOUNT", "DRIVER_LICENSE",
		"IDENTITY", "REWARD_PROGRAM", "EMAIL_ACCOUNT", "SOCIAL_SECURITY_NUMBER", "MEDICAL_RECORD", "SSH_KEY",
	}
}

func TestCreateAnItemOfEachCategory(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	id := regexp.MustCompile(`^[a-z0-9]{26}$`)
	for _, category := range creatable() {
		made, path := s.create(t, d.vault("Office"), `{"title":"A `+category+`","category":"`+category+`"}`)
		if made.Version != 1 || made.Category != category || !id.MatchString(made.ID) || made.Title != "A "+category {
			t.Errorf("%s: created %+v", category, made)
		}
		if diff := cmp.Diff(made, s.item(t, path)); diff != "" {
			t.Errorf("%s (-created +read):\n%s", category, diff)
		}
		if !slices.ContainsFunc(made.Fields, func(f connect.Field) bool { return f.ID == "notesPlain" && f.Purpose == "NOTES" && f.Value == "" }) {
			t.Errorf("%s: no empty notes in %v", category, made.Fields)
		}
		for _, f := range made.Fields {
			if f.Label == "" || f.Type != strings.ToUpper(f.Type) || f.Value != "" {
				t.Errorf("%s: standard field %+v", category, f)
			}
		}
		// An item that was read can be sent back.
		answered := as[connect.Item](t, s.send(t, "PUT", path, made))
		want := s.item(t, path)
		want.Version, answered.UpdatedAt = 1, want.UpdatedAt
		if diff := cmp.Diff(want, answered); diff != "" {
			t.Errorf("%s: put (-read +answered):\n%s", category, diff)
		}
	}
	for _, category := range []string{"CUSTOM", "DOCUMENT"} {
		s.send(t, "POST", "/v1/vaults/"+d.vault("Office")+"/items", `{"title":"a","category":"`+category+`"}`).refused(t, connect.UncreatableCategory(category))
	}
	for _, category := range []string{"", "login", "NOTE", "LOGIN "} {
		s.send(t, "POST", "/v1/vaults/"+d.vault("Office")+"/items", `{"title":"a","category":"`+category+`"}`).refused(t, connect.InvalidCategory())
	}
}

// JIT:295-316.
func TestLoginOfTwoFieldsHasThree(t *testing.T) {
	t.Parallel()
	s, d := open(t, connecttest.WithClock(newClock().Now)), demo(t)
	made, path := s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN","fields":[{"purpose":"USERNAME","value":"wendy"},{"purpose":"PASSWORD","value":"mypassword"}]}`)
	want := `{"additionalInformation":"wendy","category":"LOGIN","createdAt":"2026-05-01T12:00:00Z","fields":[` +
		`{"id":"username","label":"username","purpose":"USERNAME","type":"STRING","value":"wendy"},` +
		`{"entropy":ENTROPY,"id":"password","label":"password","purpose":"PASSWORD","type":"CONCEALED","value":"mypassword"},` +
		`{"id":"notesPlain","label":"notesPlain","purpose":"NOTES","type":"STRING"}],"id":"` + made.ID + `","lastEditedBy":"` + made.LastEditedBy +
		`","title":"t","updatedAt":"2026-05-01T12:00:00Z","vault":{"id":"` + d.vault("Office") + `","name":"Office"},"version":1}`
	got := regexp.MustCompile(`"entropy":[0-9.]+`).ReplaceAllString(string(s.get(t, path).body), `"entropy":ENTROPY`)
	if got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

func TestSummariesAreItemsInShort(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, v := range as[[]connect.Vault](t, s.get(t, "/v1/vaults")) {
		var list []map[string]json.RawMessage
		if err := json.Unmarshal(s.get(t, "/v1/vaults/"+v.ID+"/items").ok(t).body, &list); err != nil {
			t.Fatal(err)
		}
		for _, summary := range list {
			var full map[string]json.RawMessage
			path := "/v1/vaults/" + v.ID + "/items/" + strings.Trim(string(summary["id"]), `"`)
			if err := json.Unmarshal(s.get(t, path).ok(t).body, &full); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"fields", "sections", "files"} {
				delete(full, name)
			}
			if diff := cmp.Diff(full, summary); diff != "" {
				t.Errorf("%s (-item +summary):\n%s", path, diff)
			}
		}
	}
}

func TestTagsURLsSectionsAndIDs(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	it, _ := s.create(t, d.vault("Office"), `{"title":"t","category":"SERVER","favorite":true,"tags":["b","a","Z","é"],
		"urls":[{"href":"example.com","primary":true},{"href":""},{"href":"https://b.example","label":"b"}],
		"sections":[{"id":"Section_78f13ad938a248779fe4e80279","label":"One"},{"label":"Two"}],
		"fields":[{"id":"mine","label":"a","section":{"id":"Section_78f13ad938a248779fe4e80279"},"value":"1"},
			{"label":"b","type":"concealed","value":"2"},{"label":"c","section":{"id":"later"},"value":"3"},
			{"label":"password","value":"no purpose"}]}`)
	if diff := cmp.Diff([]string{"Z", "a", "b", "é"}, it.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]connect.URL{{Href: "example.com", Primary: true}, {Href: "https://b.example", Label: "b"}}, it.URLs); diff != "" {
		t.Errorf("urls (-want +got):\n%s", diff)
	}
	field := func(label string) connect.Field {
		i := slices.IndexFunc(it.Fields, func(f connect.Field) bool { return f.Label == label })
		if i < 0 {
			t.Fatalf("no field %q in %+v", label, it.Fields)
		}
		return it.Fields[i]
	}
	a := field("a")
	if a.ID != "mine" || a.Section == nil || a.Section.ID != "Section_78f13ad938a248779fe4e80279" || a.Section.Label != "One" {
		t.Errorf("field a is %+v", a)
	}
	if b := field("b"); len(b.ID) != 26 || b.Type != "CONCEALED" || b.Section != nil {
		t.Errorf("field b is %+v", b)
	}
	if c := field("c"); c.Section == nil || c.Section.ID != "later" || !slices.ContainsFunc(it.Sections, func(s connect.Section) bool { return s.ID == "later" }) {
		t.Errorf("field c is %+v, sections %v", c, it.Sections)
	}
	if p := field("password"); p.Purpose != "" || p.Value != "no purpose" {
		t.Errorf("js 108: field password is %+v", p)
	}
}

func TestEmptyMembersAreLeftOut(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	_, path := s.create(t, d.vault("Office"), `{"title":"t","category":"SECURE_NOTE","favorite":false,"tags":[],"urls":[],"sections":[],"fields":[]}`)
	var members map[string]any
	if err := json.Unmarshal(s.get(t, path).body, &members); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"favorite", "tags", "urls", "sections", "files", "additionalInformation", "state", "trashed"} {
		if v, there := members[name]; there {
			t.Errorf("%s is %v", name, v)
		}
	}
	if fields, ok := members["fields"].([]any); !ok || len(fields) == 0 {
		t.Errorf("fields are %v", members["fields"])
	}
}

func TestDatesMonthsAndOneTimeCodes(t *testing.T) {
	t.Parallel()
	now := newClock()
	now.now = time.Unix(59, 0) // RFC 6238, appendix B
	s, d := open(t, connecttest.WithClock(now.Now)), demo(t)
	_, path := s.create(t, d.vault("Office"), `{"title":"t","category":"SERVER","fields":[
		{"id":"d1","type":"DATE","value":"2025-10-02"},{"id":"d2","type":"date","value":"1759363200"},{"id":"d3","type":"DATE"},
		{"id":"m1","type":"MONTH_YEAR","value":"202511"},{"id":"m2","type":"month_year","value":"2025/11"},
		{"id":"o1","type":"OTP","value":"otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8"},
		{"id":"o2","type":"otp","value":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}]}`)
	values := func() map[string]connect.Field {
		all := map[string]connect.Field{}
		for _, f := range s.item(t, path).Fields {
			all[f.ID] = f
		}
		return all
	}
	got := values()
	noon := got["d1"].Value
	if noon != got["d2"].Value && got["d2"].Value != "1759363200" {
		t.Errorf("dates are %q and %q", noon, got["d2"].Value)
	}
	if !regexp.MustCompile(`^\d{10}$`).MatchString(noon) || got["d3"].Value != "" || got["d1"].Type != "DATE" {
		t.Errorf("dates are %+v, %+v", got["d1"], got["d3"])
	}
	if got["m1"].Value != "202511" || got["m2"].Value != "202511" || got["m1"].Type != "MONTH_YEAR" {
		t.Errorf("months are %+v, %+v", got["m1"], got["m2"])
	}
	if got["o1"].TOTP != "94287082" || got["o1"].Type != "OTP" || got["o2"].TOTP != "287082" {
		t.Errorf("codes are %+v, %+v", got["o1"], got["o2"])
	}
	now.advance(time.Second) // the code lives, though the item is remembered
	if next := values(); next["o2"].TOTP == "287082" || len(next["o2"].TOTP) != 6 {
		t.Errorf("a period later the code is %q", next["o2"].TOTP)
	}
	now.now = time.Unix(1111111109, 0)
	if next := values(); next["o1"].TOTP != "07081804" {
		t.Errorf("the code is %q, RFC 6238 says 07081804", next["o1"].TOTP)
	}
	list := string(s.get(t, "/v1/vaults/"+d.vault("Office")+"/items").body)
	if strings.Contains(list, "totp") || strings.Contains(list, "GEZDG") {
		t.Error("the list holds a code or a secret")
	}
	post := func(field string) response {
		return s.send(t, "POST", "/v1/vaults/"+d.vault("Office")+"/items", `{"title":"t","category":"SERVER","fields":[`+field+`]}`)
	}
	for _, bad := range []string{"11/2025", "2025-11", "202513", "202500", "20251", "November"} {
		post(`{"type":"MONTH_YEAR","value":"`+bad+`"}`).refused(t, connect.InvalidMonthYear())
	}
	for _, bad := range []string{"02.10.2025", "2025-02-30", "yesterday", "2025-1-2"} {
		post(`{"type":"DATE","value":"`+bad+`"}`).refused(t, connect.InvalidDate())
	}
	post(`{"type":"TOTP","value":"x"}`).refused(t, connect.ItemInvalid("details.sections[0].fields[0] has unsupported field type: totp"))
}

func TestGenerate(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	for recipe, want := range map[string]string{
		``: `^[A-Za-z0-9!@.\-_*]{32}$`,
		`,"recipe":{"length":30,"characterSets":["LETTERS"]}`:                          `^[A-Za-z]{30}$`,
		`,"recipe":{"length":64,"characterSets":["DIGITS"],"excludeCharacters":"234"}`: `^[0156789]{64}$`,
		`,"recipe":{"length":1}`:    `^.$`,
		`,"recipe":{}`:              `^.{32}$`,
		`,"recipe":null,"value":""`: `^.{32}$`,
		`,"recipe":{"characterSets":[],"excludeCharacters":""}`: `^.{32}$`,
	} {
		it, _ := s.create(t, d.vault("Office"), `{"title":"t","category":"PASSWORD","fields":[{"purpose":"PASSWORD","generate":true`+recipe+`}]}`)
		i := slices.IndexFunc(it.Fields, func(f connect.Field) bool { return f.Purpose == "PASSWORD" })
		f := it.Fields[i]
		if !regexp.MustCompile(want).MatchString(f.Value) {
			t.Errorf("%s: generated %q", recipe, f.Value)
		}
		if f.Entropy <= 0 || math.IsInf(f.Entropy, 0) {
			t.Errorf("%s: entropy %v", recipe, f.Entropy)
		}
	}
	// PUT: generate makes a new one, without it the value is kept.
	it, path := s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD","generate":true}]}`)
	kept := as[connect.Item](t, s.send(t, "PUT", path, it))
	if kept.Fields[1].Value != it.Fields[1].Value || kept.Fields[1].Entropy != it.Fields[1].Entropy {
		t.Errorf("password was %+v, after a PUT it is %+v", it.Fields[1], kept.Fields[1])
	}
	put := `{"title":"t","category":"LOGIN","vault":{"id":"` + d.vault("Office") + `"},"fields":[{"id":"password","purpose":"PASSWORD","generate":true}]}`
	if again := as[connect.Item](t, s.send(t, "PUT", path, put)); again.Fields[1].Value == it.Fields[1].Value || len(again.Fields[1].Value) != 32 {
		t.Errorf("regenerated to %+v", again.Fields[1])
	}
}

func TestRecordedRefusals(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	post := func(body string) response {
		return s.send(t, "POST", "/v1/vaults/"+d.vault("Office")+"/items", body)
	}
	post(`{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD"},{"purpose":"PASSWORD"}]}`).refused(t, &connect.Error{Status: 400,
		Message: `Logic: (Unable to parse Item), Validation: (too many "password" fields in Apply()), You can only use one "password" field.`})
	post(`{"title":"t","category":"LOGIN","sections":[{"id":"s"}],"fields":[{"type":"totp","value":"x","section":{"id":"s"}}]}`).refused(t, &connect.Error{Status: 400,
		Message: "Validation: (validateVaultItem failed to Validate), Couldn't validate the item: \"[ItemValidator] has found 1 errors, 0 warnings: \\nErrors:{1. details.sections[1].fields[0] has unsupported field type: totp}\""})
	for _, purpose := range []string{"USERNAME", "PASSWORD"} {
		post(`{"title":"t","category":"DATABASE","fields":[{"purpose":"`+purpose+`","value":"x"}]}`).refused(t, connect.PurposeNotAcceptable("DATABASE", purpose))
	}
}

// The versions that terraform counts on, and what writes do to the vault.
func TestWritesCount(t *testing.T) {
	t.Parallel()
	now := newClock()
	s, d := open(t, connecttest.WithClock(now.Now)), demo(t)
	id := d.vault("Office")
	before := s.vault(t, id)
	expect := func(what string, writes, items int, moved bool) {
		t.Helper()
		v := s.vault(t, id)
		if v.ContentVersion != before.ContentVersion+writes || v.Items != before.Items+items || v.AttributeVersion != 1 {
			t.Errorf("%s: vault was %+v, is %+v", what, before, v)
		}
		if v.UpdatedAt.Equal(now.Now()) != moved {
			t.Errorf("%s: vault updated at %s, the clock says %s", what, v.UpdatedAt, now.Now())
		}
		if !v.CreatedAt.Equal(before.CreatedAt.Time) {
			t.Errorf("%s: vault created at %s", what, v.CreatedAt)
		}
	}
	now.advance(time.Minute)
	it, path := s.create(t, id, `{"title":"t","category":"LOGIN"}`)
	created := it.CreatedAt
	expect("create", 1, 1, true)
	version := func(what string, answered, answeredWant, want int, moved bool) {
		t.Helper()
		got := s.item(t, path)
		if answered != answeredWant || got.Version != want {
			t.Errorf("%s: answered version %d, then %d; want %d, then %d", what, answered, got.Version, answeredWant, want)
		}
		if got.UpdatedAt.Equal(now.Now()) != moved || !got.CreatedAt.Equal(created.Time) {
			t.Errorf("%s: updated at %s, created at %s", what, got.UpdatedAt, got.CreatedAt)
		}
	}
	version("create", it.Version, 1, 1, true)
	now.advance(time.Minute)
	it = as[connect.Item](t, s.send(t, "PUT", path, it))
	version("put", it.Version, 1, 2, true)
	expect("put", 2, 1, true)
	now.advance(time.Minute)
	it = as[connect.Item](t, s.send(t, "PUT", path, it)) // with the old version in it
	version("second put", it.Version, 2, 3, true)
	now.advance(time.Minute)
	it = as[connect.Item](t, s.send(t, "PATCH", path, `[{"op":"replace","path":"/favorite","value":true}]`))
	version("patch", it.Version, 3, 4, true)
	expect("patch", 4, 1, true)
	now.advance(time.Minute)
	it = as[connect.Item](t, s.send(t, "PATCH", path, `[]`))
	version("patch of nothing", it.Version, 4, 4, false)
	expect("patch of nothing", 4, 1, false)
	s.send(t, "PUT", path, `{"title":"t","category":"SERVER","vault":{"id":"`+id+`"}}`).refused(t, connect.CategoryChanged())
	s.send(t, "PATCH", path, `[{"op":"remove","path":"/nothing"}]`).is(t, 400)
	s.send(t, "POST", "/v1/vaults/"+id+"/items", `{"title":"t","category":"CUSTOM"}`).is(t, 400)
	s.send(t, "DELETE", "/v1/vaults/"+id+"/items/"+noItem, nil).refused(t, connect.ItemNotFound(noItem))
	version("refused writes", 0, 0, 4, false)
	expect("refused writes", 4, 1, false)
	now.advance(time.Minute)
	s.send(t, "DELETE", path, nil).is(t, 204)
	expect("delete", 5, 0, true)
	s.get(t, path).refused(t, connect.ItemNotFound(it.ID))
	s.send(t, "DELETE", path, nil).refused(t, connect.ItemNotFound(it.ID))
	expect("second delete", 5, 0, true)
}

func TestDeleteAnswersNothing(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	a := s.send(t, "DELETE", d.path("Office", "Time Tracker"), nil).is(t, 204)
	if len(a.body) > 0 || a.header.Get("Content-Type") != "" || a.header.Get("Content-Length") != "" {
		t.Errorf("answered %v, %q", a.header, a.body)
	}
}

func TestItemFilters(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	const own = `/v1/vaults/`
	base := own + d.vault("Deployments") + "/items"
	titles := func(query string) string {
		var titles []string
		for _, it := range as[[]connect.Summary](t, s.get(t, base+query)) {
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
		if got := titles(query); got != want {
			t.Errorf("%s: found %s, want %s", query, got, want)
		}
	}
	if got := string(s.get(t, base+`?filter=title+eq+%22nothing%22`).body); got != "[]" {
		t.Errorf("nothing found is %s", got)
	}
	for _, filter := range []string{`title eq 'x'`, `name eq "x"`, `id eq "x"`, `title eq "x`, `title`, `fields.value eq "` + canary + `"`, canary} {
		e := s.get(t, base+"?filter="+url.QueryEscape(filter)).refusal(t)
		if e.Status != 400 || strings.Contains(e.Message, canary) {
			t.Errorf("%s: answered %v", filter, &e)
		}
	}
}

func TestItemsOfAnotherVaultAreNotFound(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	path := d.path("Office", "Time Tracker")
	id := path[strings.LastIndex(path, "/")+1:]
	elsewhere := "/v1/vaults/" + d.vault("Deployments") + "/items/" + id
	s.get(t, path).ok(t) // so that it is remembered
	s.get(t, elsewhere).refused(t, connect.ItemNotFound(id))
	s.get(t, elsewhere+"/files").refused(t, connect.ItemNotFound(id))
	s.send(t, "PUT", elsewhere, `{"title":"x","category":"LOGIN","vault":{"id":"`+d.vault("Deployments")+`"}}`).refused(t, connect.ItemNotFound(id))
	s.send(t, "PATCH", elsewhere, `[]`).refused(t, connect.ItemNotFound(id))
	s.send(t, "DELETE", elsewhere, nil).refused(t, connect.ItemNotFound(id))
	s.get(t, path).ok(t)
}

func TestReplace(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	vault, path := d.vault("Office"), d.path("Office", "Time Tracker")
	id := path[strings.LastIndex(path, "/")+1:]
	put := func(body string) response { return s.send(t, "PUT", path, body) }
	// LOGIN with no fields: the standard ones are back, empty.
	it := as[connect.Item](t, put(`{"title":"t","category":"LOGIN","vault":{"id":"`+vault+`"}}`))
	if len(it.Fields) != 3 || it.Fields[0].ID != "username" || it.Fields[0].Value != "" || it.Favorite || it.Tags != nil || it.URLs != nil || it.Sections != nil {
		t.Errorf("replaced by %+v", it)
	}
	put(`{"id":"` + id + `","title":"t","category":"LOGIN","vault":{"id":"` + vault + `"}}`).ok(t)
	put(`{"id":"","title":"t","category":"LOGIN","vault":{"id":"` + vault + `"}}`).ok(t)
	put(`{"id":"`+noItem+`","title":"t","category":"LOGIN","vault":{"id":"`+vault+`"}}`).refused(t, connect.ItemMismatch("id"))
	put(`{"title":"t","category":"LOGIN","vault":{"id":"`+noVault+`"}}`).refused(t, connect.ItemMismatch("vault.id"))
	if e := put(`{"title":"t","category":"LOGIN"}`).refusal(t); e.Status != 400 || !strings.Contains(e.Message, "vault") {
		t.Errorf("without a vault: answered %v", &e) // js 122
	}
	put(`{"title":"t","category":"SERVER","vault":{"id":"`+vault+`"}}`).refused(t, connect.CategoryChanged())
	s.send(t, "PUT", "/v1/vaults/"+vault+"/items/"+noItem, `{"title":"t","category":"LOGIN","vault":{"id":"`+vault+`"}}`).refused(t, connect.ItemNotFound(noItem))
	// A DOCUMENT can be updated (1.7.2) and keeps its files.
	doc := s.item(t, d.path("Office", "Rental Contract"))
	doc.Title = "Old Contract"
	s.send(t, "PUT", d.path("Office", "Rental Contract"), doc).ok(t)
	if got := s.item(t, d.path("Office", "Rental Contract")); len(got.Files) != 3 || got.Title != "Old Contract" {
		t.Errorf("after a PUT the document is %+v", got)
	}
	s.get(t, d.file("Office", "Rental Contract", "floor plan.png")+"/content").ok(t)
}
