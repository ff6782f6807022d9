package vaults

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/connectmock/connectmock/mockserver/internal/encode"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// maxPage is how many records a page of the activity log has at most. How large a page a real server gives is not known
// [G].
const maxPage = 10_000

// Activity returns a page of the account's log, newest first [T]. It ends at 10,000 records or with the first record
// that makes it larger than encode.MaxPageBytes, whatever limit says [G].
func (vs *Vaults) Activity(ctx context.Context, view View, offset, limit int64) (store.EncodedPage, error) {
	limit = min(limit, maxPage)
	if bytes := min(2*limit*encode.RecordBytes, 2*encode.MaxPageBytes); bytes > memory.SmallBody {
		if err := view.Memory.GrowTo(ctx, bytes); err != nil {
			return store.EncodedPage{}, err
		}
	}
	return vs.store.ActivityPage(ctx, view.Account, offset, limit, encode.MaxPageBytes)
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
