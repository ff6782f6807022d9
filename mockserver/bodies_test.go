package mockserver_test

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
)

// canary is a value that is sent and must not be in any error.
const canary = "CanaryValue7f3a"

// writeCalls returns a call of each operation that takes a body.
func writeCalls(d demoData) []call {
	item := d.path("Office", "Guest Wi-Fi")
	return []call{
		{"POST", d.items("Office"), `{"title":"t","category":"LOGIN"}`},
		{"PUT", item, `{"title":"t","category":"WIRELESS_ROUTER","vault":{"id":"` + d.vault("Office") + `"}}`},
		{"PATCH", item, `[{"op":"replace","path":"/title","value":"t"}]`},
	}
}

func TestBody_RefusesInvalidJSON(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	for _, w := range writeCalls(d) {
		for what, body := range map[string]string{
			"empty":            "",
			"blank":            " \n\t ",
			"trailing garbage": w.body + " " + canary,
			"trailing comma":   w.body + ",",
			"two documents":    w.body + w.body,
			"closed twice":     w.body + "}",
			"cut off":          w.body[:len(w.body)-1],
			"no JSON":          canary,
			"a form":           "title=" + canary,
			"null":             "null",
			"text":             `"` + canary + `"`,
			"a number":         "7",
			"true":             "true",
			"single quotes":    `{'title':'` + canary + `','category':'LOGIN'}`,
			"a comment":        `/* ` + canary + ` */` + w.body,
			"byte order mark":  "\ufeff" + w.body,
			"NaN":              `{"title":"t","category":"LOGIN","version":NaN}`,
		} {
			e := s.send(t, w.method, w.path, strings.NewReader(body), header("Content-Type", "application/json")).apiError(t)
			if e.Status != 400 || !strings.HasPrefix(e.Message, "Validation: (invalid request body), ") {
				t.Errorf("%s, %s: got %v", w.method, what, &e)
			}
			if strings.Contains(e.Message, canary) {
				t.Errorf("%s, %s: the error shows what was sent: %s", w.method, what, e.Message)
			}
		}
		s.send(t, w.method, w.path, w.body+" \r\n\t").wantOK(t)
	}
}

func TestBody_ReadsMembersInAnyCaseAndTakesTheLast(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	office, wifi := d.vault("Office"), d.path("Office", "Guest Wi-Fi")
	items := "/v1/vaults/" + office + "/items"
	value := func(it connect.Item, label string) string {
		for _, f := range it.Fields {
			if f.Label == label || f.Purpose == label {
				return f.Value
			}
		}
		return ""
	}
	tests := map[string]struct {
		method, path, body string
		want               string // title, user name and the value of the field "a"
	}{
		"PowerShell":  {"POST", items, `{"Title":"x","Vault":{"Id":"` + office + `"},"Category":"LOGIN","Fields":[{"Purpose":"USERNAME","Value":"u"}]}`, "x,u,"},
		"in a PUT":    {"PUT", wifi, `{"TITLE":"x","vault":{"ID":"` + office + `"},"Category":"WIRELESS_ROUTER","fields":[{"LABEL":"a","vALUE":"b"}]}`, "x,,b"},
		"in a PATCH":  {"PATCH", wifi, `[{"Op":"replace","Path":"/title","Value":"y"},{"op":"add","path":"/fields","value":{"Label":"a","Value":"c"}}]`, "y,,c"},
		"top":         {"POST", items, `{"title":"` + canary + `","Title":"b","category":"LOGIN"}`, "b,,"},
		"escaped":     {"POST", items, `{"title":"` + canary + `","\u0074itle":"b","category":"LOGIN"}`, "b,,"},
		"same case":   {"POST", items, `{"title":"` + canary + `","title":"b","category":"LOGIN"}`, "b,,"},
		"in fields":   {"POST", items, `{"title":"a","category":"LOGIN","fields":[{"label":"a","value":"` + canary + `","Value":"x"}]}`, "a,,x"},
		"whole lists": {"POST", items, `{"title":"a","category":"LOGIN","fields":[{"label":"a","value":"` + canary + `"}],"Fields":[{"label":"a"}]}`, "a,,"},
		"unknown":     {"POST", items, `{"title":"a","category":"LOGIN","` + canary + `":1,"` + canary + `":2}`, "a,,"},
	}
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		test := tests[name]
		it := decode[connect.Item](t, s.send(t, test.method, test.path, test.body).wantOK(t))
		wantEqual(t, test.want, it.Title+","+value(it, "USERNAME")+","+value(it, "a"), "%s", name)
	}
	e := s.send(t, "POST", items, `{"Category":"LOGIN","Fields":[{"VALUE":7}]}`).apiError(t)
	if e.Status != 400 || !strings.Contains(e.Message, "fields[0].value must be a string") {
		t.Errorf("a wrong type in another case: %v", &e)
	}
}

