package faults

import (
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// What scenarios are checked against is what a mock knows.
func TestWords_AreThoseAMockKnows(t *testing.T) {
	t.Parallel()
	var names []string
	for _, p := range Presets() {
		names = append(names, p.Name)
	}
	words := controlapi.Words()
	want := map[string][]string{"preset": names, "per": {perToken}, "connection": {ConnectionReset, ConnectionEmpty}, "sync": {down}, "permission": words["permission"]}
	if diff := cmp.Diff(want, words); diff != "" {
		t.Errorf("controlapi.Words (-mock +words):\n%s", diff)
	}
}
