package console

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Suites run the contract and the scenarios against this mock, as any client does. The functions return with an error if
// nothing could be run; what a run found is in its result.
type Suites struct {
	Rules       func() []Rule
	RunContract func(ctx context.Context, rules []string, onProgress func(done, total int)) (*SuiteResult, error)
	Scenarios   func() ([]Scenario, error)
	// RunScenario runs a scenario of the library, or the text of one. A mistake in the text is the error.
	RunScenario func(ctx context.Context, name, text string, onStep func(Step)) (*SuiteResult, error)
}

// Rule is a rule of the contract.
type Rule struct {
	ID, Tag, Level, Text, Evidence string
	Operations                     []string // that it calls
}

// Scenario is a scenario of the library.
type Scenario struct{ Name, Title, About, Text string }

// Step is a step of a scenario that runs.
type Step struct{ Scenario, Name, Title, State string }

// SuiteResult is the result of a run.
type SuiteResult struct {
	Headline string // the counts in words
	Passed   bool
	Took     time.Duration
	Cases    []Case         // that did not pass
	Coverage []CoverageLine // of the document
	// Write writes the whole report: "html", "json", "markdown" or "junit".
	Write func(w io.Writer, format string) error
}

// Case is a rule or scenario that did not pass.
type Case struct {
	ID, Title, State, Text string
	Curl                   []string // commands that repeat the requests
	Bad                    bool     // it failed; otherwise it was not tested, or is a known deviation
}

// CoverageLine says how often a documented response was seen.
type CoverageLine struct {
	Operation, Status string
	Seen              int
	Reason            string // why it was not seen; may be empty
}

// job is one run of a suite at a time, and the result of the last one.
type job struct {
	mutex       sync.Mutex
	running     bool
	closed      bool // no run starts any more
	what        string
	done, total int
	steps       []Step
	result      *SuiteResult
	failure     string
	stop        context.CancelFunc
	ended       chan struct{} // closed when the run has ended; nil before the first
}

// jobView is the state of a job as pages show it.
type jobView struct {
	Running     bool
	What        string
	Done, Total int
	Steps       []Step
	Result      *SuiteResult
	Failure     string
}

// maxRun is how long a run may take.
const maxRun = 10 * time.Minute

// start starts a run, unless one is running.
func (j *job) start(what string, run func(ctx context.Context) (*SuiteResult, error)) error {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if j.closed {
		return &controlapi.Error{Status: http.StatusServiceUnavailable, Message: "the mock is stopping"}
	}
	if j.running {
		return &controlapi.Error{Status: http.StatusConflict, Message: "a run is under way: stop it, or wait for its end"}
	}
	ctx, stop := context.WithTimeout(context.Background(), maxRun)
	j.running, j.what, j.stop, j.ended = true, what, stop, make(chan struct{})
	j.done, j.total, j.steps, j.result, j.failure = 0, 0, nil, nil, ""
	go func() {
		defer stop()
		result, err := runSafely(ctx, run)
		j.mutex.Lock()
		defer j.mutex.Unlock()
		j.running, j.result = false, result
		if err != nil {
			j.failure = err.Error()
		}
		close(j.ended)
	}()
	return nil
}

// runSafely runs a suite. A panic is an error, so that it does not end the mock.
func runSafely(
	ctx context.Context, run func(ctx context.Context) (*SuiteResult, error),
) (result *SuiteResult, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return run(ctx)
}

// cancel stops a run and waits until it has cleaned up.
func (j *job) cancel() {
	j.mutex.Lock()
	stop, ended := j.stop, j.ended
	j.mutex.Unlock()
	if ended != nil {
		stop()
		<-ended
	}
}

// close cancels a run, and no other starts after it.
func (j *job) close() {
	j.mutex.Lock()
	j.closed = true
	j.mutex.Unlock()
	j.cancel()
}

// progress is called by a run of the contract.
func (j *job) progress(done, total int) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.done, j.total = done, total
}

// step is called by a run of a scenario. A step that ends replaces its beginning.
func (j *job) step(s Step) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if i := len(j.steps) - 1; i >= 0 && j.steps[i].Name == s.Name && j.steps[i].Scenario == s.Scenario {
		j.steps[i] = s
		return
	}
	j.steps = append(j.steps, s)
}

func (j *job) view() jobView {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return jobView{
		Running: j.running, What: j.what, Done: j.done, Total: j.total, Steps: slices.Clone(j.steps), Result: j.result,
		Failure: j.failure,
	}
}

// follow sends the state of a job until it has ended.
func (j *job) follow(ctx context.Context, send func(jobView) error) error {
	ticker := time.NewTicker(300 * time.Millisecond)
	defer ticker.Stop()
	for {
		v := j.view()
		if err := send(v); err != nil || !v.Running {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
