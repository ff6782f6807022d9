package openapi

import (
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// The words of faults and tokens are the enumerations of the control document.
func TestWords_AreTheEnumerationsOfTheDocument(t *testing.T) {
	t.Parallel()
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Enum       []string
				Properties map[string]struct{ Enum []string }
			}
		}
	}
	if err := yaml.Unmarshal(controlYAML, &document); err != nil {
		t.Fatal(err)
	}
	schemas := document.Components.Schemas
	words := controlapi.Words()
	for member, got := range map[string][]string{
		"per": schemas["Fault"].Properties["per"].Enum, "connection": schemas["Fault"].Properties["connection"].Enum,
		"sync": schemas["Fault"].Properties["sync"].Enum, "permission": schemas["Permission"].Enum,
	} {
		if diff := cmp.Diff(words[member], got); diff != "" {
			t.Errorf("%s (-words +document):\n%s", member, diff)
		}
	}
}
