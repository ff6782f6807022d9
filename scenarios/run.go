package scenarios

import (
	"cmp"
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
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// Suite is the name of these runs in reports.
const Suite = "scenarios"

// run is a run of scenarios against one target.
type run struct {
	target      Target
	options     Options
	id          string
	document    *openapi.Document
	redactor    *redact.Redactor
	coverage    *coverage.Counter
	recorder    *exchange.Recorder
	client      *http.Client // sends through the recorder
	plainClient *http.Client // without the recorder, for requests that belong to no step
	ledger      *cleanup.Ledger
	info        *targetInfo
	number      atomic.Int64    // of scenario runs so far
	grace       context.Context // for cleaning up; ends some time after the run
}

// Run runs scenarios against a target and returns a redacted report with their results, in the given order. An error
// means that nothing could be run, because the configuration is invalid or the target can't be reached. When ctx ends,
// scenarios in progress are interrupted and clean up.
func Run(ctx context.Context, t Target, list []*language.Scenario, o Options) (*report.Run, error) {
	r, err := newRun(t, list, o)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	ctx, grace, stop := suite.RunContexts(ctx, r.options.Total)
	defer stop()
	r.grace = grace
	if r.info, err = r.probe(ctx); err != nil {
		return nil, errors.Join(err, r.ledger.Close())
	}
	out := &report.Run{
		Suite: Suite, Target: t.name(), Version: r.info.version, Seed: int64(o.Seed), Began: began,
		Document:     r.document.OpenAPI.Info.Title + " " + r.document.OpenAPI.Info.Version,
		Capabilities: r.info.capabilities,
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

// Validate returns an error if the scenarios can't be run with these options, because an input is missing or none of
// them has it. [Run] calls it.
func (o Options) Validate(list []*language.Scenario) error {
	if len(list) == 0 {
		return errors.New("no scenario to run")
	}
	return checkInputs(list, o.Inputs)
}

// newRun returns a run. It sends nothing; its errors are those of the configuration.
func newRun(t Target, list []*language.Scenario, o Options) (*run, error) {
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
		target: t, options: o.withDefaults(t.Control != nil), id: strings.ToLower(rand.Text()[:8]), document: d,
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
	r.createClients()
	return r, nil
}

// createClients creates the recorder and the HTTP clients. Each request has a connection of its own: on a reused one Go
// repeats a request without a response, and the server would receive more requests than a step counts.
func (r *run) createClients() {
	base := suite.Transport(r.target.Client, false)
	r.recorder = &exchange.Recorder{
		Document: r.document, Base: base, Redactor: r.redactor, Coverage: r.coverage,
		Timeout: time.Hour, // each step has a shorter one
	}
	if u, err := url.Parse(r.target.URL); err == nil {
		r.recorder.BasePath = u.Path
	}
	r.client, r.plainClient = suite.NewClient(r.recorder), suite.NewClient(base)
	r.plainClient.Timeout = r.options.Request
}

// instance is a scenario with one combination of its matrix.
type instance struct {
	*language.Scenario
	id     string
	matrix map[string]any
}

// expand returns an instance of each scenario for each combination of its matrix.
func expand(list []*language.Scenario) []instance {
	var all []instance
	for _, s := range list {
		combinations := []map[string]any{{}}
		for _, axis := range s.Matrix {
			var nextNumber []map[string]any
			for _, c := range combinations {
				for _, value := range axis.Values {
					one := map[string]any{axis.Name: value}
					for k, v := range c {
						one[k] = v
					}
					nextNumber = append(nextNumber, one)
				}
			}
			combinations = nextNumber
		}
		for _, c := range combinations {
			id := s.ID
			for _, axis := range s.Matrix {
				id += fmt.Sprintf("[%s=%v]", axis.Name, c[axis.Name])
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
	onResult := func(result report.Result) report.Result {
		one := report.Run{Results: []report.Result{result}}
		result = one.Redacted(r.redactor).Results[0]
		if r.options.OnResult != nil {
			r.options.OnResult(result)
		}
		return result
	}
	runner := suite.Runner{Parallel: r.options.Parallel, Seed: r.options.Seed, OnResult: onResult}
	return runner.Run(ctx, cases)
}

// caseOf returns an instance as a case of the suite.
func (r *run) caseOf(in instance) suite.Case {
	return suite.Case{
		Result: report.Result{ID: in.id, Title: in.Title, Tag: strings.Join(in.Tags, " "), File: in.File},
		Skip:   cmp.Or(r.info.capabilities.SkipReason(in.Requires), in.SkipReason(r.info.version)),
		Check: func(ctx context.Context, result *report.Result) {
			s := r.newScenarioRun(in)
			s.execute(ctx)
			s.setVerdict(result)
		},
	}
}

// markUnreachable gives responses that were not seen a reason, if any scenario ran: scenarios need not cover the
// document.
func (r *run) markUnreachable(results []report.Result) {
	ran := func(x report.Result) bool { return x.State == report.Pass || x.State == report.Partial }
	if slices.ContainsFunc(results, ran) {
		r.coverage.MarkUnreachable("", "", "no scenario of this run expects it")
	}
}
