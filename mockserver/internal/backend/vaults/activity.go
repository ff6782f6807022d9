package vaults

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/connectmock/connectmock/mockserver/internal/encode"
	"github.com/connectmock/connectmock/openapi/connect"
)

// maxPage is how many records a page of the activity log has at most. How large a page a real server gives is not known
// [G].
const maxPage = 10_000

// Page is an encoded page of an activity log.
type Page struct {
	Body    []byte
	Records int64 // in the page
	Total   int64 // in the log, of those that are kept
}

// Activity returns a page of the account's log, newest first [T]. It ends at 10,000 records or with the first record
// that makes it larger than encode.MaxPageBytes, whatever limit says [G].
func (vs *Vaults) Activity(ctx context.Context, view View, offset, limit int64) (Page, error) {
	limit = min(limit, maxPage)
	if bytes := min(2*limit*encode.RecordBytes, 2*encode.MaxPageBytes); bytes > memory.SmallBody {
		if err := view.Memory.GrowTo(ctx, bytes); err != nil {
			return Page{}, err
		}
	}
	records, total, err := vs.store.Activity(ctx, view.Account, offset, limit)
	if err != nil {
		return Page{}, err
	}
	body, n := vs.encoder.Activity(records)
	return Page{body, int64(n), total}, nil
}

// Outcome is how a request ended, for the activity log.
type Outcome struct {
	At      time.Time
	Item    string // "" or no id: none
	Version int    // of the item; 0: it is not known
	Success bool
}

// Finish returns a record with its id and the outcome.
func (vs *Vaults) Finish(a connect.Activity, o Outcome) connect.Activity {
	a.RequestID, a.Timestamp, a.Result = vs.options.Random.UUID(), connect.At(o.At), connect.ResultDeny
	if o.Success {
		a.Result = connect.ResultSuccess
	}
	if a.Resource.ItemVersion = o.Version; connect.IsID(o.Item) {
		a.Resource.Item = &connect.Ref{ID: o.Item}
	}
	return a
}

// Record adds a record to the log of an account, soon.
func (vs *Vaults) Record(account string, a connect.Activity, o Outcome) {
	vs.store.Record(account, vs.Finish(a, o))
}
