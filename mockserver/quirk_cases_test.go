package mockserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// quirkTests returns the tests of all quirks by name.
func quirkTests() map[string]quirkTest {
	all := versionQuirkTests()
	maps.Copy(all, map[string]quirkTest{
		"put-version": {func(t *testing.T, s *testServer, d demoData) string {
			it, path := s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN"}`)
			put := decode[connect.Item](t, s.send(t, "PUT", path, it))
			return fmt.Sprint(put.Version, " then ", s.item(t, path).Version)
		}, map[string]string{"old": "1 then 2", "new": "2 then 2"}},

		"patch-version": {func(t *testing.T, s *testServer, d demoData) string {
			_, path := s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN"}`)
			patch := decode[connect.Item](t, s.send(t, "PATCH", path, `[{"op":"replace","path":"/title","value":"u"}]`))
			none := decode[connect.Item](t, s.send(t, "PATCH", path, `[]`))
			return fmt.Sprint(patch.Version, " then ", none.Version, " then ", s.item(t, path).Version)
		}, map[string]string{"old": "1 then 2 then 2", "new": "2 then 2 then 2"}},

		"unknown-vault": {func(t *testing.T, s *testServer, d demoData) string {
			vault := "/v1/vaults/" + noVault
			statuses := []int{
				s.get(t, vault).status, s.get(t, vault+"/items").status, s.get(t, vault+"/items/"+noItem).status,
				s.send(t, "POST", vault+"/items", `{"title":"t","category":"LOGIN"}`).status,
				s.send(t, "DELETE", vault+"/items/"+noItem, nil).status,
				s.get(t, vault+"/items/"+noItem+"/files").status,
			}
			// A vault that exists outside the token's scope stays 403.
			outside := s.get(t, "/v1/vaults/"+d.vault("Office"), token(s.demoToken(t, "one-vault"))).status
			return fmt.Sprint(statuses, s.get(t, vault).apiError(t).Message, " ", outside)
		}, map[string]string{
			"403": "[403 403 403 403 403 403]Authorization: token does not have access to vault " + noVault + " 403",
			"404": "[404 404 404 404 404 404]vault " + noVault + " not found 403",
		}},

		"vault-name-match": {func(t *testing.T, s *testServer, d demoData) string {
			return vaultNames(t, s.get(t, `/v1/vaults?filter=title+eq+%22office%22`)) + "," +
				vaultNames(t, s.get(t, `/v1/vaults?filter=name+co+%22OFF%22`)) + "," +
				vaultNames(t, s.get(t, `/v1/vaults?filter=title+eq+%22Office%22`))
		}, map[string]string{"insensitive": "Office,Office,Office", "sensitive": ",,Office"}},

		"item-title-match": {func(t *testing.T, s *testServer, d demoData) string {
			count := func(filter string) int {
				return len(s.list(t, d.items("Deployments")+"?filter="+filter))
			}
			return fmt.Sprint(count(`title+eq+%22DEPLOY+key%22`), count(`title+co+%22dePLOY%22`),
				count(`tag+eq+%22Production%22`),
				count(`title+eq+%22Deploy+Key%22`), count(`title+co+%22Deploy%22`), count(`tag+eq+%22production%22`))
		}, map[string]string{"insensitive": "1 2 2 1 2 2", "sensitive": "0 0 0 1 2 2"}},

		"delete-check": {func(t *testing.T, s *testServer, d demoData) string {
			var all []string
			for _, value := range []string{s.Token, s.demoToken(t, "one-vault")} {
				all = append(all, s.send(t, "DELETE", "/v1/vaults/fake/items/fake", nil, token(value)).apiError(t).Message)
			}
			s.send(t, "DELETE", d.items("Office")+"/fake", nil).wantError(t, connect.InvalidItemUUID())
			s.get(t, "/v1/vaults/fake/items/fake").wantError(t, connect.InvalidVaultUUID())
			return strings.Join(all, ", ")
		}, map[string]string{
			"address-first": "Invalid Vault UUID, Invalid Vault UUID",
			"scope-first":   "Authorization: token does not have access to vault fake, Authorization: token does not have access to vault fake",
		}},

		"error-texts": {func(t *testing.T, s *testServer, d demoData) string {
			return s.get(t, "/v1/vaults", token("x")).apiError(t).Message + ", " +
				s.get(t, "/v1/vaults/"+noVault).apiError(t).Message
		}, map[string]string{
			"observed":   "Invalid bearer token, Authorization: token does not have access to vault " + noVault,
			"documented": "Invalid token signature, vault " + noVault + " is not in scope",
		}},

		"write-denied": {func(t *testing.T, s *testServer, d demoData) string {
			reader, texts := token(s.demoToken(t, "read-only")), map[string]bool{}
			for id, verb := range map[string]string{"CreateVaultItem": "create", "UpdateVaultItem": "update",
				"PatchVaultItem": "update", "DeleteVaultItem": "delete"} {
				e := s.call(t, securedCalls(d)[id], reader).apiError(t)
				texts[fmt.Sprint(e.Status, " ", strings.Replace(e.Message, " "+verb+" ", " VERB ", 1))] = true
			}
			// A denied read is always a 403.
			writer := token(s.NewToken(t, controlapi.Token{Name: "w", Permission: "write"}))
			s.get(t, "/v1/vaults/"+d.vault("Deployments"), writer).wantStatus(t, 403)
			s.call(t, securedCalls(d)["PatchVaultItem"], writer).wantStatus(t, 403)
			return fmt.Sprint(texts)
		}, map[string]string{
			"403": fmt.Sprint(map[string]bool{"403 Authorization: token does not have permission to perform VERB on vault " +
				"VAULT": true}),
			"401": fmt.Sprint(map[string]bool{"401 Unauthorized Request, token does not have write access to the Vault": true}),
		}},

		"actor-ip": {func(t *testing.T, s *testServer, d demoData) string {
			return memberNames(t, s.get(t, "/v1/activity?limit=1"), "actor")
		}, map[string]string{
			"both": "account id ip jti requestIp userAgent", "ip": "account id ip jti userAgent", "requestIp": "account id jti requestIp userAgent",
		}},

		"content-path": {func(t *testing.T, s *testServer, d demoData) string {
			file := d.file("Deployments", "Deploy Certificates", "chain.pem")
			item := d.path("Deployments", "Deploy Certificates")
			var paths []string
			member := regexp.MustCompile(`"(content_?[pP]ath)":"([^"]*)"`)
			for _, a := range []response{s.get(t, file), s.get(t, item+"/files"), s.get(t, item),
				s.send(t, "PATCH", item, `[]`), s.get(t, item)} {
				found := member.FindSubmatch(a.wantOK(t).body)
				if found == nil {
					t.Fatalf("%s: no content path: %s", a.request, a.body)
				}
				s.get(t, "/"+strings.TrimPrefix(string(found[2]), "/")).wantOK(t)
				paths = append(paths, string(found[1])+" "+string(found[2][:3]))
			}
			return strings.Join(slices.Compact(paths), ", ")
		}, map[string]string{"slash": "content_path /v1", "bare": "content_path v1/", "camel": "contentPath /v1"}},

		"ssh-key-type": {func(t *testing.T, s *testServer, d demoData) string {
			kind := func(it connect.Item) string { return field(t, it, "private_key").Type }
			created, path := s.create(t, d.vault("Office"),
				`{"title":"t","category":"SSH_KEY","fields":[{"id":"private_key","type":"SSHKEY","value":"x"}]}`)
			inFixture := d.path("Deployments", "Deploy Key")
			before := kind(s.item(t, inFixture))
			s.send(t, "PUT", inFixture, s.item(t, inFixture)).wantOK(t)
			return kind(created) + " " + kind(s.item(t, path)) + ", " + before + " " + kind(s.item(t, inFixture))
		}, map[string]string{"string": "STRING STRING, SSHKEY STRING", "kept": "SSHKEY SSHKEY, SSHKEY SSHKEY"}},

		"date-output": {func(t *testing.T, s *testServer, d demoData) string {
			value := func(it connect.Item, id string) string { return field(t, it, id).Value }
			created, path := s.create(t, d.vault("Office"),
				`{"title":"t","category":"SERVER","fields":[{"id":"d","type":"DATE","value":"2025-10-02"}]}`)
			s.send(t, "PUT", path, created).wantOK(t)
			digits := regexp.MustCompile(`^-?\d{9,10}$`)
			return digits.ReplaceAllString(value(created, "d"), "seconds") + " " +
				digits.ReplaceAllString(value(s.item(t, path), "d"), "seconds") + " " +
				digits.ReplaceAllString(value(s.item(t, d.path("Ada's Own", "Vaccination")), "date"), "seconds")
		}, map[string]string{"seconds": "seconds seconds seconds", "iso": "2025-10-02 2025-10-02 2025-10-02"}},

		"date-zone": {func(t *testing.T, s *testServer, d demoData) string {
			value := func(it connect.Item) string { return field(t, it, "d").Value }
			created, path := s.create(t, d.vault("Office"),
				`{"title":"t","category":"SERVER","fields":[{"id":"d","type":"DATE","value":"2025-10-02"}]}`)
			s.send(t, "PATCH", path, `[{"op":"replace","path":"/fields/d/value","value":"2025-01-02"}]`).wantOK(t)
			return value(created) + " " + value(s.item(t, path))
		}, map[string]string{"UTC": "1759363200 1735776000", "America/New_York": "1759377600 1735794000"}},

		"password-field": {func(t *testing.T, s *testServer, d demoData) string {
			items := d.items("Office")
			_, path := s.create(t, d.vault("Office"),
				`{"title":"t","category":"PASSWORD","fields":[{"purpose":"PASSWORD","value":"p"}]}`)
			bare := `{"title":"t","category":"PASSWORD","vault":{"id":"` + d.vault("Office") +
				`"},"fields":[{"label":"password","type":"CONCEALED","value":"p"}]}`
			statuses := []int{
				s.send(t, "POST", items, bare).status, s.send(t, "PUT", path, bare).status,
				s.send(t, "PATCH", path, `[{"op":"replace","path":"/","value":`+bare+`}]`).status,
				s.send(t, "PATCH", path, `[{"op":"remove","path":"/fields/password"}]`).status,
			}
			s.create(t, d.vault("Office"), `{"title":"t","category":"PASSWORD","fields":[{"id":"password"}]}`)
			s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN"}`)
			return fmt.Sprint(statuses)
		}, map[string]string{"optional": "[200 200 200 200]", "required": "[400 400 400 400]"}},

		"password-details": {func(t *testing.T, s *testServer, d demoData) string {
			details := func(it connect.Item) string {
				encoded, err := json.Marshal(field(t, it, "PASSWORD").PasswordDetails)
				must(t, err)
				return string(encoded)
			}
			created, path := s.create(t, d.vault("Office"),
				`{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD","generate":true,"recipe":{"length":5,"characterSets":["DIGITS"]}}]}`)
			patched := decode[connect.Item](t, s.send(t, "PATCH", path,
				`[{"op":"replace","path":"/fields/password/value","value":"secret"}]`))
			if details(s.item(t, path)) != details(patched) {
				t.Errorf("read %s, written %s", details(s.item(t, path)), details(patched))
			}
			old := created.Fields[1].Value
			typed, _ := s.create(t, d.vault("Office"),
				`{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"secret"}]}`)
			return details(created) + " " + strings.ReplaceAll(details(patched), old, "OLD") + " " + details(typed)
		}, map[string]string{
			"generated": `{"entropy":14,"generated":true,"strength":"TERRIBLE"} {"history":["OLD"]} null`,
			"all": `{"entropy":14,"generated":true,"strength":"TERRIBLE"} {"entropy":28,"history":["OLD"],"strength":"WEAK"} ` +
				`{"entropy":28,"strength":"WEAK"}`,
			"none": `null null null`,
		}},

		"template-fields": {func(t *testing.T, s *testServer, d demoData) string {
			created, path := s.create(t, d.vault("Office"),
				`{"title":"t","category":"SERVER","sections":[{}],"fields":[{"id":"mine","label":"mine","value":"v"}]}`)
			s.send(t, "PATCH", path, `[{"op":"remove","path":"/fields/mine"}]`).wantOK(t)
			empty := s.item(t, path)
			section := "with an id"
			if empty.Sections[0] == (connect.Section{}) {
				section = "{}"
			}
			login, _ := s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN"}`)
			return fmt.Sprint(len(created.Fields) == 1, len(empty.Fields) == 0, len(login.Fields), " ", section)
		}, map[string]string{"all": "false false 3 with an id", "login-only": "true true 3 {}"}},

		"empty-members": {func(t *testing.T, s *testServer, d demoData) string {
			created := s.send(t, "POST", d.items("Office"), `{"title":"bare","category":"SECURE_NOTE"}`)
			path := d.items("Office") + "/" + decode[connect.Item](t, created).ID
			list := s.get(t, "/v1/vaults/"+d.vault("Office")+`/items?filter=title+eq+%22bare%22`)
			put := s.send(t, "PUT", path, decode[connect.Item](t, created))
			if memberNames(t, created, "") != memberNames(t, s.get(t, path), "") ||
				memberNames(t, created, "") != memberNames(t, put, "") {
				t.Errorf("created with %s, read with %s", memberNames(t, created, ""), memberNames(t, s.get(t, path), ""))
			}
			return memberNames(t, created, "") + ", " + memberNames(t, list, "")
		}, map[string]string{
			"omitted": "category createdAt fields id lastEditedBy title updatedAt vault version, category createdAt id lastEditedBy title updatedAt vault version",
			"arrays":  "category createdAt fields files id lastEditedBy sections tags title updatedAt urls vault version, category createdAt id lastEditedBy tags title updatedAt urls vault version",
		}},

		"write-timestamps": {func(t *testing.T, s *testServer, d demoData) string {
			created := s.send(t, "POST", d.items("Office"), `{"title":"t","category":"LOGIN"}`)
			path := d.items("Office") + "/" + decode[connect.Item](t, created).ID
			put := s.send(t, "PUT", path, decode[connect.Item](t, created))
			if !bytes.Contains(s.get(t, path).body, []byte(`"updatedAt":"2026-05-01T12:00:00Z"`)) {
				t.Errorf("read: %s", s.get(t, path).body)
			}
			date := regexp.MustCompile(`"(created|updated)At":"([^"]*)"`)
			return date.FindStringSubmatch(string(created.body))[2] + " " + date.FindAllStringSubmatch(string(put.body), 2)[1][2]
		}, map[string]string{
			"seconds":     "2026-05-01T12:00:00Z 2026-05-01T12:00:00Z",
			"nanoseconds": "2026-05-01T12:00:00.123456789Z 2026-05-01T12:00:00.123456789Z",
		}},

		"version-header": {func(t *testing.T, s *testServer, d demoData) string {
			var all []string
			for _, a := range []response{s.get(t, "/v1/vaults"), s.get(t, "/nowhere"), s.get(t, "/heartbeat"),
				s.get(t, "/v1/vaults", token("x")), s.send(t, "OPTIONS", "/v1/vaults", nil)} {
				all = append(all, strings.Join(a.header.Values("1Password-Connect-Version"), "+"))
			}
			return strings.Join(all, " ")
		}, map[string]string{"sent": "1.8.2 1.8.2 1.8.2 1.8.2 1.8.2", "absent": "    "}},

		"unknown-route": {func(t *testing.T, s *testServer, d demoData) string {
			a := s.get(t, "/v1/nothing").wantStatus(t, 404)
			return a.header.Get("Content-Type") + " " + string(a.body)
		}, map[string]string{
			"text": "text/plain; charset=utf-8 404 page not found",
			"json": `application/json {"status":404,"message":"Not Found: no such route"}`,
		}},
	})
	return all
}

// memberNames returns the names in an object or in the first of a list, or in a member
// of that.
func memberNames(t *testing.T, a response, of string) string {
	t.Helper()
	var object map[string]json.RawMessage
	body := bytes.TrimPrefix(a.wantOK(t).body, []byte("["))
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&object); err != nil {
		t.Fatalf("%s: %v", a.request, err)
	}
	if of != "" {
		inner := object[of]
		object = nil
		if err := json.Unmarshal(inner, &object); err != nil {
			t.Fatalf("%s: %s: %v", a.request, of, err)
		}
	}
	var names []string
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}
