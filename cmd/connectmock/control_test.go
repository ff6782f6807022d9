package main

import (
	"bytes"
	"net"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// bound is the control's settings as its flags make them.
func bound(t *testing.T, standard string, args ...string) *controlSettings {
	t.Helper()
	var s controlSettings
	c := &cobra.Command{}
	s.bind(c, standard)
	if err := c.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return &s
}

// The standard port gives way to another mock's, and that is told. One that was
// chosen does not.
func TestControlPortTaken(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	addr := taken.Addr().String()
	var said bytes.Buffer
	c, err := bound(t, addr).listen(&streams{err: &said}, addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.listener.Close()
	if want := "connectmock: " + addr + " is taken; the control is at " + c.url() + "\n"; said.String() != want {
		t.Errorf("it said %q, not %q", said.String(), want)
	}
	if _, err := bound(t, "127.0.0.1:0", "--control", addr).listen(&streams{err: &said}, addr); err == nil || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("a chosen address: %v", err)
	}
}

func TestControlAddress(t *testing.T) {
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
