package check

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/suite/cleanup"
	"github.com/connectmock/connectmock/openapi"
	"golang.org/x/sync/semaphore"
)

// Run is what the checks of a run share. NewRun creates it.
type Run struct {
	ID       string // in the titles and tags of the items that the run creates
	Seed     int64  // of what a check draws at random
	Server   Server
	Document *openapi.Document
	Redactor *redact.Redactor
	Recorder *exchange.Recorder
	Client   *http.Client
	Ledger   *cleanup.Ledger // of the items that checks created
	Patience *Patience
	Timeout  time.Duration // how long a response may take
	Now      func() time.Time
	Grace    context.Context // for cleaning up; ends some time after the run

	ClockMoved atomic.Bool // a check has moved the clock of a mock

	deletes      *semaphore.Weighted // see Session.acquireDelete
	deletesAlone atomic.Bool         // the server returned an error to a DELETE that cleaned up
	counter      atomic.Int64
}

// NewRun returns what the checks of a run share. The caller sets the other fields.
func NewRun(id string) *Run {
	return &Run{
		ID: id, Redactor: &redact.Redactor{}, Now: time.Now, Grace: context.Background(),
		deletes: semaphore.NewWeighted(allDeletes),
	}
}

// nextNumber returns a different number each time.
func (r *Run) nextNumber() string { return fmt.Sprint(r.counter.Add(1)) }

// NewSession returns a session. A session without a scope keeps no exchanges.
func (r *Run) NewSession(ctx context.Context) *Session {
	return &Session{Run: r, Ctx: ctx}
}
