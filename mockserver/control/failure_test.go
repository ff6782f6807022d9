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

// failing is a control whose handlers fail in some way.
func failing(t *testing.T, id string, handle handle) (*rig, *journal) {
	t.Helper()
	log := &journal{}
	h, err := New(nil, controlToken, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	h.(*handler).handlers[id] = handle
	return serve(t, h), log
}

// TestFailuresAreNeutral tells clients nothing and the log everything.
func TestFailuresAreNeutral(t *testing.T) {
	t.Parallel()
	for name, handle := range map[string]handle{
		"an error": func(*handler, *exchange) (*reply, error) { return nil, errors.New("disk on fire") },
		"a panic":  func(*handler, *exchange) (*reply, error) { panic("disk on fire") },
		"a refusal by itself": func(*handler, *exchange) (*reply, error) {
			return nil, &controlapi.Error{Status: 500, Message: "disk on fire"}
		},
		"what is no JSON": func(*handler, *exchange) (*reply, error) { return ok(failingJSON{}), nil },
		"an early end": func(*handler, *exchange) (*reply, error) {
			return &reply{status: 200, kind: "application/gzip", stream: func(io.Writer) error { return errors.New("disk on fire") }}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, log := failing(t, "Overview", handle)
			_, err := r.Overview(t.Context())
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

// TestAStreamThatFailsIsCut keeps half a snapshot from passing for one.
func TestAStreamThatFailsIsCut(t *testing.T) {
	t.Parallel()
	r, log := failing(t, "ExportSnapshot", func(*handler, *exchange) (*reply, error) {
		return &reply{status: http.StatusOK, kind: "application/gzip", stream: func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Repeat("half", 1<<16))
			return errors.Join(err, errors.New("disk on fire"))
		}}, nil
	})
	var got strings.Builder
	if err := r.ExportSnapshot(t.Context(), "", "a", &got); err == nil || !strings.Contains(err.Error(), "did not come whole") {
		t.Errorf("after %d bytes: %v", got.Len(), err)
	}
	if !strings.Contains(log.String(), "disk on fire") {
		t.Error("the log does not say why")
	}
}

// TestHandlersAndDocument holds one to the other, both ways.
func TestHandlersAndDocument(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Control()
	if err != nil {
		t.Fatal(err)
	}
	h := &handler{document: doc, handlers: handlers()}
	if err := h.complete(); err != nil {
		t.Fatal(err)
	}
	delete(h.handlers, "Reset")
	if err := h.complete(); err == nil || err.Error() != "the control API has Reset, which has no handler" {
		t.Error(err)
	}
	h.handlers = handlers()
	h.handlers["Explode"] = reset
	if err := h.complete(); err == nil || err.Error() != "handlers without an operation of the control API: Explode" {
		t.Error(err)
	}
}

// TestAClientThatLeavesIsNoFailure ends the exchange before its answer is over.
func TestAClientThatLeavesIsNoFailure(t *testing.T) {
	t.Parallel()
	left, over := make(chan struct{}), make(chan struct{})
	r, log := failing(t, "Overview", func(_ *handler, x *exchange) (*reply, error) {
		defer close(over)
		close(left)
		<-x.request.Context().Done()
		return nil, x.request.Context().Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-left; cancel() }()
	if _, err := r.Overview(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-over
	r.stop()
	if got := log.String(); got != "" {
		t.Errorf("the log says %q", got)
	}
}
