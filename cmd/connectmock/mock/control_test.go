package mock

import (
	"bytes"
	"net"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/spf13/cobra"
)

// parseControlFlags returns the settings that flags of the control give.
func parseControlFlags(t *testing.T, addr string, args ...string) *controlSettings {
	t.Helper()
	var s controlSettings
	c := &cobra.Command{}
	s.bind(c, addr)
	if err := c.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return &s
}

func TestControl_TakesAnotherPortUnlessOneWasChosen(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	addr := taken.Addr().String()
	var stderr bytes.Buffer
	c, err := parseControlFlags(t, addr).listen(&cli.Streams{Err: &stderr}, addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.listener.Close()
	if want := "connectmock: " + addr + " is taken; the control is at " + c.url() + "\n"; stderr.String() != want {
		t.Errorf("standard error is %q, want %q", stderr.String(), want)
	}
	chosen := parseControlFlags(t, "127.0.0.1:0", "--control", addr)
	_, err = chosen.listen(&cli.Streams{Err: &stderr}, addr)
	if err == nil || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("a chosen address: %v", err)
	}
}

func TestControlAddress_NeedsATokenBeyondLoopback(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ addr, token, want string }{
		{"127.0.0.1:0", "", "127.0.0.1:0"},
		{"localhost", "", "localhost:8081"},
		{"[::1]", "", "[::1]:8081"},
		{"127.8.9.1:80", "", "127.8.9.1:80"},
		{":0", "", ""},
		{":0", "chosen", ":0"},
		{"0.0.0.0", "chosen", "0.0.0.0:8081"},
		{"192.0.2.1:80", "", ""},
		{"example.com:80", "", ""},
		{"8081", "chosen", ""},
		{"http://127.0.0.1:8081", "chosen", ""},
		{"", "chosen", ""},
		{"127.0.0.1:0", "two words", ""},
	} {
		s := &controlSettings{addr: tt.addr, token: tt.token}
		if got, err := s.address(); got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%q with %q: %q, %v", tt.addr, tt.token, got, err)
		}
	}
}
