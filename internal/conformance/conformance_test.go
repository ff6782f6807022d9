package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// facts returns what reports of the tests say besides their runs.
func facts() Facts {
	return Facts{
		Tool:  Tool{"connectmock", "v1.2.3"},
		Rules: RuleSet{9, "sha256:" + strings.Repeat("ab", 32)},
		Reproduce: Reproduce{
			Command: "connectmock contract run --seed 7", Environment: []string{"OP_CONNECT_HOST", "OP_CONNECT_TOKEN"},
		},
		Profile: func(id string) string {
			group, _, _ := strings.Cut(id, "/")
			return map[string]string{"items": "write", "files": "files", "activity": "activity"}[group] +
				map[bool]string{true: "read"}[group == "vaults"]
		},
		IsPromised: func(id string) bool { return id != "files/details" },
		NeedsMock:  func(id string) bool { return strings.HasPrefix(id, "mock/") },
	}
}

// newRun returns a run with a result in each state.
func newRun() *report.Run {
	return &report.Run{
		Suite: "contract", Target: "connect.example.com", Version: "1.8.1", Document: "1Password Connect 1.8.1", Seed: 7,
		Began: time.Date(2026, 3, 21, 12, 0, 0, 0, time.UTC), Took: 8340 * time.Millisecond,
		Results: []report.Result{
			{ID: "vaults/list", Level: "MUST", Evidence: "[D] published document; [C] op", State: report.Pass},
			{ID: "vaults/get", Level: "MUST", Evidence: "[D] [D]", State: report.Pass},
			{
				ID: "items/create", Level: "MUST", Evidence: "[R]", State: report.Fail,
				Failure: "Expected\n  <b>201</b> | `x`\nto equal\n  200",
			},
			{ID: "items/patch", Level: "SHOULD", Evidence: "[T]", State: report.KnownDeviation, Reason: "old (owner ada)"},
			{ID: "items/delete", Level: "MUST", Evidence: "[W]", State: report.Error, Reason: "no response"},
			{ID: "files/list", Level: "MUST", Evidence: "[D]", State: report.Skip, Reason: "needs files: no item has a file; add one"},
			{ID: "files/content", Level: "MUST", Evidence: "[D]", State: report.Skip, Reason: "needs files: no item has a file; add one"},
			{ID: "files/details", Level: "MUST", Evidence: "[D]", State: report.Disabled, Reason: "not promised"},
			{ID: "activity/page", Level: "OBSERVED", Evidence: "[G]", State: report.Disabled, Reason: "not among the selected rules"},
			{ID: "activity/end", Level: "MUST", Evidence: "[D]", State: report.NotRun, Reason: "Ctrl-C"},
		},
		Capabilities: []report.Capability{{Name: "files", Why: "no item has a file"}},
		Errors:       []string{"2 items could not be deleted"},
	}
}

// newReports returns the reports of three servers.
func newReports() []*Report {
	older := newRun()
	older.Target, older.Version = "old.example.com", ""
	older.Results = older.Results[:8]
	older.Results[2] = report.Result{ID: "items/create", Level: "MUST", Evidence: "[R]", State: report.Pass}
	f := facts()
	f.AgainstVersion, f.Rules.Digest = "1.5.4", "sha256:"+strings.Repeat("cd", 32)
	empty := &report.Run{Suite: "contract", Target: "down.example.com", Errors: []string{"connection refused"}}
	return []*Report{New(newRun(), facts()), New(older, f), New(empty, facts())}
}

func TestWriters_MatchGoldenFiles(t *testing.T) {
	t.Parallel()
	first := newReports()[0]
	for name, write := range map[string]func(io.Writer) error{
		"report.json":   first.JSON,
		"in-toto.json":  func(w io.Writer) error { return first.Statement(w, Subject{}) },
		"empty.json":    newReports()[2].JSON,
		"matrix.md":     func(w io.Writer) error { return Markdown(w, newReports()) },
		"matrix.html":   func(w io.Writer) error { return HTML(w, newReports()) },
		"matrix-one.md": func(w io.Writer) error { return Markdown(w, newReports()[:1]) },
	} {
		var got bytes.Buffer
		if err := write(&got); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s: run with -update and read the diff: %s", name, diff)
		}
	}
}