// The JavaScript SDK's quick start and the terraform provider's acceptance test create
// items without a title.
func TestItem_MayHaveNoTitle(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	office := d.vault("Office")
	items := "/v1/vaults/" + office + "/items"
	for _, title := range []string{``, `"title":"",`, `"title":null,`} {
		sent := `{` + title + `"category":"LOGIN","vault":{"id":"` + office + `"}}`
		it, path := s.create(t, office, sent)
		replaced := decode[connect.Item](t, s.send(t, "PUT", path, sent).wantOK(t))
		read := s.item(t, path)
		if it.Title != "" || replaced.Title != "" || read.Title != "" || read.Version != 2 {
			t.Errorf("%s: created %q, replaced %q, read %q in version %d", sent, it.Title, replaced.Title, read.Title, read.Version)
		}
		list := s.list(t, items+`?filter=title+eq+%22%22`)
		if len(list) != 1 || list[0].ID != it.ID {
			t.Errorf("%s: the filter for no title finds %d items", sent, len(list))
		}
		s.send(t, "PATCH", path, `[{"op":"replace","path":"/title","value":"now"}]`).wantOK(t)
		wantEqual(t, "now", s.item(t, path).Title, "%s: patched title", sent)
	}
}

// external-secrets sends the name of the vault.
func TestBody_TakesTheVaultByName(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	office := d.vault("Office")
	for _, name := range []string{"Office", "office"} {
		it, path := s.create(t, office, `{"category":"SERVER","title":"t","vault":{"id":"`+name+`"}}`)
		replaced := decode[connect.Item](t, s.send(t, "PUT", path,
			`{"category":"SERVER","title":"u","vault":{"id":"`+name+`"}}`).wantOK(t))
		want := connect.VaultRef{ID: office, Name: "Office"}
		if it.Vault != want || replaced.Vault != want || replaced.Title != "u" {
			t.Errorf("%s: created in %+v, replaced in %+v", name, it.Vault, replaced.Vault)
		}
		s.send(t, "PATCH", path, `[{"op":"replace","path":"/","value":{"title":"w","vault":{"id":"`+name+`"}}}]`).wantOK(t)
	}
	for _, other := range []string{"Deployments", d.vault("Deployments")} {
		s.send(t, "POST", "/v1/vaults/"+office+"/items",
			`{"category":"SERVER","title":"t","vault":{"id":"`+other+`"}}`).wantError(t, connect.ItemMismatch("vault.id"))
	}
}

