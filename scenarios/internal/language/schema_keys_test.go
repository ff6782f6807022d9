package language

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/match"
	"github.com/google/go-cmp/cmp"
)

// part is the part of a schema that the tests use.
type part struct {
	Enum        []any
	AnyOf       []part
	Items       *part
	Additional  any `json:"additionalProperties"`
	Properties  map[string]part
	Definitions map[string]json.RawMessage
}

func readSchema(t *testing.T) []byte {
	t.Helper()
	schema, err := os.ReadFile("../../scenario.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func definition(t *testing.T, name string) part {
	t.Helper()
	var root, p part
	if err := json.Unmarshal(readSchema(t), &root); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(root.Definitions[name], &p); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p
}

// keysOf returns the keys of a schema, which must not allow others.
func keysOf(t *testing.T, name string, p part) []string {
	t.Helper()
	if p.Additional != false {
		t.Errorf("%s accepts unknown keys", name)
	}
	return yamlsource.SortedKeys(p.Properties)
}

// The schema and the Go types have the same keys.
func TestSchema_HasTheKeysOfTheTypes(t *testing.T) {
	t.Parallel()
	for name, typ := range map[string]reflect.Type{
		"scenario": reflect.TypeFor[document](), "fragment": reflect.TypeFor[fragment](), "input": reflect.TypeFor[input](),
		"versions": reflect.TypeFor[versions](), "state": reflect.TypeFor[State](), "step": reflect.TypeFor[Step](), "request": reflect.TypeFor[raw](),
		"retry": reflect.TypeFor[retry](), "expect": reflect.TypeFor[Expectation](),
	} {
		want := yamlsource.Keys(typ)
		slices.Sort(want)
		if diff := cmp.Diff(want, keysOf(t, name, definition(t, name))); diff != "" {
			t.Errorf("%s (-Go +schema):\n%s", name, diff)
		}
	}
	commandNames := CommandNames()
	slices.Sort(commandNames)
	mock := definition(t, "mock")
	if diff := cmp.Diff(commandNames, keysOf(t, "mock", mock)); diff != "" {
		t.Errorf("commands (-Go +schema):\n%s", diff)
	}
	for _, c := range Commands() {
		if c.takes.Kind() == reflect.Struct {
			if diff := cmp.Diff(yamlsource.SortedKeys(JSONKeys(c.takes)), keysOf(t, c.Name, mock.Properties[c.Name])); diff != "" {
				t.Errorf("%s (-Go +schema):\n%s", c.Name, diff)
			}
		}
	}
	fault := definition(t, "fault")
	if diff := cmp.Diff(yamlsource.SortedKeys(JSONKeys(reflect.TypeFor[controlapi.Fault]())), keysOf(t, "fault", fault)); diff != "" {
		t.Errorf("fault (-Go +schema):\n%s", diff)
	}
}

func TestSchema_HasTheWordsOfTheLoader(t *testing.T) {
	t.Parallel()
	d, err := openapi.Connect()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		got  []any
		want []string
	}{
		"capabilities": {definition(t, "capability").Enum, Capabilities()},
		"operations":   {definition(t, "operation").Enum, operationIDs(d)},
		"states":       {definition(t, "state").Properties["state"].Enum, States()},
		"errors":       {definition(t, "expect").Properties["error"].Enum, Failures()},
		"operators":    {anyOf(yamlsource.SortedKeys(definition(t, "operators").Properties)), match.Operators()},
	} {
		var got []string
		for _, word := range c.got {
			got = append(got, word.(string))
		}
		slices.Sort(got)
		want := slices.Sorted(slices.Values(c.want))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-loader +schema):\n%s", name, diff)
		}
	}
}

func anyOf(words []string) []any {
	var all []any
	for _, word := range words {
		all = append(all, word)
	}
	return all
}

func TestSchema_ListsThePresets(t *testing.T) {
	t.Parallel()
	var schema map[string]any
	if err := json.Unmarshal(readSchema(t), &schema); err != nil {
		t.Fatal(err)
	}
	var found []any
	var look func(v any)
	look = func(v any) {
		switch x := v.(type) {
		case []any:
			for _, e := range x {
				look(e)
			}
		case map[string]any:
			if preset, ok := x["preset"].(map[string]any); ok {
				found = preset["anyOf"].([]any)[0].(map[string]any)["enum"].([]any)
			}
			for _, e := range x {
				look(e)
			}
		}
	}
	look(schema)
	var want []any
	for _, name := range controlapi.PresetNames() {
		want = append(want, name)
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("presets (-want +schema):\n%s", diff)
	}
}
