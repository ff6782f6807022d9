package grade

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write the golden files again")

// sample returns a report with each state.
func sample(t *testing.T) *Report {
	t.Helper()
	list := named(t, "body/vault-list-cut", "body/vault-list-in-object", "status/no-match-answers-404",
		"error/denied-text", "health/heartbeat-is-json", "header/json-as-text")
	return &Report{
		Command: "npm test -- 'a|b' <x>", Requests: 3, Operations: []string{unknownPath, "GetVaults"},
		First: 1234567 * time.Microsecond, Limit: 13 * time.Second, Took: time.Minute,
		Began: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC), Ended: "the budget of 1m0s ended", AtLeast: 50,
		Results: []Result{
			{Mutant: list[0], State: Noticed, Reason: "the tests failed: exit code 1", Took: time.Second,
				First: "GET /v1/vaults, request 1 of 3: another body"},
			{Mutant: list[1], State: Accepted, Reason: "the tests passed", Took: 2 * time.Second,
				First: "GET /v1/vaults, request 1 of 3: another body"},
			{Mutant: list[2], State: NotTriggered, Reason: "no request of the tests gets a wrong response"},
			{Mutant: list[3], State: NotReached, Reason: "the tests call none of its operations"},
			{Mutant: list[4], State: NotReached, Reason: "the tests call none of its operations"},
			{Mutant: list[5], State: NotRun, Reason: "the budget of 1m0s ended",
				First: "GET /v1/vaults, request 1 of 3: another header"},
		},
	}
}

func TestWriters_WriteGoldenFiles(t *testing.T) {
	t.Parallel()
	failed := &Report{Began: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC), Problem: ErrNoRequests.Error()}
	for _, tt := range []struct {
		name   string
		write  func(io.Writer, *Report) error
		report *Report
	}{
		{"report.json", JSON, sample(t)}, {"report.md", Markdown, sample(t)}, {"report.html", HTML, sample(t)},
		{"failed.json", JSON, failed}, {"failed.md", Markdown, failed}, {"failed.html", HTML, failed},
	} {
		var got bytes.Buffer
		if err := tt.write(&got, tt.report); err != nil {
			t.Fatal(err)
		}
		text := got.Bytes()
		if filepath.Ext(tt.name) == ".html" { // the style has its own tests
			before, rest, _ := bytes.Cut(text, []byte("<style>"))
			_, after, _ := bytes.Cut(rest, []byte("</style>"))
			text = append(bytes.Clone(before), after...)
		}
		file := filepath.Join("testdata", tt.name)
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestJSON_MatchesItsSchema(t *testing.T) {
	t.Parallel()
	published, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("grade.schema.json", published); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("grade.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	everything := sample(t)
	for _, m := range mutants.All() {
		everything.Results = append(everything.Results, Result{Mutant: m, State: NotReached, Reason: "why"})
	}
	wrong := sample(t)
	wrong.Results[0].State = "unknown"
	for _, tt := range []struct {
		name   string
		report *Report
		valid  bool
	}{
		{"with all mutants", everything, true}, {"of a failure", &Report{Problem: "why"}, true},
		{"with an unknown state", wrong, false},
	} {
		var text bytes.Buffer
		if err := JSON(&text, tt.report); err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(&text)
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(document); (err == nil) != tt.valid {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestReport_ComputesTheExitCode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		states  []State
		atLeast float64
		want    int
	}{
		{[]State{Noticed, Accepted}, 0, Enough},
		{[]State{Noticed, Accepted}, 50, Enough},
		{[]State{Noticed, Accepted}, 50.1, TooFew},
		{[]State{Noticed, NotTriggered, NotReached, NotRun}, 51, TooFew},
		{[]State{Noticed, NotReached, NotRun}, 100, Enough},
		{[]State{Accepted}, 0, Enough},
		{[]State{NotReached, NotRun}, 0, Empty},
		{nil, 0, Empty},
	} {
		r := &Report{AtLeast: tt.atLeast}
		for _, s := range tt.states {
			r.Results = append(r.Results, Result{State: s})
		}
		if got := r.ExitCode(); got != tt.want {
			t.Errorf("%v, at least %g: %d, want %d", tt.states, tt.atLeast, got, tt.want)
		}
	}
	if got := (&Report{Problem: "x"}).ExitCode(); got != Broken {
		t.Errorf("a problem has exit code %d", got)
	}
}

func TestPercentText_RoundsDown(t *testing.T) {
	t.Parallel()
	for p, want := range map[float64]string{0: "0%", 99.99: "99.9%", 100: "100%", 33.33: "33.3%"} {
		if got := percentText(p); got != want {
			t.Errorf("%g is %s, want %s", p, got, want)
		}
	}
}
