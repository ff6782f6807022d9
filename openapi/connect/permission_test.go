package connect_test

import (
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

func TestPermission_HasTheValuesOfRealTokens(t *testing.T) {
	t.Parallel()
	if connect.Read != 48 || connect.ReadWrite != 496 {
		t.Errorf("read is %d, read and write %d", int(connect.Read), int(connect.ReadWrite))
	}
	if got := connect.View.String(); got != "32" {
		t.Errorf("a bit alone is %s", got)
	}
}

func TestParsePermission_AcceptsTheNamesOnly(t *testing.T) {
	t.Parallel()
	for _, p := range []connect.Permission{connect.Read, connect.Write, connect.ReadWrite} {
		if got, err := connect.ParsePermission(p.String()); err != nil || got != p {
			t.Errorf("%v is read as %v: %v", p, got, err)
		}
	}
	for _, name := range []string{"", "Read", "48", "readwrite"} {
		if p, err := connect.ParsePermission(name); err == nil {
			t.Errorf("%q is read as %v", name, p)
		}
	}
}
