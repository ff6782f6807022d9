// Package conformance has the conformance report of a Connect server: what it was tested for, by which rules and on
// which evidence, with a verdict for each profile. It writes the report as JSON and as an in-toto statement, reads it
// again, and compares several on one page.
//
// The package does not know the rules and sends no requests. It takes a run of the contract that is already redacted.
package conformance

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/textenc"
)

//go:embed conformance.schema.json
var schema []byte

// Schema returns the JSON Schema of what JSON writes.
func Schema() []byte { return slices.Clone(schema) }

// schemaVersion is the version of the JSON. It changes when programs that read it could break.
const schemaVersion = 1

// kind tells a conformance report from other JSON.
const kind = "connectmock-conformance"

// NotPromised is the verdict on a rule that the version of the server did not promise. The other verdicts are the
// states of package report.
const NotPromised report.State = "not-promised"

// Report is a conformance report.
type Report struct {
	Schema         int          `json:"schema"`
	Kind           string       `json:"kind"`
	Tool           Tool         `json:"tool"`
	Server         Server       `json:"server"`
	AgainstVersion string       `json:"againstVersion,omitempty"` // of Connect; empty: the newest
	Document       string       `json:"document,omitempty"`       // title and version
	Rules          RuleSet      `json:"rules"`
	Began          time.Time    `json:"began"`
	Seconds        float64      `json:"seconds"`
	Seed           int64        `json:"seed"`
	Reproduce      Reproduce    `json:"reproduce"`
	Verdict        string       `json:"verdict"`
	Headline       string       `json:"headline"`
	ExitCode       int          `json:"exitCode"`
	Problems       []string     `json:"problems"` // of the run itself
	Profiles       []Profile    `json:"profiles"`
	Capabilities   []Capability `json:"capabilities"`
	Skips          []Skip       `json:"skips"`
	Results        []Result     `json:"results"`
}

// Tool is the program that ran the rules.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Server is what was tested.
type Server struct {
	Target  string `json:"target"`            // host and port, or a name
	Version string `json:"version,omitempty"` // as its responses say
}

// RuleSet identifies the rules of the run: the digest changes when a rule, its level or its evidence does.
type RuleSet struct {
	Count  int    `json:"count"`
	Digest string `json:"digest"` // "sha256:..."
}

// Reproduce says how to run the same again. It has the names of variables, not their values.
type Reproduce struct {
	Command     string   `json:"command"`
	Environment []string `json:"environment"`
}

// Capability is something that the run looked for on the server.
type Capability struct {
	Name string `json:"name"`
	Have bool   `json:"have"`
	Why  string `json:"why,omitempty"`
}

// Skip has the rules that were not tested for one reason.
type Skip struct {
	Reason string   `json:"reason"`
	Rules  []string `json:"rules"`
}

// Result is the verdict on one rule.
type Result struct {
	ID       string       `json:"id"`
	Profile  string       `json:"profile"`
	Level    string       `json:"level"`
	Evidence []string     `json:"evidence"` // tags: R, T, D, C, W, G
	Verdict  report.State `json:"verdict"`
	Reason   string       `json:"reason,omitempty"`
}

// Facts are what New must know besides the run.
type Facts struct {
	Tool           Tool
	Rules          RuleSet
	AgainstVersion string
	Reproduce      Reproduce
	Profile        func(id string) string // of a rule
	IsPromised     func(id string) bool   // by the version
	NeedsMock      func(id string) bool   // whether only a mock can meet the rule
}

// New returns the conformance report of a run of the contract, which must be redacted.
func New(run *report.Run, f Facts) *Report {
	out := &Report{
		Schema: schemaVersion, Kind: kind, Tool: f.Tool, Rules: f.Rules, AgainstVersion: f.AgainstVersion,
		Server: Server{Target: run.Target, Version: run.Version}, Document: run.Document,
		Began: run.Began.UTC(), Seconds: run.Took.Seconds(), Seed: run.Seed, Reproduce: f.Reproduce,
		Verdict: run.Verdict(), Headline: run.Headline(), ExitCode: run.ExitCode(),
		Problems: notNil(run.Problems()), Capabilities: []Capability{}, Skips: []Skip{}, Results: []Result{},
	}
	out.Reproduce.Environment = notNil(out.Reproduce.Environment)
	for _, c := range run.Capabilities {
		out.Capabilities = append(out.Capabilities, Capability(c))
	}
	for _, x := range run.Results {
		r := Result{
			ID: x.ID, Profile: f.Profile(x.ID), Level: x.Level, Evidence: evidenceTags(x.Evidence), Verdict: x.State,
			Reason: oneLine(strings.TrimSpace(x.Reason + " " + x.Failure)),
		}
		if x.State == report.Disabled && !f.IsPromised(x.ID) {
			r.Verdict = NotPromised
		}
		if r.Verdict == report.Skip {
			out.addSkip(x)
		}
		out.Results = append(out.Results, r)
	}
	out.Profiles = profilesOf(slices.DeleteFunc(slices.Clone(out.Results), func(x Result) bool {
		return x.Verdict == report.Skip && f.NeedsMock(x.ID)
	}))
	return out
}

// addSkip adds a skipped rule to those with the same reason.
func (r *Report) addSkip(x report.Result) {
	i := slices.IndexFunc(r.Skips, func(s Skip) bool { return s.Reason == x.Reason })
	if i < 0 {
		i = len(r.Skips)
		r.Skips = append(r.Skips, Skip{Reason: x.Reason})
	}
	r.Skips[i].Rules = append(r.Skips[i].Rules, x.ID)
}

// evidenceTags returns the tags in a text of evidence, each once: "D", "R".
func evidenceTags(text string) []string {
	tags := []string{}
	for _, m := range regexp.MustCompile(`\[([RTDCWG])\]`).FindAllStringSubmatch(text, -1) {
		if !slices.Contains(tags, m[1]) {
			tags = append(tags, m[1])
		}
	}
	return tags
}

// JSON writes the report in the format that Schema describes.
func (r *Report) JSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Read reads a report that JSON wrote.
func Read(data []byte) (*Report, error) {
	var head struct {
		Schema int    `json:"schema"`
		Kind   string `json:"kind"`
	}
	if err := report.ReadJSON(data, &head); err != nil {
		return nil, fmt.Errorf("not a conformance report: %w", err)
	}
	switch {
	case head.Kind != kind:
		return nil, errors.New(
			"not a conformance report; connectmock contract run --report conformance=FILE writes one")
	case head.Schema != schemaVersion:
		return nil, fmt.Errorf("a conformance report of version %d; this connectmock reads version %d", head.Schema,
			schemaVersion)
	}
	var r Report
	if err := report.ReadJSON(data, &r); err != nil {
		return nil, fmt.Errorf("not a conformance report: %w", err)
	}
	return &r, nil
}

// oneLine returns a text without line breaks, in short.
func oneLine(s string) string {
	const most = 300
	return textenc.Cut(strings.Join(strings.Fields(s), " "), most)
}

func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