// validate validates JSON against the published schema.
func validate(t *testing.T, data []byte) error {
	t.Helper()
	published, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("conformance.schema.json", published); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("conformance.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(document)
}

func text(t *testing.T, r *Report) string {
	t.Helper()
	var b strings.Builder
	if err := r.JSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJSON_MatchesItsSchemaAndIsRead(t *testing.T) {
	t.Parallel()
	for _, r := range newReports() {
		data := []byte(text(t, r))
		if err := validate(t, data); err != nil {
			t.Errorf("%s: %v", r.Server.Target, err)
		}
		got, err := Read(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, got); diff != "" {
			t.Errorf("%s (-written +read):\n%s", r.Server.Target, diff)
		}
	}
}

func TestSchema_RejectsInvalidReports(t *testing.T) {
	t.Parallel()
	good := text(t, newReports()[0])
	for name, change := range map[string][2]string{
		"another version":   {`"schema": 1`, `"schema": 2`},
		"an unknown member": {`"seed": 7`, `"seed": 7, "more": 1`},
		"another verdict":   {`"Conformant"`, `"Excellent"`},
		"another digest":    {"sha256:ab", "md5:ab"},
		"another evidence":  {`"R"`, `"Z"`},
		"another state":     {`"known-deviation"`, `"excused"`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("%s: nothing to change", name)
		}
		if err := validate(t, []byte(bad)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestRead_RefusesOtherFiles(t *testing.T) {
	t.Parallel()
	good := text(t, newReports()[0])
	for data, want := range map[string]string{
		"# none":                             "not a conformance report: ",
		`{"schema": 1, "suite": "contract"}`: "--report conformance=FILE writes one",
		strings.Replace(good, `"schema": 1`, `"schema": 9`, 1): "of version 9; this connectmock reads version 1",
	} {
		if _, err := Read([]byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Rules of level MUST decide about a profile; rules that the version does not promise do not count.
func TestProfiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		results []Result
		want    string
	}{
		"nothing":              {nil, NotTested},
		"all passed":           {[]Result{{Level: "MUST", Verdict: report.Pass}, {Level: "SHOULD", Verdict: report.Pass}}, Conformant},
		"a SHOULD failed":      {[]Result{{Level: "MUST", Verdict: report.Pass}, {Level: "SHOULD", Verdict: report.Fail}}, Conformant},
		"a MUST failed":        {[]Result{{Level: "MUST", Verdict: report.Pass}, {Level: "MUST", Verdict: report.Fail}}, Partial},
		"all failed":           {[]Result{{Level: "MUST", Verdict: report.Fail}}, Partial},
		"a known deviation":    {[]Result{{Level: "MUST", Verdict: report.KnownDeviation}}, Partial},
		"an unexpected pass":   {[]Result{{Level: "MUST", Verdict: report.UnexpectedPass}}, Conformant},
		"a MUST was skipped":   {[]Result{{Level: "MUST", Verdict: report.Pass}, {Level: "MUST", Verdict: report.Skip}}, Partial},
		"a MUST not selected":  {[]Result{{Level: "MUST", Verdict: report.Pass}, {Level: "MUST", Verdict: report.Disabled}}, Partial},
		"a MUST not promised":  {[]Result{{Level: "MUST", Verdict: report.Pass}, {Level: "MUST", Verdict: NotPromised}}, Conformant},
		"all skipped":          {[]Result{{Level: "MUST", Verdict: report.Skip}, {Level: "SHOULD", Verdict: report.NotRun}}, NotTested},
		"only a SHOULD passed": {[]Result{{Level: "SHOULD", Verdict: report.Pass}}, Partial},
		"an error":             {[]Result{{Level: "MUST", Verdict: report.Error}}, NotTested},
	} {
		for i := range c.results {
			c.results[i].Profile = "files"
		}
		for _, p := range profilesOf(c.results) {
			if want := map[bool]string{true: c.want, false: NotTested}[p.Name == "files"]; p.Verdict != want {
				t.Errorf("%s: %s is %s, want %s", name, p.Name, p.Verdict, want)
			}
		}
	}
}

// A rule that only a mock can meet decides where it was tested, and does not count where it was skipped.
func TestProfiles_LeaveOutSkippedRulesThatNeedAMock(t *testing.T) {
	t.Parallel()
	f := facts()
	f.Profile = func(string) string { return "read" }
	for state, want := range map[report.State]string{
		report.Skip: Conformant, report.Pass: Conformant, report.Fail: Partial, report.Error: Partial,
	} {
		run := &report.Run{Results: []report.Result{
			{ID: "vaults/list", Level: "MUST", State: report.Pass}, {ID: "mock/files", Level: "MUST", State: state, Reason: "why"},
		}}
		if got := New(run, f).Profiles[0]; got.Name != "read" || got.Verdict != want {
			t.Errorf("%s: %+v, want %s", state, got, want)
		}
	}
}

// A statement without a subject is about the bytes of the JSON report.
func TestStatement_NamesItsSubject(t *testing.T) {
	t.Parallel()
	r := newReports()[0]
	sum := sha256.Sum256([]byte(text(t, r)))
	image, err := ParseSubject("registry.example.com/connect-api:1.8.1@sha256:" + strings.Repeat("0f", 32))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		subject Subject
		want    string
	}{
		"conformance report of connect.example.com": {Subject{}, hex.EncodeToString(sum[:])},
		"registry.example.com/connect-api:1.8.1":    {image, strings.Repeat("0f", 32)},
	} {
		var b bytes.Buffer
		if err := r.Statement(&b, c.subject); err != nil {
			t.Fatal(err)
		}
		var s statement
		if err := json.Unmarshal(b.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		if got := s.Subject[0]; got.Name != name || got.Digest["sha256"] != c.want {
			t.Errorf("subject %+v, want %s with %s", got, name, c.want)
		}
	}
	for _, bad := range []string{"", "image", "image@sha256:12", "@sha256:" + strings.Repeat("0f", 32), "image@md5:" + strings.Repeat("0f", 32)} {
		if _, err := ParseSubject(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestStatement_HasTheResultOfTheRun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		states []report.State
		want   string
	}{
		"passed":    {[]report.State{report.Pass, report.Skip}, "PASSED"},
		"deviation": {[]report.State{report.Pass, report.KnownDeviation}, "WARNED"},
		"failed":    {[]report.State{report.Pass, report.KnownDeviation, report.Fail}, "FAILED"},
		"nothing":   {[]report.State{report.Skip}, "FAILED"},
		"not run":   {[]report.State{report.Pass, report.NotRun}, "FAILED"},
	} {
		run := &report.Run{Suite: "contract"}
		for _, s := range c.states {
			run.Results = append(run.Results, report.Result{ID: "vaults/" + string(s), State: s, Level: "MUST", Reason: "because"})
		}
		var b bytes.Buffer
		if err := New(run, facts()).Statement(&b, Subject{}); err != nil {
			t.Fatal(err)
		}
		var s statement
		if err := json.Unmarshal(b.Bytes(), &s); err != nil || s.Predicate.Result != c.want {
			t.Errorf("%s: %s, want %s (%v)", name, s.Predicate.Result, c.want, err)
		}
	}
}

// Texts from servers and files remain texts.
func TestMatrix_EscapesMarkup(t *testing.T) {
	t.Parallel()
	evil := "<script>alert(1)</script>|<img src=x>"
	r := newReports()[0]
	r.Server = Server{Target: evil, Version: evil}
	r.Headline, r.Verdict, r.Reproduce.Command, r.AgainstVersion = evil, evil, evil, evil
	for i := range r.Results {
		r.Results[i].Reason, r.Results[i].Level = evil, evil
	}
	r.Results[0].ID = evil
	for name, write := range map[string]func(io.Writer, []*Report) error{"Markdown": Markdown, "HTML": HTML} {
		var b strings.Builder
		if err := write(&b, []*Report{r, newReports()[1]}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "<script") || strings.Contains(b.String(), "<img") || strings.Contains(b.String(), "ZgotmplZ") {
			t.Errorf("%s has markup of a report", name)
		}
		for line := range strings.Lines(b.String()) {
			if cells := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"); name == "Markdown" && cells > 4 {
				t.Errorf("the line has too many cells: %s", line)
			}
		}
	}
}

func TestHTML_NeedsNoOtherFiles(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := HTML(&b, newReports()); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"<script", "<link", "@import", "url(", "src="} {
		if strings.Contains(b.String(), word) {
			t.Errorf("the page contains %s", word)
		}
	}
}
