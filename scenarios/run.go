package scenarios

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
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
	target   Target
	options  Options
	id       string
	document *openapi.Document
	redactor *redact.Redactor
	coverage *coverage.Counter
	recorder *exchange.Recorder
	client   *http.Client // through the recorder
	aside    *http.Client // past it, for what belongs to no step
	ledger   *cleanup.Ledger
	found    *found
	number   atomic.Int64
	grace    context.Context // for what has to be done after the run ended, in a time of its own

	mu sync.Mutex // of OnResult
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
	ctx, cancel := context.WithTimeoutCause(ctx, r.options.Total, fmt.Errorf("the run did not end within %s", r.options.Total))
	defer cancel()
	var stop func()
	r.grace, stop = suite.Grace(ctx, suite.CleanUp)
	defer stop()
	if r.found, err = r.find(ctx); err != nil {
		return nil, errors.Join(err, r.ledger.Close())
	}
	out := &report.Run{
		Suite: Suite, Target: t.name(), Version: r.found.version, Seed: int64(o.Seed), Began: began,
		Document:     r.document.OpenAPI.Info.Title + " " + r.document.OpenAPI.Info.Version,
		Capabilities: r.found.list,
	}
	out.Results = r.all(ctx, expand(list))
	if err := r.ledger.Close(); err != nil {
		out.Errors = append(out.Errors, err.Error())
	}
	if n := out.Count()[report.NotRun]; n > 0 {
		out.Errors = append(out.Errors, fmt.Sprintf("%d of %d scenarios were not run: %v", n, len(out.Results), context.Cause(ctx)))
	}
	out.Took = time.Since(began)
	r.excuse(out.Results)
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

// newRun readies a run; its errors are of configuration.
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

// record puts the recorder under the client. Redirects are answers here, not
// ways. Each request has a connection of its own: on one that was used before,
// Go sends a request again that got no answer, and what a step counts would not
// be what the server saw.
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
	r.aside = &http.Client{Transport: base, CheckRedirect: stay, Timeout: r.options.Request}
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

// all runs the instances, some at once, and answers their results in order.
func (r *run) all(ctx context.Context, list []instance) []report.Result {
	results := make([]report.Result, len(list))
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	if seed := r.options.Seed; seed != 0 {
		dice := mathrand.New(mathrand.NewPCG(seed, seed))
		dice.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(r.options.Parallel, len(list)) {
		workers.Go(func() {
			for i := range next {
				results[i] = r.one(ctx, list[i])
				r.tell(results[i])
			}
		})
	}
	for _, i := range order {
		next <- i
	}
	close(next)
	workers.Wait()
	return results
}

func (r *run) tell(result report.Result) {
	if r.options.OnResult == nil {
		return
	}
	one := report.Run{Results: []report.Result{result}}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.options.OnResult(one.Redacted(r.redactor).Results[0])
}

// one runs one instance; nothing it does ends the run.
func (r *run) one(ctx context.Context, in instance) (result report.Result) {
	began := time.Now()
	result = report.Result{ID: in.id, Title: in.Title, Tag: strings.Join(in.Tags, " ")}
	defer func() { result.Took = time.Since(began) }()
	if ctx.Err() != nil {
		result.State, result.Reason = report.NotRun, context.Cause(ctx).Error()
		return result
	}
	if why := r.found.missing(in.Requires); why != "" {
		result.State, result.Reason = report.Skip, why
		return result
	}
	p := r.play(in)
	p.run(ctx)
	p.judge(ctx, &result)
	return result
}

// excuse says why answers were not seen: scenarios look at what they are about,
// and the contract suite at the rest.
func (r *run) excuse(results []report.Result) {
	if !slices.ContainsFunc(results, func(x report.Result) bool { return x.State == report.Pass || x.State == report.Partial }) {
		return
	}
	r.coverage.MarkUnreachable("", "", "no scenario of this run is about it")
}
