package items_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

const patched = `{"title":"t","category":"LOGIN","favorite":true,"tags":["c","a","b"],
	"urls":[{"href":"example.com","primary":true},{"href":"example.org"}],
	"sections":[{"id":"s","label":"S"},{"id":"r","label":"R"}],
	"fields":[
		{"purpose":"USERNAME","value":"u"},{"purpose":"PASSWORD","value":"p"},
		{"id":"r9qxq7xnhfhukoxsc8ymqr0y11","label":"L","type":"CONCEALED","value":"v","section":{"id":"s"}},
		{"id":"a/b~c","label":"odd"},
		{"id":"d","type":"DATE","value":"2024-05-03"}]}`

// Each case lists the members of the document that change, as a client reads them; the others must stay.
func TestPatch_ChangesOnlyWhatItNames(t *testing.T) {
	t.Parallel()
	formerP := map[string]any{"history": []any{"p"}}
	old := create(t, patched)
	type fields map[string]map[string]any // by id; nil means removed
	tests := map[string]struct {
		ops    string
		item   map[string]any
		fields fields
	}{
		// The examples of the published document.
		"an attribute and a tag": {`[{"op":"replace","path":"/favorite","value":false},{"op":"remove","path":"/tags/1"}]`,
			map[string]any{"favorite": nil, "tags": []any{"a", "c"}}, nil},
		"a new field": {`[{"op":"add","path":"/fields","value":{"label":"New","type":"string","value":"hunter2"}}]`,
			nil, fields{"new00000000000000000000001": {"id": "new00000000000000000000001", "label": "New", "type": "STRING", "value": "hunter2"}}},
		"fields by id": {`[{"op":"replace","path":"/fields/r9qxq7xnhfhukoxsc8ymqr0y11","value":{"label":"Other","type":"string","value":"w"}},
			{"op":"remove","path":"/fields/d"}]`,
			nil, fields{"r9qxq7xnhfhukoxsc8ymqr0y11": {"label": "Other", "type": "STRING", "value": "w"}, "d": nil}},
		"members of a field": {`[{"op":"add","path":"/fields/r9qxq7xnhfhukoxsc8ymqr0y11/label","value":"N"},
			{"op":"remove","path":"/fields/r9qxq7xnhfhukoxsc8ymqr0y11/value","value":""}]`,
			nil, fields{"r9qxq7xnhfhukoxsc8ymqr0y11": {"label": "N", "value": nil}}},
		"the whole": {`[{"op":"replace","path":"/","value":{"title":"New Title","favorite":true,"tags":["tag2","tag1"]}}]`,
			map[string]any{"title": "New Title", "tags": []any{"tag1", "tag2"}, "urls": nil, "sections": nil, "additionalInformation": nil},
			fields{"username": {"value": nil}, "password": {"value": nil, "entropy": nil, "passwordDetails": formerP},
				"r9qxq7xnhfhukoxsc8ymqr0y11": nil, "a/b~c": nil, "d": nil}},

		// Requests that were seen.
		"a password": {`[{"op":"replace","path":"/fields/password/value","value":"q"}]`,
			nil, fields{"password": {"value": "q", "passwordDetails": formerP}}},
		"a standard field in part": {`[{"op":"replace","path":"/fields/username","value":{"value":"w"}}]`,
			map[string]any{"additionalInformation": "w"}, fields{"username": {"value": "w"}}},
		"empty members say nothing": {`[{"op":"replace","path":"/fields/username","value":{"id":"","purpose":"","type":"","label":null,"section":null,"value":"w"}}]`,
			map[string]any{"additionalInformation": "w"}, fields{"username": {"value": "w"}}},

		// One operation after the other.
		"order": {`[{"op":"replace","path":"/title","value":"x"},{"op":"add","path":"/fields","value":{"id":"n","value":"1"}},
			{"op":"replace","path":"/fields/n/value","value":"2"},{"op":"replace","path":"/title","value":"y"},{"op":"remove","path":"/tags/0"},{"op":"remove","path":"/tags/0"}]`,
			map[string]any{"title": "y", "tags": []any{"c"}}, fields{"n": {"id": "n", "type": "STRING", "value": "2"}}},

		// Members of the item.
		"favorite added":   {`[{"op":"add","path":"/favorite","value":false}]`, map[string]any{"favorite": nil}, nil},
		"favorite removed": {`[{"op":"remove","path":"/favorite"}]`, map[string]any{"favorite": nil}, nil},
		"same category":    {`[{"op":"replace","path":"/category","value":"LOGIN"}]`, nil, nil},
		"same vault":       {`[{"op":"replace","path":"/vault","value":{"id":"hfnjvi6aymbsnfc2xeeoheizda"}},{"op":"replace","path":"/vault/id","value":"hfnjvi6aymbsnfc2xeeoheizda"}]`, nil, nil},
		"tags appended":    {`[{"op":"add","path":"/tags","value":"aa"},{"op":"add","path":"/tags/-","value":"ab"},{"op":"add","path":"/tags/0","value":"z"}]`, map[string]any{"tags": []any{"a", "aa", "ab", "b", "c", "z"}}, nil},
		"tags replaced":    {`[{"op":"replace","path":"/tags","value":["y","x"]}]`, map[string]any{"tags": []any{"x", "y"}}, nil},
		"tag replaced":     {`[{"op":"replace","path":"/tags/0","value":"d"}]`, map[string]any{"tags": []any{"b", "c", "d"}}, nil},
		"tags removed":     {`[{"op":"remove","path":"/tags"}]`, map[string]any{"tags": nil}, nil},
		"tags emptied":     {`[{"op":"replace","path":"/tags","value":[]}]`, map[string]any{"tags": nil}, nil},
		"address appended": {`[{"op":"add","path":"/urls","value":{"href":"example.net"}}]`,
			map[string]any{"urls": []any{map[string]any{"href": "example.com", "primary": true}, map[string]any{"href": "example.org"}, map[string]any{"href": "example.net"}}}, nil},
		"address in part": {`[{"op":"replace","path":"/urls/1/href","value":"example.net"},{"op":"add","path":"/urls/1/label","value":"x"},{"op":"remove","path":"/urls/0/primary"}]`,
			map[string]any{"urls": []any{map[string]any{"href": "example.com"}, map[string]any{"href": "example.net", "label": "x"}}}, nil},
		"address inserted first": {`[{"op":"add","path":"/urls/0","value":{"href":"example.net"}}]`,
			map[string]any{"urls": []any{map[string]any{"href": "example.net"}, map[string]any{"href": "example.com", "primary": true}, map[string]any{"href": "example.org"}}}, nil},
		"address inserted between": {`[{"op":"add","path":"/urls/1","value":{"href":"example.net"}}]`,
			map[string]any{"urls": []any{map[string]any{"href": "example.com", "primary": true}, map[string]any{"href": "example.net"}, map[string]any{"href": "example.org"}}}, nil},
		"section of a field replaced": {`[{"op":"replace","path":"/fields/r9qxq7xnhfhukoxsc8ymqr0y11","value":{"section":{"id":"r"}}}]`,
			nil, fields{"r9qxq7xnhfhukoxsc8ymqr0y11": {"section": map[string]any{"id": "r", "label": "R"}}}},
		"section of a field given": {`[{"op":"replace","path":"/fields/d","value":{"section":{"id":"s"}}}]`,
			nil, fields{"d": {"section": map[string]any{"id": "s", "label": "S"}}}},
		"address emptied": {`[{"op":"replace","path":"/urls/0/href","value":""}]`,
			map[string]any{"urls": []any{map[string]any{"href": "example.org"}}}, nil},

		// Sections.
		"section renamed": {`[{"op":"replace","path":"/sections/s/label","value":"T"}]`,
			map[string]any{"sections": []any{map[string]any{"id": "s", "label": "T"}, map[string]any{"id": "r", "label": "R"}}},
			fields{"r9qxq7xnhfhukoxsc8ymqr0y11": {"section": map[string]any{"id": "s", "label": "T"}}}},
		"section in part": {`[{"op":"replace","path":"/sections/s","value":{"label":"T"}}]`,
			map[string]any{"sections": []any{map[string]any{"id": "s", "label": "T"}, map[string]any{"id": "r", "label": "R"}}},
			fields{"r9qxq7xnhfhukoxsc8ymqr0y11": {"section": map[string]any{"id": "s", "label": "T"}}}},
		"section removed": {`[{"op":"remove","path":"/sections/s"}]`,
			map[string]any{"sections": []any{map[string]any{"id": "r", "label": "R"}}},
			fields{"r9qxq7xnhfhukoxsc8ymqr0y11": {"section": nil}}},
		"section added": {`[{"op":"add","path":"/sections","value":{"id":"q","label":"Q"}}]`,
			map[string]any{"sections": []any{map[string]any{"id": "s", "label": "S"}, map[string]any{"id": "r", "label": "R"}, map[string]any{"id": "q", "label": "Q"}}}, nil},
		"section at the end": {`[{"op":"add","path":"/sections/-","value":{"id":"q","label":"Q"}}]`,
			map[string]any{"sections": []any{map[string]any{"id": "s", "label": "S"}, map[string]any{"id": "r", "label": "R"}, map[string]any{"id": "q", "label": "Q"}}}, nil},
		"sections removed are made again for fields in them": {`[{"op":"remove","path":"/sections"}]`,
			map[string]any{"sections": []any{map[string]any{"id": "s", "label": "S"}}}, nil},
		"field moved": {`[{"op":"replace","path":"/fields/r9qxq7xnhfhukoxsc8ymqr0y11/section","value":{"id":"r"}}]`,
			nil, fields{"r9qxq7xnhfhukoxsc8ymqr0y11": {"section": map[string]any{"id": "r", "label": "R"}}}},
		"field moved by id": {`[{"op":"replace","path":"/fields/r9qxq7xnhfhukoxsc8ymqr0y11/section/id","value":"r"}]`,
			nil, fields{"r9qxq7xnhfhukoxsc8ymqr0y11": {"section": map[string]any{"id": "r", "label": "R"}}}},
		"field moved out": {`[{"op":"remove","path":"/fields/r9qxq7xnhfhukoxsc8ymqr0y11/section"}]`,
			nil, fields{"r9qxq7xnhfhukoxsc8ymqr0y11": {"section": nil}}},

		// Fields.
		"escapes in a path": {`[{"op":"replace","path":"/fields/a~1b~0c/label","value":"even"}]`, nil, fields{"a/b~c": {"label": "even"}}},
		"field by its id":   {`[{"op":"add","path":"/fields/n","value":{"value":"1"}}]`, nil, fields{"n": {"id": "n", "type": "STRING", "value": "1"}}},
		"field at the end":  {`[{"op":"add","path":"/fields/-","value":{"id":"n","value":"1"}}]`, nil, fields{"n": {"id": "n", "type": "STRING", "value": "1"}}},
		"several fields": {`[{"op":"add","path":"/fields","value":[{"id":"n","value":"1"},{"id":"m","value":"2"}]}]`, nil,
			fields{"n": {"id": "n", "type": "STRING", "value": "1"}, "m": {"id": "m", "type": "STRING", "value": "2"}}},
		"add of a field that is there": {`[{"op":"add","path":"/fields/d","value":{"label":"x"}}]`, nil, fields{"d": {"label": "x"}}},
		"all fields": {`[{"op":"replace","path":"/fields","value":[{"id":"n","value":"1"}]}]`,
			map[string]any{"additionalInformation": nil},
			fields{"username": {"value": nil}, "password": {"value": nil, "entropy": nil, "passwordDetails": formerP},
				"r9qxq7xnhfhukoxsc8ymqr0y11": nil, "a/b~c": nil, "d": nil, "n": {"id": "n", "type": "STRING", "value": "1"}}},
		"a standard field comes back empty": {`[{"op":"remove","path":"/fields/password"}]`, nil, fields{"password": {"value": nil, "entropy": nil, "passwordDetails": formerP}}},
		"its label comes back":              {`[{"op":"remove","path":"/fields/password/label"}]`, nil, nil},
		"a date":                            {`[{"op":"replace","path":"/fields/d/value","value":"1970-01-02"}]`, nil, fields{"d": {"value": "86400"}}},
		"a type":                            {`[{"op":"replace","path":"/fields/d/type","value":"url"}]`, nil, fields{"d": {"type": "URL"}}},
		"a null value":                      {`[{"op":"replace","path":"/fields/d/value","value":null}]`, nil, fields{"d": {"value": nil}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := asJSON(t, old)
			it, err := items.Patch(old, operations(t, tt.ops), later())
			if err != nil {
				t.Fatalf("Patch(%s) = %v", tt.ops, err)
			}
			checkItem(t, it)
			if asJSON(t, old) != before {
				t.Error("Patch changed the old document")
			}
			want := members(t, nextVersion(old, later()))
			applyChanges(want, tt.item)
			wantFields := byID(want)
			for id, changes := range tt.fields {
				switch {
				case changes == nil:
					delete(wantFields, id)
				case wantFields[id] == nil:
					wantFields[id] = changes
				default:
					applyChanges(wantFields[id], changes)
				}
			}
			got := members(t, it)
			gotFields := byID(got)
			if p := wantFields["password"]; p != nil && p["value"] != nil {
				p["entropy"] = gotFields["password"]["entropy"] // checked above to be there
			}
			delete(want, "fields")
			delete(got, "fields")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("item (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(wantFields, gotFields); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func members(t testing.TB, it connect.Item) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(asJSON(t, it)), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func byID(item map[string]any) map[string]map[string]any {
	fields := map[string]map[string]any{}
	for _, f := range item["fields"].([]any) {
		f := f.(map[string]any)
		fields[f["id"].(string)] = f
	}
	return fields
}

// applyChanges replaces members; nil removes one.
func applyChanges(over, changes map[string]any) {
	for name, value := range changes {
		if value == nil {
			delete(over, name)
		} else {
			over[name] = value
		}
	}
}

func TestPatch_ReturnsTheSameVersionForAnEmptyList(t *testing.T) {
	t.Parallel()
	old := create(t, patched)
	for _, ops := range [][]connect.PatchOperation{nil, {}} {
		it, err := items.Patch(old, ops, later())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(old, it); diff != "" {
			t.Errorf("Patch without operations (-want +got):\n%s", diff)
		}
	}
}

func TestPatch_GeneratesPasswords(t *testing.T) {
	t.Parallel()
	old := create(t, patched)
	for _, ops := range []string{
		`[{"op":"replace","path":"/fields/password","value":{"generate":true,"recipe":{"length":12,"characterSets":["DIGITS"]}}}]`,
		`[{"op":"add","path":"/fields/password/recipe","value":{"length":12}},{"op":"add","path":"/fields/password/generate","value":true}]`,
		`[{"op":"add","path":"/fields/password/recipe","value":{"length":-1}},{"op":"remove","path":"/fields/password/recipe"},{"op":"replace","path":"/fields/password","value":{"generate":true,"recipe":{"length":12}}}]`,
	} {
		it, err := items.Patch(old, operations(t, ops), later())
		if err != nil {
			t.Fatal(err)
		}
		if f := field(t, it, "password"); len(f.Value) != 12 || f.Entropy == 0 {
			t.Errorf("%s made %+v", ops, f)
		}
	}
}

func TestPatch_KeepsTheTypeOfSSHKeys(t *testing.T) {
	t.Parallel()
	old, err := items.Import(body(t, `{"title":"t","category":"SSH_KEY","fields":[{"id":"private_key","value":"k"}]}`), vault(), options())
	if err != nil {
		t.Fatal(err)
	}
	for ops, want := range map[string]string{
		`[{"op":"replace","path":"/title","value":"x"}]`:      "SSHKEY",
		`[{"op":"replace","path":"/","value":{"title":"x"}}]`: "STRING", // as by a replace
	} {
		it, err := items.Patch(old, operations(t, ops), later())
		if err != nil {
			t.Fatal(err)
		}
		if got := field(t, it, "private_key").Type; got != want {
			t.Errorf("the type of the private key after %s is %s, want %s", ops, got, want)
		}
	}
}

// A field with a purpose keeps it, whatever its id is.
func TestPatch_KeepsThePurposeOfAField(t *testing.T) {
	t.Parallel()
	old := create(t, `{"title":"t","category":"LOGIN","fields":[{"id":"mine","purpose":"PASSWORD","value":"p"}]}`)
	it, err := items.Patch(old, operations(t, `[{"op":"replace","path":"/fields/mine","value":{"purpose":"","value":"q"}}]`), later())
	if err != nil {
		t.Fatal(err)
	}
	if f := field(t, it, "mine"); f.Purpose != "PASSWORD" || f.Value != "q" || len(it.Fields) != 3 {
		t.Errorf("fields are %s", asJSON(t, it.Fields))
	}
}

func TestPatch_AcceptsOpInAnyCase(t *testing.T) {
	t.Parallel()
	old := create(t, patched)
	for _, tt := range []struct{ lower, other string }{
		{`[{"op":"replace","path":"/title","value":"Q"}]`, `[{"op":"REPLACE","path":"/title","value":"Q"}]`},
		{`[{"op":"add","path":"/tags","value":"Q"}]`, `[{"op":"Add","path":"/tags","value":"Q"}]`},
		{`[{"op":"remove","path":"/fields/d"}]`, `[{"op":"rEMOVE","path":"/fields/d","value":""}]`},
	} {
		want, err := items.Patch(old, operations(t, tt.lower), later())
		if err != nil {
			t.Fatal(err)
		}
		got, err := items.Patch(old, operations(t, tt.other), later())
		if err != nil {
			t.Errorf("%s: %v", tt.other, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-lower case +as sent):\n%s", tt.other, d)
		}
	}
}

func TestPatch_RemovesTheTitle(t *testing.T) {
	t.Parallel()
	old := create(t, patched)
	for _, ops := range []string{
		`[{"op":"remove","path":"/title"}]`,
		`[{"op":"replace","path":"/title","value":""}]`,
		`[{"op":"replace","path":"/","value":{"tags":[]}}]`,
		`[{"op":"replace","path":"/","value":{"vault":{"id":"Demo"}}}]`,
	} {
		got, err := items.Patch(old, operations(t, ops), later())
		if err != nil || got.Title != "" || got.Version != old.Version+1 {
			t.Errorf("%s: version %d with the title %q, %v; want %d without one", ops, got.Version, got.Title, err, old.Version+1)
		}
	}
}
