package contract

import (
	"net/http"
	"slices"
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
		"a pattern":       {Deviation{Rule: "health/*", Expires: day(1)}, report.KnownDeviation, report.Kept},
		"another pattern": {Deviation{Rule: "items/*", Expires: day(1)}, report.Fail, report.Broken},
		"these targets":   {Deviation{Rule: broken, Target: "mo*", Expires: day(1)}, report.KnownDeviation, report.Kept},
		"other targets":   {Deviation{Rule: broken, Target: "*.example.com", Expires: day(1)}, report.Fail, report.Broken},
		"these versions":  {Deviation{Rule: broken, Version: "1.*", Expires: day(1)}, report.KnownDeviation, report.Kept},
		"other versions":  {Deviation{Rule: broken, Version: "1.5.*", Expires: day(1)}, report.Fail, report.Broken},
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
	t.Run("a pattern whose rules all pass", func(t *testing.T) {
		entry := Deviation{Rule: "health/*", Reason: "says pong", Owner: "somebody", Expires: day(1)}
		for _, c := range []struct {
			rules []string
			want  report.State
		}{
			{[]string{"health/*"}, report.UnexpectedPass},
			{[]string{broken, correct}, report.Pass}, // the rules that fail may be among the others
		} {
			run := mustRun(t, mockTarget(t), Options{
				Rules: c.rules, Deviations: []Deviation{entry}, Now: func() time.Time { return today },
			})
			if got := states(run)[broken]; got != c.want {
				t.Errorf("%v: %s, want %s", c.rules, got, c.want)
			}
		}
	})
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
	for _, other := range []string{"  target: mock\n", "  version: 1.8.1\n"} {
		if list, err := ReadDeviations("known.yaml", strings.NewReader(good+good+other)); err != nil || len(list) != 2 {
			t.Errorf("the same rule, but %s: %+v %v", other, list, err)
		}
	}
	for name, c := range map[string]struct{ text, want string }{
		"unknown rule": {strings.Replace(good, "heartbeat", "heartbaet", 1),
			`known.yaml:1:9: no rule matches "health/heartbaet"; did you mean "health/heartbeat"`},
		"unknown member": {good + "  expirse: 2027-01-01\n",
			`known.yaml:5:3: unknown key "expirse" (did you mean "expires"?)`},
		"no owner":  {strings.Replace(good, "  owner: somebody\n", "", 1), "owner"},
		"no reason": {strings.Replace(good, "  reason: says pong\n", "", 1), "reason"},
		"no expiry": {strings.Replace(good, "  expires: 2026-06-10\n", "", 1), "expires"},
		"no date": {strings.Replace(good, "2026-06-10", "soon", 1),
			"known.yaml:4:12: expires must be a day (like 2026-12-31, the last day it counts)"},
		"broken UTF-16": {"\xff\xfea", "known.yaml: the text starts as UTF-16"},
		"a day that does not exist": {strings.Replace(good, "2026-06-10", "2026-02-30", 1),
			"known.yaml:4:12: expires is 2026-02-30, a day that does not exist (like 2026-12-31, the last day it counts)"},
		"a list of days": {strings.Replace(good, "2026-06-10", "[2026-06-10]", 1),
			"known.yaml:4:12: expires must be a day, not a list"},
		"an empty day":  {strings.Replace(good, " 2026-06-10", "", 1), "a deviation without expires"},
		"an empty text": {strings.Replace(good, "says pong", `""`, 1), "a deviation without reason"},
		"a pattern without rules": {strings.Replace(good, "health/heartbeat", "helth/*", 1),
			`known.yaml:1:9: no rule matches "helth/*"; did you mean "health/*"`},
		"no pattern": {strings.Replace(good, "health/heartbeat", `"health/["`, 1), "syntax error in pattern"},
		"no version": {good + "  version: 1.8\n",
			"known.yaml:5:12: version must be a version of Connect or a pattern (like 1.8.1 or 1.5.*)"},
		"no target": {good + "  target: \"[\"\n", "known.yaml:5:11: target must be a host or a pattern"},
		"all rules": {strings.Replace(good, "health/heartbeat", `"*"`, 1), `known.yaml:1:9: no rule matches "*": a * does not match a /; "*/*" matches the rules of each group`},
		"two of a kind": {good + strings.Replace(good, "somebody", "ada", 1),
			"known.yaml:5:3: a second deviation of health/heartbeat; the first is in line 1 (keep one of them)"},
		"no list": {"rule: health/heartbeat\n", "known.yaml"},
		"nested":  {strings.Repeat("[", 100_000), "nested too deeply"},
	} {
		if _, err := ReadDeviations("known.yaml",
			strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) ||
			!strings.Contains(err.Error(), "known.yaml") {
			t.Errorf("%s: %v, want an error with %s", name, err, c.want)
		}
	}
	_, err = ReadDeviations("known.yaml", strings.NewReader("- health/heartbeat\n"))
	if err == nil || !strings.HasPrefix(err.Error(), "known.yaml:1:3: must be a mapping, not text") ||
		strings.Contains(err.Error(), "without") {
		t.Errorf("an entry that is a text: %v", err)
	}
}

