package contract

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

// shared is what the checks of a run share. newShared creates it.
type shared struct {
	id       string // in the titles and tags of the items that the run creates
	seed     int64  // of what a check draws at random
	server   server
	document *openapi.Document
	redactor *redact.Redactor
	recorder *exchange.Recorder
	client   *http.Client
	ledger   *cleanup.Ledger // of the items that checks created
	patience *patience
	request  time.Duration // how long a response may take
	now      func() time.Time
	grace    context.Context // for cleaning up; ends some time after the run

	deletes      *semaphore.Weighted // see session.acquireDelete
	deletesAlone atomic.Bool         // the server returned an error to a DELETE that cleaned up
	clockMoved   atomic.Bool         // a check has moved the clock of a mock
	counter      atomic.Int64
}

// newShared returns what the checks of a run share. The caller sets the other fields.
func newShared(id string) *shared {
	return &shared{
		id: id, redactor: &redact.Redactor{}, now: time.Now, grace: context.Background(),
		deletes: semaphore.NewWeighted(allDeletes),
	}
}

// nextNumber returns a different number each time.
func (r *shared) nextNumber() string { return fmt.Sprint(r.counter.Add(1)) }

// newSession returns a session. A session without a scope keeps no exchanges.
func (r *shared) newSession(ctx context.Context) *session {
	return &session{shared: r, ctx: ctx}
}
