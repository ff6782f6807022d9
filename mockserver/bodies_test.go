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

// canary is a value that is sent and must not come back in any refusal.
const canary = "CanaryValue7f3a"

// writer is one operation that takes a body, and a body it accepts.
type writer struct{ method, path, good string }

func writers(d demoWorld) map[string]writer {
	item := d.path("Office", "Guest Wi-Fi")
	vault := d.vault("Office")
	return map[string]writer{
		"POST":  {"POST", "/v1/vaults/" + vault + "/items", `{"title":"t","category":"LOGIN"}`},
		"PUT":   {"PUT", item, `{"title":"t","category":"WIRELESS_ROUTER","vault":{"id":"` + vault + `"}}`},
		"PATCH": {"PATCH", item, `[{"op":"replace","path":"/title","value":"t"}]`},
	}
}

func TestBodiesThatAreNoJSON(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	for name, w := range writers(d) {
		for what, body := range map[string]string{
			"empty":            "",
			"blank":            " \n\t ",
			"trailing garbage": w.good + " " + canary,
			"trailing comma":   w.good + ",",
			"two documents":    w.good + w.good,
			"closed twice":     w.good + "}",
			"cut off":          w.good[:len(w.good)-1],
			"no JSON":          canary,
			"a form":           "title=" + canary,
			"null":             "null",
			"text":             `"` + canary + `"`,
			"a number":         "7",
			"true":             "true",
			"single quotes":    `{'title':'` + canary + `','category':'LOGIN'}`,
			"a comment":        `/* ` + canary + ` */` + w.good,
			"byte order mark":  "\ufeff" + w.good,
			"NaN":              `{"title":"t","category":"LOGIN","version":NaN}`,
		} {
			e := s.send(t, w.method, w.path, strings.NewReader(body), header("Content-Type", "application/json")).refusal(t)
			if e.Status != 400 || !strings.HasPrefix(e.Message, "Validation: (invalid request body), ") {
				t.Errorf("%s, %s: answered %v", name, what, &e)
			}
			if strings.Contains(e.Message, canary) {
				t.Errorf("%s, %s: the refusal holds what was sent: %s", name, what, e.Message)
			}
		}
		s.send(t, w.method, w.path, w.good+" \r\n\t").ok(t)
	}
}

func TestDuplicateMembers(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	vault := d.vault("Office")
	tests := map[string]struct{ method, path, body, member string }{
		"top":       {"POST", "/v1/vaults/" + vault + "/items", `{"title":"` + canary + `","title":"b","category":"LOGIN"}`, "title"},
		"escaped":   {"POST", "/v1/vaults/" + vault + "/items", `{"title":"` + canary + `","\u0074itle":"b","category":"LOGIN"}`, "title"},
		"in fields": {"POST", "/v1/vaults/" + vault + "/items", `{"title":"a","category":"LOGIN","fields":[{"label":"a"},{"value":"` + canary + `","value":"x"}]}`, "fields[1].value"},
		"unknown":   {"POST", "/v1/vaults/" + vault + "/items", `{"title":"a","category":"LOGIN","` + canary + `":1,"` + canary + `":2}`, "a member twice"},
		"patch":     {"PATCH", d.path("Office", "Guest Wi-Fi"), `[{"op":"add","op":"remove","path":"/tags","value":"` + canary + `"}]`, "[0].op"},
	}
	for name, test := range tests {
		e := s.send(t, test.method, test.path, test.body).refusal(t)
		if e.Status != 400 || !strings.Contains(e.Message, test.member) || strings.Contains(e.Message, canary) {
			t.Errorf("%s: answered %v, must name %s", name, &e, test.member)
		}
	}
}

