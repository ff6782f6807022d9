package main

import (
	"encoding/json"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// graded compares a JSON report of grade with a table of ids and states: graded REPORT
// TABLE. The report may have more.
func graded(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: graded REPORT TABLE")
	}
	var report struct {
		Results []struct{ ID, State, ClientBug, About string }
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &report))
	states := map[string]string{}
	for _, x := range report.Results {
		states[x.ID] = x.State
		if x.About == "" || !strings.HasPrefix(x.ClientBug, "a client that ") {
			ts.Fatalf("%s: what the server does is %q, what passes %q", x.ID, x.About, x.ClientBug)
		}
	}
	rows := 0
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		id, state, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found {
			continue
		}
		if rows++; states[id] != strings.TrimSpace(state) {
			ts.Fatalf("%s is %q, not %s", id, states[id], strings.TrimSpace(state))
		}
	}
	if rows == 0 {
		ts.Fatalf("%s is empty", args[1])
	}
}
