package contract

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// validateDeviations reads YAML as another library would and validates it against the schema.
func validateDeviations(t *testing.T, text string) error {
	t.Helper()
	published, err := jsonschema.UnmarshalJSON(bytes.NewReader(DeviationsSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("deviations.schema.json", published); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("deviations.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := yaml.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(document)
}

// The schema and ReadDeviations agree, but for what a schema can't know: the rules and the days that exist.
func TestDeviationsSchema_AcceptsWhatIsRead(t *testing.T) {
	t.Parallel()
	const good = "- rule: health/heartbeat\n  reason: says pong\n  owner: somebody\n  expires: 2026-06-10\n"
	for _, c := range []struct {
		text  string
		valid bool
	}{
		{good, true},
		{good + "  target: connect.example.com\n  version: 1.8.1\n", true},
		{good + "  target: \"*.example.com\"\n  version: 1.5.*\n", true},
		{strings.Replace(good, "health/heartbeat", "health/*", 1), true},
		{"# none\n", true},
		{"[]\n", true},
		{"rule: health/heartbeat\n", false},
		{good + "  because: of that\n", false},
		{good + "  version: newest\n", false},
		{strings.Replace(good, "2026-06-10", "soon", 1), false},
		{strings.Replace(good, "says pong", `""`, 1), false},
		{strings.Replace(good, "  owner: somebody\n", "", 1), false},
		{strings.Replace(good, "  reason: says pong\n", "", 1), false},
		{strings.Replace(good, "  expires: 2026-06-10\n", "", 1), false},
	} {
		if err := validateDeviations(t, c.text); (err == nil) != c.valid {
			t.Errorf("the schema, of\n%s%v", c.text, err)
		}
		if _, err := ReadDeviations("known.yaml", strings.NewReader(c.text)); (err == nil) != c.valid {
			t.Errorf("ReadDeviations, of\n%s%v", c.text, err)
		}
	}
}

func TestDeviationsSchema_HasEveryMember(t *testing.T) {
	t.Parallel()
	var root struct {
		Definitions struct {
			Deviation struct {
				Properties map[string]struct{ Description string }
			}
		}
	}
	if err := json.Unmarshal(DeviationsSchema(), &root); err != nil {
		t.Fatal(err)
	}
	properties := root.Definitions.Deviation.Properties
	want := slices.Sorted(slices.Values(yamlsource.Keys(reflect.TypeFor[deviationEntry]())))
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(properties))); diff != "" {
		t.Errorf("members of entries, and of the schema: %s", diff)
	}
	for name, p := range properties {
		if p.Description == "" {
			t.Errorf("%s has no description", name)
		}
	}
}
