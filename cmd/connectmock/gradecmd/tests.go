package gradecmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/cmd/connectmock/subprocess"
	"github.com/connectmock/connectmock/internal/grade"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// testMock is a mock whose handler can be replaced between runs.
type testMock struct {
	*mock.Mock
	handler *atomic.Pointer[http.Handler]
	runs    int
	own     bool // --token names the tokens
}

// startMock starts a mock for runs of the command.
func (g *flags) startMock(ctx context.Context, std *cli.Streams) (*testMock, error) {
	s := g.Settings
	current := new(atomic.Pointer[http.Handler])
	s.Wrap = func(server http.Handler) http.Handler {
		current.Store(&server)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*current.Load()).ServeHTTP(w, r) })
	}
	m, err := s.Start(ctx, std, s.Log.Requests)
	if err != nil {
		return nil, err
	}
	return &testMock{Mock: m, handler: current, own: len(s.Tokens.List) > 0}, nil
}

// prepare returns the mock to its initial state. The command gets a new token, so that
// a cache of test results can't take a run for an earlier one.
func (m *testMock) prepare(wrap func(http.Handler) http.Handler) error {
	ctx := context.Background() // a run that ends must leave a mock that works
	if err := m.Server.Reset(ctx, controlapi.Reset{}); err != nil {
		return err
	}
	m.runs++
	if !m.own {
		token, err := m.Server.IssueToken(ctx, controlapi.Token{Name: fmt.Sprintf("grade-%d", m.runs)})
		if err != nil {
			return err
		}
		m.Token = token.Value
	}
	handler := wrap(m.Server)
	m.handler.Store(&handler)
	return nil
}

// testRuns runs the command of a grade.
type testRuns struct {
	std    *cli.Streams
	args   []string
	free   chan *testMock
	runs   atomic.Int64
	output bytes.Buffer // the end of what a failing command wrote on the correct server
}

// run runs the command once, on a mock that is free.
func (t *testRuns) run(ctx context.Context, wrap func(http.Handler) http.Handler) (grade.Outcome, error) {
	correct := t.runs.Add(1) <= 2
	m := <-t.free
	defer func() { t.free <- m }()
	if err := m.prepare(wrap); err != nil {
		return grade.Outcome{}, err
	}
	command, remove, err := subprocess.New(ctx, t.std, m.Mock, t.args, nil)
	if err != nil {
		return grade.Outcome{}, err
	}
	defer remove()
	output := new(tail)
	command.Stdout, command.Stderr = output, output
	command.WaitDelay = 5 * time.Second // for processes that keep the output open
	defer subprocess.EndWithParent(command)()
	endProcesses := groupProcesses(command)
	if err := command.Start(); ctx.Err() != nil && err != nil {
		return grade.Outcome{Ended: "it was not started"}, nil
	} else if err != nil {
		return grade.Outcome{}, subprocess.StartError(t.std, t.args[0], err)
	}
	err = command.Wait()
	endProcesses()
	var code cli.ExitCode
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return grade.Outcome{Passed: true}, nil
	case errors.As(subprocess.ExitCode(err), &code):
		if correct {
			t.output = output.Buffer // nothing else runs
		}
		return grade.Outcome{Ended: fmt.Sprintf("exit code %d", int(code))}, nil
	case ctx.Err() != nil:
		return grade.Outcome{Ended: "it was ended"}, nil
	}
	return grade.Outcome{}, fmt.Errorf("%s: %w", t.args[0], err)
}

// tail keeps the end of what is written.
type tail struct{ bytes.Buffer }

// Write implements io.Writer.
func (t *tail) Write(data []byte) (int, error) {
	const kept = 16 << 10
	if len(data) > kept {
		t.Reset()
		t.Buffer.Write(data[len(data)-kept:])
		return len(data), nil
	}
	t.Buffer.Write(data)
	t.Next(max(0, t.Len()-kept))
	return len(data), nil
}

// withStopSignal ends ctx at the first stop signal; after it a signal ends the process.
// It does not ignore SIGPIPE as cli.WithInterrupt does: the command would inherit that.
func withStopSignal(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, cli.StopSignals()...)
	go func() {
		select {
		case <-ctx.Done():
		case s := <-signals:
			cancel(fmt.Errorf("signal %s", s))
		}
		signal.Stop(signals)
	}()
	return ctx, func() { cancel(nil) }
}
