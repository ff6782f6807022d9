package mockserver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// versionQuirkTests returns the tests of the quirks of older versions.
func versionQuirkTests() map[string]quirkTest {
	return map[string]quirkTest{
		"delete": {func(t *testing.T, s *testServer, d demoData) string {
			vault, path := d.vault("Deployments"), d.path("Deployments", "Deploy Certificates")
			before := s.vault(t, vault).Items
			s.send(t, "DELETE", path, nil).wantStatus(t, 204)
			listed := len(s.list(t, "/v1/vaults/"+vault+"/items"))
			got := fmt.Sprint(before-s.vault(t, vault).Items, " less, ", before-listed, " fewer in the list, ")
			read := s.get(t, path)
			got += fmt.Sprint(read.status, " ", strings.Contains(string(read.body), `"trashed":true`), ", file ",
				s.get(t, d.file("Deployments", "Deploy Certificates", "chain.pem")+"/content").status)
			for _, change := range []call{{"PATCH", path, `[]`}, {"DELETE", path, ""}} {
				got += fmt.Sprint(", ", change.method, " ", s.call(t, change).status)
			}
			return got
		}, map[string]string{
			"permanent": "1 less, 1 fewer in the list, 404 false, file 404, PATCH 404, DELETE 404",
			"trash":     "1 less, 1 fewer in the list, 200 true, file 200, PATCH 404, DELETE 404",
		}},

		"health-account-data": {func(t *testing.T, s *testServer, _ demoData) string {
			return strings.Join(s.healthStates(t), ", ")
		}, map[string]string{
			"listed": "sqlite ACTIVE, account_data NOT_SYNCED, sync ACTIVE, 1Password UNINITIALIZED",
			"absent": "sqlite ACTIVE, sync ACTIVE, 1Password UNINITIALIZED",
		}},

		"health-token": {func(t *testing.T, s *testServer, _ demoData) string {
			s.get(t, "/health", token(s.Token)).wantOK(t)
			waiting := slices.Contains(s.healthStates(t), "1Password UNINITIALIZED")
			s.get(t, "/v1/vaults").wantOK(t)
			return fmt.Sprint(waiting, " ", slices.Contains(s.healthStates(t), "1Password UNINITIALIZED"))
		}, map[string]string{"initializes": "false false", "ignored": "true false"}},

		"api-credential": {func(t *testing.T, s *testServer, d demoData) string {
			vault, path := "/v1/vaults/"+d.vault("Deployments"), d.path("Deployments", "Mail Relay API")
			it := s.item(t, path)
			list := s.list(t, vault+`/items?filter=title+eq+%22Mail+Relay+API%22`)
			put := decode[connect.Item](t, s.send(t, "PUT", path, it)) // as it was read
			it.Category = "CUSTOM"
			return fmt.Sprint(s.item(t, path).Category, " ", list[0].Category, " ", put.Category, " ",
				s.send(t, "PUT", path, it).status, " ",
				s.send(t, "POST", vault+"/items", `{"title":"t","category":"API_CREDENTIAL"}`).status)
		}, map[string]string{
			"known":   "API_CREDENTIAL API_CREDENTIAL API_CREDENTIAL 400 200",
			"unknown": "CUSTOM CUSTOM CUSTOM 200 400",
		}},

		"password-history": {func(t *testing.T, s *testServer, d demoData) string {
			_, path := s.create(t, d.vault("Office"),
				`{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"one"}]}`)
			for _, next := range []string{"two", "three"} {
				s.send(t, "PATCH", path, `[{"op":"replace","path":"/fields/password/value","value":"`+next+`"}]`).wantOK(t)
			}
			password := field(t, s.item(t, path), "PASSWORD")
			if password.PasswordDetails == nil {
				return "none"
			}
			return strings.Join(password.PasswordDetails.History, " ")
		}, map[string]string{"updated": "two one", "unchanged": "none"}},

		"uncreatable-text": {func(t *testing.T, s *testServer, d demoData) string {
			var explained []string
			for _, category := range []string{"CUSTOM", "DOCUMENT"} {
				created := s.send(t, "POST", d.items("Office"), `{"title":"t","category":"`+category+`"}`)
				e := created.apiError(t)
				if e.Status != 400 {
					t.Errorf("creating a %s: got %v", category, &e)
				}
				if e.Message != connect.InvalidCategory().Message {
					explained = append(explained, category)
				}
			}
			return strings.Join(explained, " ")
		}, map[string]string{"all": "CUSTOM DOCUMENT", "custom-only": "CUSTOM", "none": ""}},

		"file-routes": {func(t *testing.T, s *testServer, d demoData) string {
			path, file := d.path("Deployments", "Deploy Certificates"), d.file("Deployments", "Deploy Certificates", "chain.pem")
			o, err := s.Mock.Status(t.Context())
			statuses := fmt.Sprint(s.get(t, path+"/files").status, " ", s.get(t, file).status)
			return fmt.Sprint(statuses, " ", s.get(t, file+"/content").status, " ", len(s.item(t, path).Files), " files, ",
				len(o.Operations), " operations ", err)
		}, map[string]string{
			"served": "200 200 200 3 files, 15 operations <nil>",
			"absent": "404 404 404 0 files, 12 operations <nil>",
		}},

		"file-item-update": {func(t *testing.T, s *testServer, d demoData) string {
			document, login := d.path("Deployments", "Deploy Certificates"), d.path("Ada's Own", "Old Forum")
			if len(s.item(t, login).Files) == 0 {
				t.Error("the login of this test has no file")
			}
			var got []string
			for _, path := range []string{document, login} {
				put := s.send(t, "PUT", path, s.item(t, path))
				patch := s.send(t, "PATCH", path, `[{"op":"replace","path":"/favorite","value":true}]`)
				for _, a := range []response{put, patch} {
					if a.status == 400 {
						a.wantError(t, connect.DocumentNotUpdatable())
					}
					got = append(got, fmt.Sprint(a.status))
				}
			}
			return strings.Join(got, " ")
		}, map[string]string{
			"accepted": "200 200 200 200", "document-refused": "400 400 200 200", "refused": "400 400 400 400",
		}},

		"exclude-characters": {func(t *testing.T, s *testServer, d demoData) string {
			return fmt.Sprint(s.createGenerated(t, d, `"characterSets":["DIGITS"],"excludeCharacters":"0123456789"`).status)
		}, map[string]string{"honoured": "400", "ignored": "200"}},

		"totp-code": {func(t *testing.T, s *testServer, d demoData) string {
			created, path := s.create(t, d.vault("Office"),
				`{"title":"t","category":"LOGIN","fields":[{"type":"OTP","value":"JBSWY3DPEHPK3PXP"}]}`)
			var codes []string
			for _, it := range []connect.Item{created, s.item(t, path), s.item(t, d.path("Office", "Time Tracker"))} {
				codes = append(codes, fmt.Sprint(len(field(t, it, "OTP").TOTP)))
			}
			return strings.Join(codes, " ")
		}, map[string]string{"sent": "6 6 6", "absent": "0 0 0"}},

		"standard-labels": {func(t *testing.T, s *testServer, d demoData) string {
			created, _ := s.create(t, d.vault("Office"),
				`{"title":"t","category":"LOGIN","fields":[{"purpose":"USERNAME","label":"who","value":"u"}]}`)
			var labels []string
			for _, it := range []connect.Item{created, s.item(t, d.path("Office", "Time Tracker"))} {
				for _, f := range it.Fields {
					if f.Purpose != "" {
						labels = append(labels, f.Purpose+" "+f.Label)
					}
				}
			}
			return strings.Join(labels, ", ")
		}, map[string]string{
			"set":   "USERNAME who, PASSWORD password, NOTES notesPlain, USERNAME username, PASSWORD password, NOTES notesPlain",
			"empty": "USERNAME who, PASSWORD , NOTES notesPlain, USERNAME , PASSWORD , NOTES notesPlain",
		}},

		"date-validation": {func(t *testing.T, s *testServer, d demoData) string {
			var got []string
			for _, f := range []string{`"type":"DATE","value":"soon"`, `"type":"MONTH_YEAR","value":"13/2026"`,
				`"type":"DATE","value":"1970-01-02"`} {
				a := s.send(t, "POST", d.items("Office"), `{"title":"t","category":"SERVER","fields":[{"id":"d",`+f+`}]}`)
				value := fmt.Sprint(a.status)
				if a.status == 200 {
					value = field(t, decode[connect.Item](t, a), "d").Value
				}
				got = append(got, value)
			}
			return strings.Join(got, " ")
		}, map[string]string{"checked": "400 400 86400", "unchecked": "soon 13/2026 86400"}},

		"single-quote": {func(t *testing.T, s *testServer, d demoData) string {
			var got []string
			for _, path := range []string{"/v1/vaults", d.items("Office")} {
				for _, filter := range []string{`title+eq+'x'`, `title+eq+%22it's%22`, `title+eq`} {
					got = append(got, fmt.Sprint(s.get(t, path+"?filter="+filter).status))
				}
			}
			return strings.Join(got, " ")
		}, map[string]string{"400": "400 200 400 400 200 400", "500": "500 200 400 500 200 400"}},

		"key-case": {observeKeyCase, map[string]string{
			"camel": "attributeVersion, additionalInformation, lastEditedBy, lastEditedBy, content_path, requestId, requestIp, 400, 200",
			"snake": "attribute_version, additional_information, last_edited_by, last_edited_by, content_path, request_id, request_ip, 200, 400",
		}},

		"file-id": {func(t *testing.T, s *testServer, d demoData) string {
			path := d.path("Deployments", "Deploy Certificates")
			files := s.item(t, path).Files
			list := decode[[]connect.File](t, s.get(t, path+"/files"))
			if !slices.EqualFunc(list, files, func(a, b connect.File) bool { return a.ID == b.ID }) {
				t.Errorf("the item has files %v, the list %v", files, list)
			}
			var got []string
			for _, f := range files {
				right := path + "/files/" + f.ID + "/content"
				s.get(t, f.ContentPath).wantOK(t)
				got = append(got, fmt.Sprint(right == f.ContentPath, " ", f.Name != "", " ", s.get(t, right).status))
			}
			return strings.Join(got, ", ")
		}, map[string]string{"file": "true true 200, true true 200, true true 200", "field": "true true 200, false false 404, false false 404"}},

		"patch-write-only": {func(t *testing.T, s *testServer, d demoData) string {
			writer := token(s.NewToken(t, controlapi.Token{Name: "w", Permission: "write"}))
			path := d.path("Office", "Time Tracker")
			return fmt.Sprint(s.send(t, "PATCH", path, `[]`, writer).status, " ", s.get(t, path, writer).status)
		}, map[string]string{"refused": "403 403", "answered": "200 403"}},

		"address-type": {func(t *testing.T, s *testServer, d demoData) string {
			path := d.path("Ada's Own", "Ada Byron")
			kind := func(it connect.Item) string { return field(t, it, "address").Type }
			patched := decode[connect.Item](t, s.send(t, "PATCH", path, `[{"op":"replace","path":"/favorite","value":true}]`))
			created := s.send(t, "POST", d.items("Office"),
				`{"title":"t","category":"SERVER","fields":[{"id":"a","type":"address","value":"1 High Street"}]}`)
			return fmt.Sprint(kind(s.item(t, path)), " ", kind(patched), " ", created.status)
		}, map[string]string{"known": "ADDRESS ADDRESS 200", "unknown": "UNKNOWN UNKNOWN 400"}},
	}
}