func TestBody_ErrorsNameTheMemberAndNotTheValue(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	create := func(body string) call { return call{"POST", d.items("Office"), body} }
	post := func(members string) call { return create(`{"title":"t","category":"LOGIN",` + members + `}`) }
	patch := func(ops string) call { return call{"PATCH", d.path("Office", "Guest Wi-Fi"), ops} }
	for name, test := range map[string]struct {
		call
		names string
	}{
		"title is no text":      {post(`"title2":1,"tags":"` + canary + `"`), "tags must"},
		"a tag is no text":      {post(`"tags":["a",7]`), "tags[1] must"},
		"favorite is text":      {post(`"favorite":"` + canary + `"`), "favorite must"},
		"fields is text":        {post(`"fields":"` + canary + `"`), "fields must"},
		"a field is text":       {post(`"fields":["` + canary + `"]`), "fields[0] must"},
		"a value is a number":   {post(`"fields":[{"label":"a","value":"b"},{"value":12345678}]`), "fields[1].value must"},
		"unknown purpose":       {post(`"fields":[{"purpose":"` + canary + `"}]`), "fields[0].purpose must"},
		"generate is text":      {post(`"fields":[{"generate":"` + canary + `"}]`), "fields[0].generate must"},
		"recipe too long":       {post(`"fields":[{"generate":true,"recipe":{"length":65}}]`), "fields[0].recipe.length must"},
		"recipe's unknown set":  {post(`"fields":[{"generate":true,"recipe":{"characterSets":["` + canary + `"]}}]`), "fields[0].recipe.characterSets[0] must"},
		"a section is text":     {post(`"sections":["` + canary + `"]`), "sections[0] must"},
		"a url is text":         {post(`"urls":["` + canary + `"]`), "urls[0] must"},
		"vault is text":         {post(`"vault":"` + canary + `"`), "vault must"},
		"another vault":         {post(`"vault":{"id":"` + canary + `"}`), "vault.id must"},
		"unknown type":          {post(`"fields":[{"type":"` + "TOTP" + `","value":"` + canary + `"}]`), "details.sections[0].fields[0] has unsupported field type: totp"},
		"passkey":               {post(`"fields":[{"type":"Passkey","value":"` + canary + `"}]`), "details.sections[0].fields[0] has unsupported field type: passkey"},
		"bad month":             {post(`"fields":[{"type":"MONTH_YEAR","value":"` + canary + `"}]`), "values for field type monthYear must be in YYYYMM or YYYY/MM format"},
		"bad date":              {post(`"fields":[{"type":"DATE","value":"` + canary + `"}]`), "values for field type date must be"},
		"bad one-time secret":   {post(`"fields":[{"type":"OTP","value":"otpauth://totp/x?secret=` + canary + `!"}]`), "values for field type otp must be"},
		"category is a number":  {create(`{"title":"t","category":7}`), "Invalid item category"},
		"category unknown":      {create(`{"title":"t","category":"` + canary + `"}`), "Invalid item category"},
		"category missing":      {create(`{"title":"t"}`), "Invalid item category"},
		"category null":         {create(`{"title":"t","category":null}`), "Invalid item category"},
		"body is a list":        {create(`["` + canary + `"]`), "the body must"},
		"patch is an object":    {patch(`{"op":"replace","path":"/title","value":"` + canary + `"}`), "the body must"},
		"patch of text":         {patch(`["` + canary + `"]`), "[0] must"},
		"patch without op":      {patch(`[{"path":"/title","value":"` + canary + `"}]`), "[0].op is required"},
		"patch without path":    {patch(`[{"op":"remove"}]`), "[0].path is required"},
		"patch with another op": {patch(`[{"op":"` + canary + `","path":"/title"}]`), "[0].op must"},
		"patch of no slash":     {patch(`[{"op":"replace","path":"title","value":"` + canary + `"}]`), "operation 0: "},
		"patch title by number": {patch(`[{"op":"replace","path":"/title","value":7}]`), "operation 0: "},
		// The error names the id in the path, as documented.
		"patch a foreign field":  {patch(`[{"op":"replace","path":"/fields/nope/value","value":"` + canary + `"}]`), "The item doesn't have a nope field."},
		"patch a foreign member": {patch(`[{"op":"replace","path":"/` + canary + `","value":"x"}]`), "operation 0: "},
	} {
		e := s.send(t, test.method, test.path, test.body).apiError(t)
		if e.Status != 400 || !strings.Contains(e.Message, test.names) {
			t.Errorf("%s: got %v, want 400 naming %q", name, &e, test.names)
		}
		if strings.Contains(e.Message, canary) || strings.Contains(e.Message, "12345678") {
			t.Errorf("%s: the error shows what was sent: %s", name, e.Message)
		}
	}
}

