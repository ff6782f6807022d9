package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/exchange"
)

//go:embed report.schema.json
var schema []byte

// Schema returns the JSON Schema of what JSON writes.
func Schema() []byte { return append([]byte(nil), schema...) }

// schemaVersion is the version of the JSON. It changes when programs that read it could break.
const schemaVersion = 1

type document struct {
	Schema       int            `json:"schema"`
	Suite        string         `json:"suite"`
	Target       string         `json:"target"`
	Version      string         `json:"version,omitempty"`
	Document     string         `json:"document,omitempty"`
	Seed         int64          `json:"seed"`
	Began        time.Time      `json:"began"`
	Seconds      float64        `json:"seconds"`
	ExitCode     int            `json:"exitCode"`
	Verdict      string         `json:"verdict"`
	Headline     string         `json:"headline"`
	Counts       map[State]int  `json:"counts"`
	Errors       []string       `json:"errors"`
	Warnings     []string       `json:"warnings"`
	Capabilities []capability   `json:"capabilities"`
	Results      []resultObject `json:"results"`
	Coverage     []coverage.Row `json:"coverage"`
}

type capability struct {
	Name string `json:"name"`
	Have bool   `json:"have"`
	Why  string `json:"why,omitempty"`
}

type resultObject struct {
	ID        string           `json:"id"`
	Title     string           `json:"title"`
	Tag       string           `json:"tag,omitempty"`
	Level     string           `json:"level,omitempty"`
	Evidence  string           `json:"evidence,omitempty"`
	State     State            `json:"state"`
	Reason    string           `json:"reason,omitempty"`
	Seconds   float64          `json:"seconds"`
	Expected  string           `json:"expected,omitempty"`
	Failure   string           `json:"failure,omitempty"`
	Exchanges []exchangeObject `json:"exchanges,omitempty"`
	Curl      []string         `json:"curl,omitempty"`
}

type exchangeObject struct {
	Operation  string    `json:"operation,omitempty"`
	Began      time.Time `json:"began"`
	Seconds    float64   `json:"seconds"`
	Request    message   `json:"request"`
	Response   *message  `json:"response,omitempty"`
	Error      string    `json:"error,omitempty"`
	Violations []string  `json:"violations,omitempty"`
}

type message struct {
	Method  string      `json:"method,omitempty"`
	URL     string      `json:"url,omitempty"`
	Status  int         `json:"status,omitempty"`
	Headers http.Header `json:"headers,omitempty"`
	Body    string      `json:"body,omitempty"`
	Size    int64       `json:"size"`
	Cut     bool        `json:"cut,omitempty"`
}

// JSON writes a run for programs, in the format that Schema describes.
func JSON(w io.Writer, r *Run) error {
	d := document{
		Schema: schemaVersion, Suite: r.Suite, Target: r.Target, Version: r.Version, Document: r.Document, Seed: r.Seed,
		Began: r.Began.UTC(), Seconds: r.Took.Seconds(),
		ExitCode: r.ExitCode(), Verdict: r.Verdict(), Headline: r.Headline(), Counts: r.Count(),
		Errors: list(r.Problems()), Warnings: list(r.Warnings), Coverage: list(r.Coverage),
		Capabilities: []capability{}, Results: []resultObject{},
	}
	for _, c := range r.Capabilities {
		d.Capabilities = append(d.Capabilities, capability(c))
	}
	for _, x := range r.Results {
		o := resultObject{
			ID: x.ID, Title: x.Title, Tag: x.Tag, Level: x.Level, Evidence: x.Evidence, State: x.State, Reason: x.why(),
			Seconds: x.Took.Seconds(), Expected: x.Expected, Failure: x.Failure,
		}
		if x.State.isBad() {
			o.Curl = x.Curl
			for _, e := range x.Exchanges {
				o.Exchanges = append(o.Exchanges, exchangeOf(e))
			}
		}
		d.Results = append(d.Results, o)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(d)
}

// ReadCoverage returns the coverage in a report that JSON wrote.
func ReadCoverage(data []byte) ([]coverage.Row, error) {
	var d struct {
		Schema   int            `json:"schema"`
		Coverage []coverage.Row `json:"coverage"`
	}
	if err := ReadJSON(data, &d); err != nil {
		return nil, fmt.Errorf("not a JSON report: %w", err)
	}
	if d.Schema != schemaVersion {
		return nil, fmt.Errorf("not a JSON report of version %d, which this connectmock reads", schemaVersion)
	}
	return d.Coverage, nil
}

func exchangeOf(e *exchange.Exchange) exchangeObject {
	o := exchangeObject{
		Operation: e.Operation, Began: e.Began.UTC(), Seconds: e.Took.Seconds(), Violations: e.Violations,
		Request: message{
			Method: e.Method, URL: e.URL, Headers: e.RequestHeader,
			Body: string(e.RequestBody), Size: e.RequestSize, Cut: e.RequestCut,
		},
	}
	if e.Err != nil {
		o.Error = e.Err.Error()
	}
	if e.Status != 0 {
		o.Response = &message{
			Status: e.Status, Headers: e.ResponseHeader,
			Body: string(e.ResponseBody), Size: e.ResponseSize, Cut: e.ResponseCut,
		}
	}
	return o
}

// list returns an empty list for nil, which JSON would write as null.
func list[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}