// observeKeyCase returns a key of each kind of response, and the statuses of recipes
// in camelCase and in snake_case.
func observeKeyCase(t *testing.T, s *testServer, d demoData) string {
	vault, item := "/v1/vaults/"+d.vault("Office"), d.path("Office", "Time Tracker")
	var got []string
	for _, look := range []struct{ path, camel, snake string }{
		{vault, "attributeVersion", "attribute_version"},
		{item, "additionalInformation", "additional_information"},
		{item, "lastEditedBy", "last_edited_by"},
		{vault + "/items", "lastEditedBy", "last_edited_by"},
		{d.path("Deployments", "Deploy Certificates") + "/files", "content_path", "contentPath"},
		{"/v1/activity", "requestId", "request_id"},
		{"/v1/activity", "requestIp", "request_ip"},
	} {
		body := string(s.get(t, look.path).wantOK(t).body)
		camel, snake := strings.Contains(body, `"`+look.camel+`":`), strings.Contains(body, `"`+look.snake+`":`)
		switch {
		case camel == snake:
			t.Errorf("%s has %s: %t, %s: %t", look.path, look.camel, camel, look.snake, snake)
		case camel:
			got = append(got, look.camel)
		default:
			got = append(got, look.snake)
		}
	}
	// A recipe without characters is refused if its members are known.
	for _, recipe := range []string{
		`"characterSets":["DIGITS"],"excludeCharacters":"0123456789"`, `"character_sets":["DIGITS"],"exclude_characters":"0123456789"`,
	} {
		got = append(got, fmt.Sprint(s.createGenerated(t, d, recipe).status))
	}
	return strings.Join(got, ", ")
}

// createGenerated creates an item with a password that follows a recipe.
func (r *testServer) createGenerated(t tb, d demoData, recipe string) response {
	t.Helper()
	return r.send(t, "POST", d.items("Office"),
		`{"title":"t","category":"PASSWORD","fields":[{"purpose":"PASSWORD","generate":true,"recipe":{`+recipe+`}}]}`)
}
