package items_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

// The steps are those of the Java client's integration test, which runs against a real server every day [T].
func TestItem_FollowsTheTestOfTheJavaClient(t *testing.T) {
	t.Parallel()
	it := create(t, `{"title":"created","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"},"category":"LOGIN","fields":[
		{"purpose":"USERNAME","type":"STRING","value":"testuser"},
		{"purpose":"PASSWORD","type":"STRING","generate":true,"recipe":{"length":30,"characterSets":["LETTERS"]}}],
		"urls":[{"primary":true,"href":"https://www.example.com"}]}`)
	expect := func(step, title, username string, version, fields int) {
		t.Helper()
		checkItem(t, it)
		if it.Title != title || it.Fields[0].Purpose != "USERNAME" || it.Fields[0].Value != username ||
			it.Version != version || len(it.Fields) != fields {
			t.Errorf("%s: %s", step, asJSON(t, it))
		}
	}
	patch := func(text string) {
		t.Helper()
		var err error
		if it, err = items.Patch(it, operations(t, text), later()); err != nil {
			t.Fatal(err)
		}
	}
	expect("created", "created", "testuser", 1, 3)

	patch(`[{"op":"replace","path":"/fields/` + it.Fields[0].ID + `","value":{"purpose":"USERNAME","value":"patchOne"}}]`)
	expect("patched", "created", "patchOne", 2, 3)

	patch(`[{"op":"add","path":"/fields","value":{"label":"multi","type":"STRING","value":"patching"}},
		{"op":"replace","path":"/fields/` + it.Fields[0].ID + `","value":{"purpose":"USERNAME","value":"patchTwo"}}]`)
	expect("patched twice", "created", "patchTwo", 3, 4)

	replaced, err := items.Replace(it, body(t, `{"id":"`+it.ID+`","title":"replaced","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"},
		"category":"LOGIN","fields":[{"purpose":"USERNAME","value":"replacement"},{"purpose":"PASSWORD","generate":true}],
		"urls":[{"primary":true,"href":"https://www.example.com"}]}`), later())
	if err != nil {
		t.Fatal(err)
	}
	it = replaced
	expect("replaced", "replaced", "replacement", 4, 3)
}

// What terraform sends for a database has the same ids, types and labels in the response, and no section that it would
// take for one of the user's [C].
func TestItem_KeepsTheDatabaseOfTerraform(t *testing.T) {
	t.Parallel()
	it := create(t, `{"id":"","title":"db","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"},"category":"DATABASE","tags":["b","a"],
		"urls":[{"primary":true,"href":""}],"fields":[
		{"id":"username","type":"STRING","purpose":"","label":"username","value":"u"},
		{"id":"password","type":"CONCEALED","purpose":"","label":"password","generate":true,"recipe":{"length":20,"characterSets":["SYMBOLS"]}},
		{"id":"hostname","type":"STRING","purpose":"","label":"hostname","value":"h"},
		{"id":"database","type":"STRING","purpose":"","label":"database","value":"d"},
		{"id":"port","type":"STRING","purpose":"","label":"port","value":"3306"},
		{"id":"database_type","type":"STRING","purpose":"","label":"type","value":"mysql"},
		{"id":"notesPlain","type":"STRING","purpose":"NOTES","label":"notesPlain"}]}`)
	checkItem(t, it)
	got := map[string]connect.Field{}
	for _, f := range it.Fields {
		if f.Value != "" && f.ID != "password" {
			got[f.ID] = f
		}
	}
	want := map[string]connect.Field{
		"username":      {ID: "username", Label: "username", Type: "STRING", Value: "u"},
		"hostname":      {ID: "hostname", Label: "hostname", Type: "STRING", Value: "h"},
		"database":      {ID: "database", Label: "database", Type: "STRING", Value: "d"},
		"port":          {ID: "port", Label: "port", Type: "STRING", Value: "3306"},
		"database_type": {ID: "database_type", Label: "type", Type: "STRING", Value: "mysql"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if f := field(t, it, "password"); len(f.Value) != 20 || f.Type != "CONCEALED" || f.Entropy != 0 {
		t.Errorf("password is %+v", f)
	}
	if it.Sections != nil || it.URLs != nil {
		t.Errorf("sections %v and addresses %v, want none", it.Sections, it.URLs)
	}
}
