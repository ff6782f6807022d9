package faults

import (
	"strconv"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

func TestPhase_DecidesWhenEffectsAct(t *testing.T) {
	t.Parallel()
	const second = time.Second
	delay := &controlapi.Delay{Fixed: controlapi.Duration(second)}
	abort := &controlapi.Abort{Status: 429, Message: "m"}
	sent := &Abort{Status: 429, Error: defaultError(429, Request{})}
	sent.Error.Message = "m"
	for name, test := range map[string]struct {
		fault         controlapi.Fault
		before, after Interruption
	}{
		"delay":               {controlapi.Fault{Delay: delay}, Interruption{Delay: second}, Interruption{}},
		"delay, before":       {controlapi.Fault{Delay: delay, Phase: "before"}, Interruption{Delay: second}, Interruption{}},
		"delay, after":        {controlapi.Fault{Delay: delay, Phase: "after"}, Interruption{}, Interruption{Delay: second}},
		"abort":               {controlapi.Fault{Abort: abort}, Interruption{Abort: sent}, Interruption{}},
		"abort, before":       {controlapi.Fault{Abort: abort, Phase: "before"}, Interruption{Abort: sent}, Interruption{}},
		"abort, after":        {controlapi.Fault{Abort: abort, Phase: "after"}, Interruption{}, Interruption{Abort: sent}},
		"connection":          {controlapi.Fault{Connection: "reset"}, Interruption{}, Interruption{Connection: "reset"}},
		"connection, before":  {controlapi.Fault{Connection: "empty", Phase: "before"}, Interruption{Connection: "empty"}, Interruption{}},
		"connection, after":   {controlapi.Fault{Connection: "reset", Phase: "after"}, Interruption{}, Interruption{Connection: "reset"}},
		"delay, connection":   {controlapi.Fault{Delay: delay, Connection: "reset"}, Interruption{Delay: second}, Interruption{Connection: "reset"}},
		"everything, before":  {controlapi.Fault{Delay: delay, Abort: abort, Connection: "reset", Phase: "before"}, Interruption{second, sent, "reset"}, Interruption{}},
		"everything, after":   {controlapi.Fault{Delay: delay, Abort: abort, Connection: "reset", Phase: "after"}, Interruption{}, Interruption{second, sent, "reset"}},
		"before is a default": {controlapi.Fault{MalformJSON: true, Lag: 1, Sync: "down", Phase: "before"}, Interruption{}, Interruption{}},
	} {
		got := set(t, test.fault).Effects(get("A", "t"))
		if diff := cmp.Diff([]Interruption{test.before, test.after}, []Interruption{got.Before, got.After}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Effects that exclude each other keep the phase of their fault.
func TestPhase_OfSeveralFaultsIsThatOfEachOne(t *testing.T) {
	t.Parallel()
	delay := func(phase string) controlapi.Fault {
		return controlapi.Fault{Phase: phase, Delay: &controlapi.Delay{Fixed: controlapi.Duration(time.Second)}}
	}
	abort := func(phase string, status int) controlapi.Fault {
		return controlapi.Fault{Phase: phase, Abort: &controlapi.Abort{Status: status}}
	}
	closing := func(phase, how string) controlapi.Fault { return controlapi.Fault{Phase: phase, Connection: how} }
	for name, test := range map[string]struct {
		faults        []controlapi.Fault
		before, after string // the status and how the connection is closed
		delays        [2]time.Duration
	}{
		"delays add up in each phase": {
			[]controlapi.Fault{delay(""), delay("after"), delay("after"), delay("before"), delay("after")},
			"0 ", "0 ", [2]time.Duration{2 * time.Second, 3 * time.Second},
		},
		"the first abort is used: after":     {[]controlapi.Fault{abort("after", 500), abort("", 429)}, "0 ", "500 ", [2]time.Duration{}},
		"the first abort is used: before":    {[]controlapi.Fault{abort("", 429), abort("after", 500)}, "429 ", "0 ", [2]time.Duration{}},
		"the first connection is used: lost": {[]controlapi.Fault{closing("", "reset"), closing("before", "empty")}, "0 ", "0 reset", [2]time.Duration{}},
		"the first connection is used":       {[]controlapi.Fault{closing("before", "empty"), closing("after", "reset")}, "0 empty", "0 ", [2]time.Duration{}},
		"one of each":                        {[]controlapi.Fault{abort("after", 500), closing("before", "reset")}, "0 reset", "500 ", [2]time.Duration{}},
	} {
		s := set(t, test.faults...)
		e := s.Effects(get("A", "t"))
		text := func(i Interruption) string {
			status := "0"
			if i.Abort != nil {
				status = strconv.Itoa(i.Abort.Status)
			}
			return status + " " + i.Connection
		}
		if text(e.Before) != test.before || text(e.After) != test.after {
			t.Errorf("%s: %q before and %q after, want %q and %q",
				name, text(e.Before), text(e.After), test.before, test.after)
		}
		if got := [2]time.Duration{e.Before.Delay, e.After.Delay}; got != test.delays {
			t.Errorf("%s: delays %v, want %v", name, got, test.delays)
		}
		if second := s.List("")[1]; test.faults[1].Abort != nil && second.Matched != 0 {
			t.Errorf("%s: the second abort counted the request", name)
		}
	}
}
