package contract

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/report"
)

// A known deviation is not a failure until it expires. A deviation whose rule passes
// fails the run.
func TestRun_ReportsKnownDeviations(t *testing.T) {
	today := time.Date(2026, 6, 10, 15, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return time.Date(2026, 6, 10+n, 0, 0, 0, 0, time.UTC) }
	const broken, correct = "health/heartbeat", "health/state"
	for name, c := range map[string]struct {
		entry Deviation
		state report.State
		code  int
	}{
		"none":            {Deviation{Rule: correct + "x"}, report.Fail, report.Broken},
		"known":           {Deviation{Rule: broken, Expires: day(30)}, report.KnownDeviation, report.Kept},
		"last day":        {Deviation{Rule: broken, Expires: day(0)}, report.KnownDeviation, report.Kept},
		"expired":         {Deviation{Rule: broken, Expires: day(-1)}, report.Fail, report.Broken},
		"this target":     {Deviation{Rule: broken, Target: "mock", Expires: day(1)}, report.KnownDeviation, report.Kept},
		"another target":  {Deviation{Rule: broken, Target: "production", Expires: day(1)}, report.Fail, report.Broken},
		"this version":    {Deviation{Rule: broken, Version: "1.8.2", Expires: day(1)}, report.KnownDeviation, report.Kept},
		"another version": {Deviation{Rule: broken, Version: "1.7.3", Expires: day(1)}, report.Fail, report.Broken},
	} {
		t.Run(name, func(t *testing.T) {
			c.entry.Reason, c.entry.Owner = "says pong", "somebody"
			target := wrappedTarget(t, func(next http.Handler) http.Handler { return saysPong(next) })
			run := mustRun(t, target, Options{
				Rules: []string{broken, correct}, Deviations: []Deviation{c.entry}, Now: func() time.Time { return today },
			})
			for _, x := range run.Results {
				if x.ID == broken && x.State != c.state {
					t.Errorf("%s: %s %s", x.State, x.Reason, x.Failure)
				}
				if x.State == report.KnownDeviation && !strings.Contains(x.Reason, "says pong") {
					t.Errorf("the reason is missing: %s", x.Reason)
				}
			}
			if run.ExitCode() != c.code {
				t.Errorf("exit code %d, want %d: %v", run.ExitCode(), c.code, run.Count())
			}
		})
	}
	t.Run("unexpected pass", func(t *testing.T) {
		run := mustRun(t, mockTarget(t), Options{
			Rules: []string{broken}, Now: func() time.Time { return today },
			Deviations: []Deviation{{Rule: broken, Reason: "says pong", Owner: "somebody", Expires: day(1)}},
		})
		if run.Count()[report.UnexpectedPass] != 1 || run.ExitCode() != report.Broken {
			t.Errorf("exit code %d: %v", run.ExitCode(), run.Count())
		}
	})
}

func saysPong(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/heartbeat" {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("1Password-Connect-Version", "1.8.1")
		_, _ = w.Write([]byte("pong")) // to memory
	})
}

func TestReadDeviations(t *testing.T) {
	t.Parallel()
	const good = "- rule: health/heartbeat\n  reason: says pong\n  owner: somebody\n  expires: 2026-06-10\n"
	list, err := ReadDeviations("known.yaml", strings.NewReader(good))
	if err != nil || len(list) != 1 || list[0].Rule != "health/heartbeat" || list[0].Expires.Day() != 10 {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := ReadDeviations("known.yaml", strings.NewReader("# none\n\n")); err != nil || len(list) != 0 {
		t.Errorf("an empty file: %+v %v", list, err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"unknown rule": {strings.Replace(good, "heartbeat", "heartbaet", 1),
			`known.yaml:1:9: no rule matches "health/heartbaet"; did you mean: health/heartbeat`},
		"unknown member": {good + "  expirse: 2027-01-01\n",
			`known.yaml:5:3: unknown key "expirse" (did you mean "expires"?)`},
		"no owner":  {strings.Replace(good, "  owner: somebody\n", "", 1), "owner"},
		"no reason": {strings.Replace(good, "  reason: says pong\n", "", 1), "reason"},
		"no expiry": {strings.Replace(good, "  expires: 2026-06-10\n", "", 1), "expires"},
		"no date": {strings.Replace(good, "2026-06-10", "soon", 1),
			"known.yaml:4:12: expires must be a day (like 2026-12-31, the last day it counts)"},
		"broken UTF-16": {"\xff\xfea", "known.yaml: the text starts as UTF-16"},
		"no list":       {"rule: health/heartbeat\n", "known.yaml"},
		"nested":        {strings.Repeat("[", 100_000), "nested too deeply"},
	} {
		if _, err := ReadDeviations("known.yaml",
			strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) ||
			!strings.Contains(err.Error(), "known.yaml") {
			t.Errorf("%s: %v, want an error with %s", name, err, c.want)
		}
	}
}