// What the run wrote can be used once reason and owner are filled in. It has nothing that the server must not see
// in public, which the redactor is for.
func TestWriteDeviations_WritesWhatFailed(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 6, 10, 15, 0, 0, 0, time.UTC)
	now := func() time.Time { return today }
	target := wrappedTarget(t, func(next http.Handler) http.Handler { return saysPong(next) })
	options := Options{Rules: []string{"health/heartbeat", "health/state"}, Now: now}
	var text strings.Builder
	if err := WriteDeviations(&text, mustRun(t, target, options), today); err != nil {
		t.Fatal(err)
	}
	const entry = "- rule: health/heartbeat\n  target: \"mock\"\n  version: \"1.8.2\"\n" +
		"  reason: \"\"\n  owner: \"\"\n  expires: 2026-09-08\n"
	if !strings.HasSuffix(text.String(), entry) || strings.Count(text.String(), "- rule:") != 1 ||
		!strings.Contains(text.String(), "\n# found: ") {
		t.Errorf("written:\n%s", text.String())
	}
	if _, err := ReadDeviations("new.yaml", strings.NewReader(text.String())); err == nil ||
		!strings.Contains(err.Error(), "a deviation without reason") || !strings.Contains(err.Error(), "without owner") {
		t.Errorf("before somebody has filled it in: %v", err)
	}
	filled := strings.Replace(strings.Replace(text.String(), `reason: ""`, "reason: says pong", 1), `owner: ""`, "owner: ada", 1)
	var err error
	if options.Deviations, err = ReadDeviations("new.yaml", strings.NewReader(filled)); err != nil {
		t.Fatal(err)
	}
	if run := mustRun(t, target, options); run.ExitCode() != report.Kept || run.Count()[report.KnownDeviation] != 1 {
		t.Errorf("with the new list: exit code %d, %s", run.ExitCode(), run.Headline())
	}
}

// An expired entry is named beside the failure, and the warning says what to do about it.
func TestRun_SaysWhatToDoAboutExpiredDeviations(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 6, 10, 15, 0, 0, 0, time.UTC)
	entry := Deviation{Rule: "health/heartbeat", Reason: "says pong", Owner: "ada", Expires: today.AddDate(0, 0, -2)}
	const warning = "the deviation of health/heartbeat (owner ada) expired on 2026-06-08: "
	broken := wrappedTarget(t, func(next http.Handler) http.Handler { return saysPong(next) })
	for name, c := range map[string]struct {
		target Target
		rule   string
		want   string
	}{
		"fails":        {broken, "health/heartbeat", "correct the server, or renew it"},
		"passes":       {mockTarget(t), "health/heartbeat", "remove it, because the rule passes"},
		"not selected": {mockTarget(t), "health/state", "renew it, or remove it"},
	} {
		run := mustRun(t, c.target, Options{
			Rules: []string{c.rule}, Deviations: []Deviation{entry}, Now: func() time.Time { return today },
		})
		if !slices.Contains(run.Warnings, warning+c.want) {
			t.Errorf("%s: warnings %q", name, run.Warnings)
		}
		for _, x := range run.Results {
			const reason = "its deviation expired on 2026-06-08 (says pong, owner ada); correct the server, or renew the entry"
			if x.State == report.Fail && x.Reason != reason {
				t.Errorf("%s: the failure says %q", name, x.Reason)
			}
		}
	}
}
