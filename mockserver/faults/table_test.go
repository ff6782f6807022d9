package faults

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// Scenarios are checked against controlapi.Words.
func TestWords_AreThoseOfTheMock(t *testing.T) {
	t.Parallel()
	var names []string
	for _, p := range Presets() {
		names = append(names, p.Name)
	}
	words := controlapi.Words()
	want := map[string][]string{
		"preset": names, "per": {perToken}, "phase": {PhaseBefore, PhaseAfter}, "connection": {ConnectionReset, ConnectionEmpty}, "sync": {syncDown},
		"permission": connect.PermissionNames(),
	}
	if diff := cmp.Diff(want, words); diff != "" {
		t.Errorf("controlapi.Words (-mock +words):\n%s", diff)
	}
}

// Every member of the document selects requests, is a count or has a kind.
func TestKinds_CoverTheDocument(t *testing.T) {
	t.Parallel()
	others := []string{"name", "preset", "operation", "operations", "account", "vault", "token", "nth", "after", "times",
		"percentage", "seed", "per", "phase", "matched", "struck"}
	var effects []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[controlapi.Fault]()) {
		member, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !slices.Contains(others, member) {
			effects = append(effects, member)
		}
	}
	got := members()
	slices.Sort(got)
	slices.Sort(effects)
	if diff := cmp.Diff(effects, got); diff != "" {
		t.Errorf("kinds (-document +kinds):\n%s", diff)
	}
}

// Every member of a preset is copied to the fault, which shares no memory with the preset.
func TestKinds_MergeAndCloneEveryMember(t *testing.T) {
	t.Parallel()
	text, bytes := "x", int64(3)
	preset := controlapi.Fault{
		Delay: &controlapi.Delay{Uniform: &controlapi.Uniform{Max: 1}}, Abort: &controlapi.Abort{Status: 500, Body: &text},
		Headers: map[string]string{"A": "b"}, DropHeaders: []string{"C"}, ContentType: "text/plain",
		Connection: ConnectionReset, Truncate: &bytes, Drip: &controlapi.Drip{Every: 1}, MalformJSON: true, Lag: 1, Sync: syncDown,
	}
	var merged controlapi.Fault
	for _, k := range kinds() {
		if k.merge(&merged, &preset); !k.isSet(&merged) {
			t.Errorf("%s is not merged", k.member)
		}
	}
	clone := cloneDocument(merged)
	if diff := cmp.Diff(preset, clone); diff != "" {
		t.Errorf("merged and cloned (-preset +clone):\n%s", diff)
	}
	preset.Delay.Uniform.Max, *preset.Abort.Body, preset.Headers["A"] = 2, "y", "z"
	preset.DropHeaders[0], *preset.Truncate, preset.Drip.Every = "z", 4, 2
	if *clone.Abort.Body != "x" || clone.Delay.Uniform.Max != 1 || clone.Headers["A"] != "b" ||
		clone.DropHeaders[0] != "C" || *clone.Truncate != 3 || clone.Drip.Every != 1 {
		t.Errorf("the clone shares memory with its document: %+v", clone)
	}
}