func TestBody_TreatsNullAsMissing(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	it, path := s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN","id":null,"vault":null,"favorite":null,"tags":null,
		"urls":null,"sections":null,"files":null,"version":null,"createdAt":null,"updatedAt":null,"lastEditedBy":null,"state":null,
		"fields":[{"id":null,"label":"x","type":null,"purpose":null,"section":null,"value":null,"generate":null,"recipe":null}]}`)
	if len(it.Fields) != 4 || it.Favorite || it.Tags != nil {
		t.Errorf("created %+v", it)
	}
	s.send(t, "POST", strings.TrimSuffix(path, "/"+it.ID), `{"title":"t","category":"SERVER","fields":null}`).wantOK(t)
	s.send(t, "POST", strings.TrimSuffix(path, "/"+it.ID),
		`{"title":"t","category":"SERVER","vault":{"id":null},"urls":[{"href":null,"primary":null}],"sections":[{"id":"a","label":null}],`+
			`"fields":[{"purpose":"","type":"","id":"","label":"a","section":{"id":null},"recipe":{"length":null,"characterSets":null,"excludeCharacters":null}}]}`).wantOK(t)
}

func TestBody_IgnoresTheContentType(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	for _, w := range writeCalls(d) {
		for _, kind := range []string{
			"application/json", "application/json; charset=utf-8", "Application/JSON", "text/json", `application\json`,
			"application/json-patch+json", "application/merge-patch+json", "text/plain", "application/x-www-form-urlencoded",
			"multipart/form-data; boundary=x", "application/xml", "application/json, application/json", "nonsense", ";", "*/*",
		} {
			s.send(t, w.method, w.path, w.body, header("Content-Type", kind)).wantOK(t)
			if e := s.send(t, w.method, w.path, "title="+canary, header("Content-Type", kind)).apiError(t); e.Status != 400 {
				t.Errorf("%s %s: for a body that is not JSON: got %v", w.method, kind, &e)
			}
		}
		s.send(t, w.method, w.path, w.body, noHeader("Content-Type")).wantOK(t)
	}
	// Reads ignore it too; the Go client sends it.
	for _, path := range readPaths(d) {
		s.get(t, path, header("Content-Type", "text/nonsense")).wantOK(t)
	}
	s.send(t, "DELETE", d.path("Office", "Guest Wi-Fi"), nil,
		header("Content-Type", "application/json")).wantStatus(t, 204)
}

func TestBody_IsIgnoredInReadsAndDeletes(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	for _, path := range readPaths(d) {
		s.send(t, "GET", path, canary).wantOK(t)
	}
	s.send(t, "DELETE", d.path("Office", "Guest Wi-Fi"), "{").wantStatus(t, 204)
}

func TestBody_RefusesMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 4096
	s := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.MaxBody = limit }))
	d := demo(t)
	for _, w := range writeCalls(d) {
		fits := w.body + strings.Repeat(" ", limit-len(w.body))
		s.send(t, w.method, w.path, fits).wantOK(t)
		s.send(t, w.method, w.path, io.MultiReader(strings.NewReader(fits))).wantOK(t) // chunked
		for what, body := range map[string]any{
			"one more":          fits + " ",
			"chunked":           io.MultiReader(strings.NewReader(fits + " ")),
			"far more":          strings.Repeat(" ", 1<<20),
			"far more, chunked": io.MultiReader(bytes.NewReader(make([]byte, 1<<20))),
		} {
			if e := s.send(t, w.method, w.path, body).apiError(t); !isSent(e, connect.BodyTooLarge(limit)) {
				t.Errorf("%s, %s: got %v", w.method, what, &e)
			}
		}
		s.send(t, w.method, w.path, w.body).wantOK(t) // the connection is still good
	}
}

func TestBody_DefaultLimitIs16MiB(t *testing.T) {
	t.Parallel()
	s, d := newServer(t).withoutCheck(), demo(t)
	w := writeCalls(d)[0]
	large := `{"title":"t","category":"SECURE_NOTE","fields":[{"purpose":"NOTES","value":"` +
		strings.Repeat("n", 2<<20) + `"}]}`
	it := decode[connect.Item](t, s.send(t, w.method, w.path, large))
	if got := s.item(t, w.path+"/"+it.ID); len(got.Fields[0].Value) != 2<<20 {
		t.Errorf("a note of 2 MiB comes back with %d bytes", len(got.Fields[0].Value))
	}
	over := `{"title":"` + strings.Repeat("t", 16<<20) + `","category":"SECURE_NOTE"}`
	s.send(t, w.method, w.path, over).wantError(t, connect.BodyTooLarge(mockserver.DefaultMaxBody))
}

func TestBody_RefusesDeepNesting(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	for _, w := range writeCalls(d) {
		deep := `{"title":"t","category":"LOGIN","more":` + strings.Repeat(`[`, 100_000) + strings.Repeat(`]`, 100_000) + `}`
		if a := s.send(t, w.method, w.path, deep); a.status != 400 {
			t.Errorf("%s: nested 100000 deep: status %d", w.method, a.status)
		}
	}
}
