package connect_test

import (
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

func TestVersionRange_HoldsFromItsFirstVersionToTheOneBeforeItsEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, before, version string
		want                  bool
	}{
		{"", "1.5.0", "1.0.0", true}, {"", "1.5.0", "1.4.9", true}, {"", "1.5.0", "1.5.0", false},
		{"1.5.4", "1.5.10", "1.5.3", false}, {"1.5.4", "1.5.10", "1.5.4", true}, {"1.5.4", "1.5.10", "1.5.9", true},
		{"1.5.4", "1.5.10", "1.5.10", false}, {"1.5.4", "1.5.10", "1.10.0", false},
	} {
		r := connect.VersionRange{From: c.from, Before: c.before}
		if got := r.Holds(c.version); got != c.want {
			t.Errorf("%s, %s: %t", r, c.version, got)
		}
	}
}

func TestIsVersion_WantsThreeNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"1.5.4": true, "10.0.0": true, "1.5": false, "v1.5.4": false, "1.5.4.1": false, "": false, "1.5.x": false,
	} {
		if got := connect.IsVersion(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}