func TestRefusalsNameMemberAndRuleAndNeverTheValue(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	vault := d.vault("Office")
	post := func(members string) writer {
		return writer{"POST", "/v1/vaults/" + vault + "/items", `{"title":"t","category":"LOGIN",` + members + `}`}
	}
	patch := func(ops string) writer { return writer{"PATCH", d.path("Office", "Guest Wi-Fi"), ops} }
	tests := map[string]struct {
		writer
		status int
		names  string
	}{
		"title is no text":      {post(`"title2":1,"tags":"` + canary + `"`), 400, "tags must"},
		"a tag is no text":      {post(`"tags":["a",7]`), 400, "tags[1] must"},
		"favorite is text":      {post(`"favorite":"` + canary + `"`), 400, "favorite must"},
		"fields is text":        {post(`"fields":"` + canary + `"`), 400, "fields must"},
		"a field is text":       {post(`"fields":["` + canary + `"]`), 400, "fields[0] must"},
		"a value is a number":   {post(`"fields":[{"label":"a","value":"b"},{"value":12345678}]`), 400, "fields[1].value must"},
		"unknown purpose":       {post(`"fields":[{"purpose":"` + canary + `"}]`), 400, "fields[0].purpose must"},
		"generate is text":      {post(`"fields":[{"generate":"` + canary + `"}]`), 400, "fields[0].generate must"},
		"recipe too long":       {post(`"fields":[{"generate":true,"recipe":{"length":65}}]`), 400, "fields[0].recipe.length must"},
		"recipe's unknown set":  {post(`"fields":[{"generate":true,"recipe":{"characterSets":["` + canary + `"]}}]`), 400, "fields[0].recipe.characterSets[0] must"},
		"a section is text":     {post(`"sections":["` + canary + `"]`), 400, "sections[0] must"},
		"a url is text":         {post(`"urls":["` + canary + `"]`), 400, "urls[0] must"},
		"vault is text":         {post(`"vault":"` + canary + `"`), 400, "vault must"},
		"another vault":         {post(`"vault":{"id":"` + canary + `"}`), 400, "vault.id must"},
		"unknown type":          {post(`"fields":[{"type":"` + "TOTP" + `","value":"` + canary + `"}]`), 400, "details.sections[0].fields[0] has unsupported field type: totp"},
		"bad month":             {post(`"fields":[{"type":"MONTH_YEAR","value":"` + canary + `"}]`), 400, "values for field type monthYear must be in YYYYMM or YYYY/MM format"},
		"bad date":              {post(`"fields":[{"type":"DATE","value":"` + canary + `"}]`), 400, "values for field type date must be"},
		"bad one-time secret":   {post(`"fields":[{"type":"OTP","value":"otpauth://totp/x?secret=` + canary + `!"}]`), 400, "values for field type otp must be"},
		"category is a number":  {writer{"POST", "/v1/vaults/" + vault + "/items", `{"title":"t","category":7}`}, 400, "Invalid item category"},
		"category unknown":      {writer{"POST", "/v1/vaults/" + vault + "/items", `{"title":"t","category":"` + canary + `"}`}, 400, "Invalid item category"},
		"category missing":      {writer{"POST", "/v1/vaults/" + vault + "/items", `{"title":"t"}`}, 400, "Invalid item category"},
		"category null":         {writer{"POST", "/v1/vaults/" + vault + "/items", `{"title":"t","category":null}`}, 400, "Invalid item category"},
		"title missing":         {writer{"POST", "/v1/vaults/" + vault + "/items", `{"category":"LOGIN"}`}, 400, "title is required"},
		"title null":            {writer{"POST", "/v1/vaults/" + vault + "/items", `{"category":"LOGIN","title":null}`}, 400, "title must"},
		"title empty":           {writer{"POST", "/v1/vaults/" + vault + "/items", `{"category":"LOGIN","title":""}`}, 400, "title is required"},
		"body is a list":        {writer{"POST", "/v1/vaults/" + vault + "/items", `["` + canary + `"]`}, 400, "the body must"},
		"patch is an object":    {patch(`{"op":"replace","path":"/title","value":"` + canary + `"}`), 400, "the body must"},
		"patch of text":         {patch(`["` + canary + `"]`), 400, "[0] must"},
		"patch without op":      {patch(`[{"path":"/title","value":"` + canary + `"}]`), 400, "[0].op is required"},
		"patch without path":    {patch(`[{"op":"remove"}]`), 400, "[0].path is required"},
		"patch with another op": {patch(`[{"op":"` + canary + `","path":"/title"}]`), 400, "[0].op must"},
		"patch of no slash":     {patch(`[{"op":"replace","path":"title","value":"` + canary + `"}]`), 400, "operation 0: "},
		"patch title by number": {patch(`[{"op":"replace","path":"/title","value":7}]`), 400, "operation 0: "},
		// The id in the path is named, as documented.
		"patch a foreign field":  {patch(`[{"op":"replace","path":"/fields/nope/value","value":"` + canary + `"}]`), 400, "The item doesn't have a nope field."},
		"patch a foreign member": {patch(`[{"op":"replace","path":"/` + canary + `","value":"x"}]`), 400, "operation 0: "},
	}
	for name, test := range tests {
		e := s.send(t, test.method, test.path, test.good).refusal(t)
		if e.Status != test.status || !strings.Contains(e.Message, test.names) {
			t.Errorf("%s: answered %v, want %d naming %q", name, &e, test.status, test.names)
		}
		if strings.Contains(e.Message, canary) || strings.Contains(e.Message, "12345678") {
			t.Errorf("%s: the refusal holds what was sent: %s", name, e.Message)
		}
	}
}

