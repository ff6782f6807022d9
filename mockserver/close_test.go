package mockserver_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"go.uber.org/goleak"
)

// findLeaks waits up to a minute for goroutines to end. goleak alone waits for a
// second or two, too little for a busy machine.
func findLeaks(before goleak.Option) (err error) {
	for until := time.Now().Add(time.Minute); ; {
		if err = goleak.Find(before); err == nil || time.Now().After(until) {
			return err
		}
	}
}

// TestClose_LeavesNoGoroutine is not parallel, because it would count the goroutines
// of other tests.
func TestClose_LeavesNoGoroutine(t *testing.T) {
	document(t) // loaded once, so it is no leak
	before := goleak.IgnoreCurrent()
	file := connecttest.WithConfig(func(c *mockserver.Config) { c.Store = filepath.Join(t.TempDir(), "mock.db") })
	for name, options := range map[string][]connecttest.Option{
		"memory": nil, "without a socket": {connecttest.WithoutSocket()}, "file": {file}, "the file again": {file},
	} {
		server, err := connecttest.Start(options...)
		must(t, err)
		s, d := &testServer{server, server.Client}, demo(t)
		for _, c := range securedCalls(d) {
			s.call(t, c)
		}
		if err := server.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := findLeaks(before); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]mockserver.Config{
		"a start that fails early": {Quirks: map[string]string{"x": "y"}},
		"a start that fails late":  {Tokens: map[string]string{"x": ""}},
	} {
		if _, err := mockserver.New(t.Context(), c); err == nil {
			t.Errorf("%s: did not fail", name)
		}
		if err := findLeaks(before); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
