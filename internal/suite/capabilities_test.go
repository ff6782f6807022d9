package suite_test

import (
	"testing"

	"github.com/connectmock/connectmock/internal/suite"
)

func TestCapabilities_SayWhyACaseIsSkipped(t *testing.T) {
	t.Parallel()
	var found suite.Capabilities
	found.Add("read", true, "vault a")
	found.Add("write", false, "writes are not allowed")
	for _, tt := range []struct {
		needs []string
		want  string
	}{
		{nil, ""},
		{[]string{"read"}, ""},
		{[]string{"read", "write"}, "needs write: writes are not allowed"},
		{[]string{"clock"}, "needs the unknown capability clock"},
	} {
		if got := found.SkipReason(tt.needs); got != tt.want {
			t.Errorf("needs %v: %q, want %q", tt.needs, got, tt.want)
		}
	}
}