func TestNullMembersAreAcceptedAsMissing(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	it, path := s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN","id":null,"vault":null,"favorite":null,"tags":null,
		"urls":null,"sections":null,"files":null,"version":null,"createdAt":null,"updatedAt":null,"lastEditedBy":null,"state":null,
		"fields":[{"id":null,"label":"x","type":null,"purpose":null,"section":null,"value":null,"generate":null,"recipe":null}]}`)
	if len(it.Fields) != 4 || it.Favorite || it.Tags != nil {
		t.Errorf("created %+v", it)
	}
	s.send(t, "POST", strings.TrimSuffix(path, "/"+it.ID), `{"title":"t","category":"SERVER","fields":null}`).ok(t)
	s.send(t, "POST", strings.TrimSuffix(path, "/"+it.ID),
		`{"title":"t","category":"SERVER","vault":{"id":null},"urls":[{"href":null,"primary":null}],"sections":[{"id":"a","label":null}],`+
			`"fields":[{"purpose":"","type":"","id":"","label":"a","section":{"id":null},"recipe":{"length":null,"characterSets":null,"excludeCharacters":null}}]}`).ok(t)
}

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	for name, w := range writers(d) {
		for kind, good := range map[string]bool{
			"application/json":                   true,
			"application/json; charset=utf-8":    true,
			"application/json;charset=UTF-8":     true,
			"Application/JSON":                   true,
			"text/plain":                         false,
			"application/x-www-form-urlencoded":  false,
			"multipart/form-data; boundary=x":    false,
			"application/jsonp":                  false,
			"application/xml":                    false,
			"application/json, application/json": false,
			"nonsense":                           false,
			";":                                  false,
			"*/*":                                false,
			"application/*":                      false,
		} {
			a := s.send(t, w.method, w.path, w.good, header("Content-Type", kind))
			if good {
				a.ok(t)
				continue
			}
			a.refused(t, connect.UnsupportedMediaType())
		}
		s.send(t, w.method, w.path, w.good, noHeader("Content-Type")).refused(t, connect.UnsupportedMediaType())
		_ = name
	}
	// Reads don't care; the Go client sends the type on them, too.
	for _, path := range addresses(d) {
		s.get(t, path, header("Content-Type", "text/nonsense")).ok(t)
	}
	s.send(t, "DELETE", d.path("Office", "Guest Wi-Fi"), nil, header("Content-Type", "application/json")).is(t, 204)
}

func TestBodiesOfReadsAreIgnored(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	for _, path := range addresses(d) {
		s.send(t, "GET", path, canary).ok(t)
	}
	s.send(t, "DELETE", d.path("Office", "Guest Wi-Fi"), "{").is(t, 204)
}

func TestBodiesOverTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 4096
	s := open(t, connecttest.WithConfig(func(c *mockserver.Config) { c.MaxBody = limit }))
	d := demo(t)
	list := writers(d)
	for _, name := range slices.Sorted(maps.Keys(list)) {
		w := list[name]
		fits := w.good + strings.Repeat(" ", limit-len(w.good))
		s.send(t, w.method, w.path, fits).ok(t)
		s.send(t, w.method, w.path, io.MultiReader(strings.NewReader(fits))).ok(t) // chunked
		for what, body := range map[string]any{
			"one more":          fits + " ",
			"chunked":           io.MultiReader(strings.NewReader(fits + " ")),
			"far more":          strings.Repeat(" ", 1<<20),
			"far more, chunked": io.MultiReader(bytes.NewReader(make([]byte, 1<<20))),
		} {
			if e := s.send(t, w.method, w.path, body).refusal(t); e != *connect.BodyTooLarge(limit) {
				t.Errorf("%s, %s: answered %v", name, what, &e)
			}
		}
		s.send(t, w.method, w.path, w.good).ok(t) // and the server goes on
	}
}

func TestBodyOfDefaultLimit(t *testing.T) {
	t.Parallel()
	s, d := open(t).bare(), demo(t)
	w := writers(d)["POST"]
	large := `{"title":"t","category":"SECURE_NOTE","fields":[{"purpose":"NOTES","value":"` + strings.Repeat("n", 2<<20) + `"}]}`
	it := as[connect.Item](t, s.send(t, w.method, w.path, large))
	if got := s.item(t, w.path+"/"+it.ID); len(got.Fields[0].Value) != 2<<20 {
		t.Errorf("a note of 2 MiB comes back with %d bytes", len(got.Fields[0].Value))
	}
	over := `{"title":"` + strings.Repeat("t", 16<<20) + `","category":"SECURE_NOTE"}`
	s.send(t, w.method, w.path, over).refused(t, connect.BodyTooLarge(mockserver.DefaultMaxBody))
}

func TestDeepBodies(t *testing.T) {
	t.Parallel()
	s, d := open(t), demo(t)
	for _, w := range writers(d) {
		deep := `{"title":"t","category":"LOGIN","more":` + strings.Repeat(`[`, 100_000) + strings.Repeat(`]`, 100_000) + `}`
		if a := s.send(t, w.method, w.path, deep); a.status != 400 {
			t.Errorf("%s: nested 100000 deep: answered %d", w.method, a.status)
		}
	}
}
