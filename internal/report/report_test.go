package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// writers returns the formats of a report by file extension.
func writers() map[string]func(io.Writer, *Run) error {
	return map[string]func(io.Writer, *Run) error{"xml": JUnit, "json": JSON, "md": Markdown, "html": HTML}
}

func write(t *testing.T, form string, r *Run) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := writers()[form](&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriters_MatchGoldenFiles(t *testing.T) {
	t.Parallel()
	for form := range writers() {
		for name, run := range map[string]*Run{"full": sample(), "empty": {Suite: "contract", Target: "http://127.0.0.1:8080", Began: noon}} {
			t.Run(name+"."+form, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join("testdata", name+"."+form)
				got := write(t, form, run)
				if *update {
					if err := os.WriteFile(path, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("run with -update and read the diff: %s", diff)
				}
			})
		}
	}
}

func TestWriters_ReturnWriteErrors(t *testing.T) {
	t.Parallel()
	for form, write := range writers() {
		if err := write(full{}, sample()); err == nil {
			t.Errorf("%s does not report a full disk", form)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func validate(t *testing.T, data []byte) error {
	t.Helper()
	published, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.schema.json", published); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(document)
}

func TestJSON_MatchesItsSchema(t *testing.T) {
	t.Parallel()
	incomplete := sample()
	for i := range incomplete.Results {
		incomplete.Results[i].Reason = ""
		incomplete.Results[i].Exchanges = sample().Results[1].Exchanges
	}
	for name, run := range map[string]*Run{"full": sample(), "empty": {}, "without reasons": incomplete} {
		if err := validate(t, write(t, "json", run)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchema_RejectsInvalidReports(t *testing.T) {
	t.Parallel()
	good := string(write(t, "json", sample()))
	for name, change := range map[string][2]string{
		"another version":       {`"schema": 1`, `"schema": 2`},
		"an unknown state":      {`"state": "skip"`, `"state": "meh"`},
		"a skip without reason": {`"reason": "no item with files is visible to the token",`, ``},
		"an unknown member":     {`"seed": 42`, `"seed": 42, "more": 1`},
		"a text for a number":   {`"attempts": 3`, `"attempts": "3"`},
		"an exit code of 4":     {`"exitCode": 1`, `"exitCode": 4`},
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

func TestJUnit_HasCountsAndReasons(t *testing.T) {
	t.Parallel()
	var got testSuites
	if err := xml.Unmarshal(write(t, "xml", sample()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 10 || got.Failures != 2 || got.Errors != 2 || got.Skipped != 5 {
		t.Errorf("%d tests, %d failures, %d errors, %d skipped", got.Tests, got.Failures, got.Errors, got.Skipped)
	}
	text := string(write(t, "xml", sample()))
	for _, want := range []string{
		`<skipped message="no item with files is visible to the token"`,
		`<skipped message="known deviation: old servers | expires`,
		`<skipped message="partial: step throttle needs mock.faults"`,
		`<failure message="listed as a known deviation of 1.7`,
		`<error message="2 items could not be deleted: run sweep"`,
		`<property name="capability files" value="no: no item`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestJUnit_IsValidForAnyBytes(t *testing.T) {
	t.Parallel()
	run := &Run{Suite: "c", Results: []Result{{ID: "x", State: Fail, Failure: "\x00\x1b[31m \xff ]]> &<>\"'\n"}}}
	var got testSuites
	if err := xml.Unmarshal(write(t, "xml", run), &got); err != nil {
		t.Error(err)
	}
}

// Texts from a server remain texts in every format.
func TestWriters_EscapeMarkup(t *testing.T) {
	t.Parallel()
	evil := "<script>alert(1)</script>\n\n# big\n```\n<img src=x>|</details>"
	run := sample()
	for i := range run.Results {
		x := &run.Results[i]
		x.Title, x.Reason, x.Expected, x.Failure, x.Evidence = evil, evil, evil, evil, evil
		for _, e := range x.Exchanges {
			e.ResponseBody, e.URL = []byte(evil), evil
			e.ResponseHeader = http.Header{"X-Evil": {evil}}
		}
	}
	run.Warnings, run.Errors, run.Target, run.Version = []string{evil}, []string{evil}, evil, evil
	page := string(write(t, "html", run))
	if strings.Contains(page, "<script") || strings.Contains(page, "<img") {
		t.Error("the page holds markup of the server")
	}
	inFence := ""
	for i, line := range strings.Split(string(write(t, "md", run)), "\n") {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case inFence == "" && len(ticks) >= 3:
			inFence = ticks
		case inFence != "":
			if line == inFence {
				inFence = ""
			}
		case strings.Contains(line, "<script") || strings.Contains(line, "<img") || strings.HasPrefix(line, "# "):
			t.Errorf("line %d of the summary is markup of the server: %s", i+1, line)
		case strings.HasPrefix(line, "|") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") > 8:
			t.Errorf("line %d of the summary has cells of the server: %s", i+1, line)
		}
	}
}

func TestMarkdown_LimitsItsSize(t *testing.T) {
	t.Parallel()
	run := &Run{Suite: "contract"}
	for i := range 300 {
		x := sample().Results[1]
		x.ID, x.Failure = fmt.Sprint("rule/", i), strings.Repeat("long ", 20000)
		x.Exchanges[0].ResponseBody = bytes.Repeat([]byte("x"), 64<<10)
		run.Results = append(run.Results, x)
	}
	got := write(t, "md", run)
	if len(got) > 1<<20 {
		t.Errorf("%d bytes are more than a job summary may have", len(got))
	}
	if !bytes.Contains(got, []byte("And 280 more")) || !bytes.Contains(got, []byte("<code>rule/299</code>")) {
		t.Error("failures are missing")
	}
}

func TestHTML_NeedsNoOtherFiles(t *testing.T) {
	t.Parallel()
	page := string(write(t, "html", sample()))
	for _, word := range []string{"<script", "<link", "@import", "url(", "src="} {
		if strings.Contains(page, word) {
			t.Errorf("the page contains %s", word)
		}
	}
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("html/template refused a value")
	}
	if strings.Index(page, "items/create-answers-200") > strings.Index(page, "vaults/list") {
		t.Error("what passed comes before what failed")
	}
}

// A run with partial results does not look like one that passed.
func TestWriters_DoNotShowPartialAsPass(t *testing.T) {
	t.Parallel()
	const card, mark = `class="verdict exit-0 in-part"`, "🟡"
	for _, inPart := range []bool{false, true} {
		run := &Run{Suite: "scenarios", Results: []Result{{ID: "whole", State: Pass}}}
		if inPart {
			run.Results = append(run.Results, Result{ID: "part", State: Partial, Reason: "needs mock.clock"})
		}
		if page := string(write(t, "html", run)); strings.Contains(page, card) != inPart {
			t.Errorf("in part %t: the page has its card otherwise", inPart)
		}
		if summary := string(write(t, "md", run)); strings.Contains(summary, mark) != inPart || strings.HasPrefix(summary, "## ✅") == inPart {
			t.Errorf("in part %t: the summary begins %.40q", inPart, summary)
		}
	}
}

func TestJSON_CountsEveryResult(t *testing.T) {
	t.Parallel()
	var d document
	if err := json.Unmarshal(write(t, "json", sample()), &d); err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, n := range d.Counts {
		sum += n
	}
	if sum != len(d.Results) || len(d.Counts) != len(States()) {
		t.Errorf("%v for %d results", d.Counts, len(d.Results))
	}
}
