package faults

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

func TestPresets_AreComplete(t *testing.T) {
	t.Parallel()
	tag := regexp.MustCompile(`\[[RTDCWG]\]`)
	for _, p := range Presets() {
		if p.Name == "" || p.About == "" || p.Finds == "" || !tag.MatchString(p.Evidence) {
			t.Errorf("preset %+v has empty members", p)
		}
		if strings.Count(strings.Join(controlapi.PresetNames(), " ")+" ", p.Name+" ") != 1 {
			t.Errorf("preset %s: the name is not listed once in PresetNames", p.Name)
		}
		kept, err := New(operations()).Add(controlapi.Fault{Preset: p.Name})
		if err != nil {
			t.Errorf("preset %s: %v", p.Name, err)
			continue
		}
		want := p.Fault
		want.Name, want.Preset = p.Name, p.Name
		if diff := cmp.Diff(want, kept); diff != "" {
			t.Errorf("preset %s: the fault differs from the preset: %s", p.Name, diff)
		}
		// A listed fault can be added to another server.
		encoded, err := json.Marshal(kept)
		if err != nil {
			t.Fatal(err)
		}
		var again controlapi.Fault
		if err := json.Unmarshal(encoded, &again); err != nil {
			t.Fatal(err)
		}
		if got, err := New(operations()).Add(again); err != nil || !cmp.Equal(got, kept) {
			t.Errorf("preset %s again: %+v, error %v", p.Name, got, err)
		}
	}
}

func TestAdd_MergesMembersWithThePreset(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		given controlapi.Fault
		check func(controlapi.Fault) bool
	}{
		"operation": {controlapi.Fault{Preset: "throttled-429", Operation: "GetVaults"},
			func(f controlapi.Fault) bool { return slices.Equal(f.Operations, []string{"GetVaults"}) }},
		"times":      {controlapi.Fault{Preset: "first-request-401", Times: 3}, func(f controlapi.Fault) bool { return f.Times == 3 && f.Per == "token" }},
		"nth":        {controlapi.Fault{Preset: "file-not-synced-500", Nth: 4}, func(f controlapi.Fault) bool { return f.Times == 0 && f.Nth == 4 }},
		"percentage": {controlapi.Fault{Preset: "intermittent-403", Percentage: 100}, func(f controlapi.Fault) bool { return f.Percentage == 100 && f.Seed == 1 }},
		"lag":        {controlapi.Fault{Preset: "write-visibility-lag", Lag: 7}, func(f controlapi.Fault) bool { return f.Lag == 7 }},
		"abort":      {controlapi.Fault{Preset: "read-only", Abort: &controlapi.Abort{Status: 401}}, func(f controlapi.Fault) bool { return f.Abort.Status == 401 && f.Abort.Message == "" }},
		"headers": {controlapi.Fault{Preset: "throttled-429", Headers: map[string]string{"Retry-After": "60"}},
			func(f controlapi.Fault) bool { return f.Headers["Retry-After"] == "60" }},
		"phase of a preset": {controlapi.Fault{Preset: "answer-lost", Connection: "empty"},
			func(f controlapi.Fault) bool { return f.Phase == "after" && f.Connection == "empty" && f.Times == 1 }},
		"phase": {controlapi.Fault{Preset: "answer-lost", Phase: "before"},
			func(f controlapi.Fault) bool { return f.Phase == "before" && f.Connection == "reset" }},
		"phase beside a preset": {controlapi.Fault{Preset: "gateway-504", Phase: "after"},
			func(f controlapi.Fault) bool { return f.Phase == "after" && f.Abort.Status == 504 }},
		"one more": {controlapi.Fault{Preset: "gateway-502", Delay: &controlapi.Delay{Fixed: 1}},
			func(f controlapi.Fault) bool { return f.Delay.Fixed == 1 && f.Abort.Status == 502 }},
	} {
		kept, err := New(operations()).Add(test.given)
		if err != nil || !test.check(kept) {
			t.Errorf("%s: %+v, error %v", name, kept, err)
		}
	}
	// Another document may lack operations that a preset applies to.
	few := New([]string{"GetVaults", "CreateVaultItem"})
	kept, err := few.Add(controlapi.Fault{Preset: "write-visibility-lag"})
	if err != nil || !slices.Equal(kept.Operations, []string{"CreateVaultItem"}) {
		t.Errorf("with a small document: %+v, error %v", kept, err)
	}
	_, err = few.Add(controlapi.Fault{Preset: "file-not-synced-500"})
	wantError(t, err, 400, `preset: "file-not-synced-500" applies to DownloadFileByID, which this server does not have`)
}

// A fault that is only a lag does not count reads.
func TestLag_CountsWritesOnly(t *testing.T) {
	t.Parallel()
	s := set(t, controlapi.Fault{Lag: 1, Times: 1})
	for _, test := range []struct {
		operation string
		applies   bool
	}{{"GetVaults", false}, {"CreateVaultItem", true}, {"CreateVaultItem", false}} {
		if got := s.Effects(Request{Operation: test.operation}) != nil; got != test.applies {
			t.Errorf("%s: the fault applies: %t", test.operation, got)
		}
	}
}
