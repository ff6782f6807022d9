package grade

import (
	_ "embed"
	"encoding/json"
	"io"
	"slices"
	"time"
)

//go:embed grade.schema.json
var schema []byte

// Schema returns the JSON Schema of what JSON writes.
func Schema() []byte { return slices.Clone(schema) }

// schemaVersion is the version of the JSON. It changes when programs that read it could
// break.
const schemaVersion = 1

type document struct {
	Schema     int            `json:"schema"`
	Suite      string         `json:"suite"`
	Command    string         `json:"command"`
	Began      time.Time      `json:"began"`
	Seconds    float64        `json:"seconds"`
	FirstRun   float64        `json:"firstRunSeconds"`
	Limit      float64        `json:"limitSeconds"`
	Requests   int            `json:"requests"`
	Operations []string       `json:"operations"`
	Ended      string         `json:"ended,omitempty"`
	Percent    float64        `json:"percent"`
	AtLeast    float64        `json:"atLeast"`
	ExitCode   int            `json:"exitCode"`
	Verdict    string         `json:"verdict"`
	Counts     map[State]int  `json:"counts"`
	Results    []resultObject `json:"results"`
}

type resultObject struct {
	ID         string   `json:"id"`
	State      State    `json:"state"`
	About      string   `json:"about"`     // what the server does
	ClientBug  string   `json:"clientBug"` // that passes the tests, if the state is not "noticed"
	Operations []string `json:"operations"`
	Reason     string   `json:"reason"`
	First      string   `json:"first,omitempty"`
	Seconds    float64  `json:"seconds,omitempty"`
}

// JSON writes a report for programs, in the format that Schema describes.
func JSON(w io.Writer, r *Report) error {
	d := document{
		Schema: schemaVersion, Suite: "grade", Command: r.Command,
		Began: r.Began.UTC(), Seconds: r.Took.Seconds(), FirstRun: r.First.Seconds(), Limit: r.Limit.Seconds(),
		Requests: r.Requests, Operations: append([]string{}, r.Operations...),
		Ended: r.Ended, Percent: r.Percent(), AtLeast: r.AtLeast, ExitCode: r.ExitCode(), Verdict: r.Verdict(),
		Counts: map[State]int{}, Results: []resultObject{},
	}
	count := r.Count()
	for _, s := range States() {
		d.Counts[s] = count[s]
	}
	for _, x := range r.Results {
		var operations []string
		for _, id := range x.Mutant.Operations {
			if id == "" {
				id = unknownPath
			}
			operations = append(operations, id)
		}
		d.Results = append(d.Results, resultObject{
			ID: x.Mutant.ID(), State: x.State, About: x.Mutant.About, ClientBug: x.Mutant.ClientBug(),
			Operations: operations, Reason: x.Reason, First: x.First, Seconds: x.Took.Seconds(),
		})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(d)
}
