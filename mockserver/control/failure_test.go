package control

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// startFailing starts a control API with another function for one operation.
func startFailing(t *testing.T, id string, fn operationFunc) (*environment, *logBuffer) {
	t.Helper()
	log := &logBuffer{}
	h, err := New(nil, controlToken, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	h.(*handler).operations[id] = fn
	return serve(t, h), log
}

// The client learns nothing of a failure, the log everything.
func TestFailures_AreDescribedOnlyInTheLog(t *testing.T) {
	t.Parallel()
	for name, fn := range map[string]operationFunc{
		"an error": func(*handler, *request) (*response, error) { return nil, errors.New("disk on fire") },
		"a panic":  func(*handler, *request) (*response, error) { panic("disk on fire") },
		"an API error of status 500": func(*handler, *request) (*response, error) {
			return nil, &controlapi.Error{Status: 500, Message: "disk on fire"}
		},
		"a document that cannot be encoded": func(*handler, *request) (*response, error) { return ok(failingJSON{}), nil },
		"a stream that fails at once": func(*handler, *request) (*response, error) {
			fail := func(io.Writer) error { return errors.New("disk on fire") }
			return &response{status: 200, contentType: "application/gzip", stream: fail}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, log := startFailing(t, "Overview", fn)
			_, err := e.Overview(t.Context())
			want := &controlapi.Error{Status: 500, Message: "something went wrong inside the mock; its log says what"}
			if d := cmp.Diff(error(want), err); d != "" {
				t.Error(d)
			}
			if got := log.String(); !strings.Contains(got, "disk on fire") || !strings.Contains(got, "operation=Overview") {
				t.Errorf("the log says %q", got)
			}
		})
	}
}

type failingJSON struct{}

func (failingJSON) MarshalJSON() ([]byte, error) { return nil, errors.New("disk on fire") }

// Half a snapshot must not look like a complete one.
func TestStream_ClosesTheConnectionAfterAFailure(t *testing.T) {
	t.Parallel()
	e, log := startFailing(t, "ExportSnapshot", func(*handler, *request) (*response, error) {
		return &response{status: http.StatusOK, contentType: "application/gzip", stream: func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Repeat("half", 1<<16))
			return errors.Join(err, errors.New("disk on fire"))
		}}, nil
	})
	var got strings.Builder
	err := e.ExportSnapshot(t.Context(), "", "a", &got)
	if err == nil || !strings.Contains(err.Error(), "is incomplete") {
		t.Errorf("after %d bytes: %v", got.Len(), err)
	}
	if !strings.Contains(log.String(), "disk on fire") {
		t.Error("the log does not say why")
	}
}

func TestCheckOperations_FindsMissingAndUnusedFunctions(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Control()
	if err != nil {
		t.Fatal(err)
	}
	h := &handler{document: doc, operations: operations()}
	if err := h.checkOperations(); err != nil {
		t.Fatal(err)
	}
	delete(h.operations, "Reset")
	if err := h.checkOperations(); err == nil || err.Error() != "the control API has Reset, which has no handler" {
		t.Error(err)
	}
	h.operations = operations()
	h.operations["Explode"] = reset
	err = h.checkOperations()
	if err == nil || err.Error() != "handlers without an operation of the control API: Explode" {
		t.Error(err)
	}
}

func TestClientThatDisconnects_IsNotLoggedAsAFailure(t *testing.T) {
	t.Parallel()
	started, ended := make(chan struct{}), make(chan struct{})
	e, log := startFailing(t, "Overview", func(_ *handler, req *request) (*response, error) {
		defer close(ended)
		close(started)
		<-req.r.Context().Done()
		return nil, req.r.Context().Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-started; cancel() }()
	if _, err := e.Overview(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-ended
	e.stop()
	if got := log.String(); got != "" {
		t.Errorf("the log says %q", got)
	}
}
