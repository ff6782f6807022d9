package scenarios

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/internal/suite/cleanup"
	"github.com/connectmock/connectmock/openapi"
)

// Suite is the name of these runs in reports.
const Suite = "scenarios"

// run is one run against one target.
type run struct {
	target      Target
	options     Options
	id          string
	document    *openapi.Document
	redactor    *redact.Redactor
	coverage    *coverage.Counter
	recorder    *exchange.Recorder
	client      *http.Client // sends through the recorder
	plainClient *http.Client // sends past the recorder, for requests that belong to no step
	ledger      *cleanup.Ledger
	found       *found
	number      atomic.Int64
	grace       context.Context // for cleaning up: goes on for a while after the run ended
}

// Run does scenarios against a target. An error says that nothing could be run
// and why: a configuration that cannot be, a target that cannot be reached. What
// scenarios come to is in the report, already redacted, in the order they were
// given. When ctx ends, what is under way is cleaned up.
func Run(ctx context.Context, t Target, list []*Scenario, o Options) (*report.Run, error) {
	r, err := newRun(t, list, o)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	ctx, grace, stop := suite.Begin(ctx, r.options.Total)
	defer stop()
	r.grace = grace
	if r.found, err = r.find(ctx); err != nil {
		return nil, errors.Join(err, r.ledger.Close())
	}
	out := &report.Run{
		Suite: Suite, Target: t.name(), Version: r.found.version, Seed: int64(o.Seed), Began: began,
		Document:     r.document.OpenAPI.Info.Title + " " + r.document.OpenAPI.Info.Version,
		Capabilities: r.found.list,
	}
	out.Results = r.runAll(ctx, expand(list))
	if err := r.ledger.Close(); err != nil {
		out.Errors = append(out.Errors, err.Error())
	}
	if err := suite.CheckAllRun(ctx, out.Results, "scenarios"); err != nil {
		out.Errors = append(out.Errors, err.Error())
	}
	out.Took = time.Since(began)
	r.markUnreachable(out.Results)
	out.Coverage = r.coverage.Rows()
	return out.Redacted(r.redactor), nil
}

// Validate returns an error for options that the scenarios can't be run with:
// an input that is missing or that none of them has. Run calls it first.
func (o Options) Validate(list []*Scenario) error {
	if len(list) == 0 {
		return errors.New("no scenario to run")
	}
	return checkInputs(list, o.Inputs)
}

// newRun returns a run that has sent nothing yet. Its errors are of configuration.
func newRun(t Target, list []*Scenario, o Options) (*run, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	if err := o.Validate(list); err != nil {
		return nil, err
	}
	d, err := openapi.Connect()
	if err != nil {
		return nil, err
	}
	r := &run{
		target: t, options: o.filled(t.Control != nil), id: strings.ToLower(rand.Text()[:8]), document: d,
		redactor: &redact.Redactor{}, coverage: coverage.New(d),
	}
	r.target.URL = strings.TrimSuffix(t.URL, "/")
	r.redactor.AddToken(t.Token, "OP_CONNECT_TOKEN")
	r.redactor.AddToken(t.Reader, "OP_CONNECT_TOKEN_READER")
	if t.Control != nil {
		r.redactor.Add(t.Control.Token)
	}
	for _, s := range list {
		for _, in := range s.Inputs {
			if in.Secret {
				r.redactor.Add(o.Inputs[in.Name])
				r.redactor.Add(in.Default)
			}
		}
	}
	if r.ledger, err = newLedger(o.Ledger); err != nil {
		return nil, err
	}
	r.record()
	return r, nil
}

// record creates the recorder and the client that sends through it. The client
// does not follow redirects. Each request has a connection of its own: on one
// that was used before, Go sends a request again that got no response, and the
// server would see more requests than a step counts.
func (r *run) record() {
	base := http.RoundTripper(nil)
	if r.target.Client != nil {
		base = r.target.Client.Transport
	} else {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.Proxy, transport.DisableKeepAlives = nil, true
		base = transport
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r.recorder = &exchange.Recorder{
		Document: r.document, Base: base, Redactor: r.redactor, Coverage: r.coverage,
		Timeout: time.Hour, // each step has its own
	}
	if u, err := url.Parse(r.target.URL); err == nil {
		r.recorder.BasePath = u.Path
	}
	r.client = &http.Client{Transport: r.recorder, CheckRedirect: stay}
	r.plainClient = &http.Client{Transport: base, CheckRedirect: stay, Timeout: r.options.Request}
}

// instance is a scenario with one combination of its matrix.
type instance struct {
	*Scenario
	id     string
	matrix map[string]any
}

// expand makes an instance of each combination.
func expand(list []*Scenario) []instance {
	var all []instance
	for _, s := range list {
		combinations := []map[string]any{{}}
		for _, axis := range s.matrix {
			var next []map[string]any
			for _, c := range combinations {
				for _, value := range axis.values {
					one := map[string]any{axis.name: value}
					for k, v := range c {
						one[k] = v
					}
					next = append(next, one)
				}
			}
			combinations = next
		}
		for _, c := range combinations {
			id := s.ID
			for _, axis := range s.matrix {
				id += fmt.Sprintf("[%s=%v]", axis.name, c[axis.name])
			}
			all = append(all, instance{s, id, c})
		}
	}
	return all
}

// runAll runs the instances and returns their results in order.
func (r *run) runAll(ctx context.Context, list []instance) []report.Result {
	var cases []suite.Case
	for _, in := range list {
		cases = append(cases, r.caseOf(in))
	}
	runner := suite.Runner{Parallel: r.options.Parallel, Seed: r.options.Seed, OnResult: func(result report.Result) report.Result {
		one := report.Run{Results: []report.Result{result}}
		result = one.Redacted(r.redactor).Results[0]
		if r.options.OnResult != nil {
			r.options.OnResult(result)
		}
		return result
	}}
	return runner.Run(ctx, cases)
}

// caseOf returns an instance as a case of the suite.
func (r *run) caseOf(in instance) suite.Case {
	return suite.Case{
		Result: report.Result{ID: in.id, Title: in.Title, Tag: strings.Join(in.Tags, " ")},
		Skip:   r.found.missing(in.Requires),
		Check: func(ctx context.Context, result *report.Result) {
			p := r.play(in)
			p.run(ctx)
			p.judge(ctx, result)
		},
	}
}

// markUnreachable says why answers were not seen: scenarios look at what they are about,
// and the contract suite at the rest.
func (r *run) markUnreachable(results []report.Result) {
	if !slices.ContainsFunc(results, func(x report.Result) bool { return x.State == report.Pass || x.State == report.Partial }) {
		return
	}
	r.coverage.MarkUnreachable("", "", "no scenario of this run is about it")
}
