package journal

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// defaultLimit is how many entries a query without a limit returns.
const defaultLimit = 100

// Query returns the newest entries that a query selects, oldest first. The error
// is a *controlapi.Error that names the invalid member.
func (j *Journal) Query(q controlapi.JournalQuery) (controlapi.Journal, error) {
	return j.QueryPart(q, 0)
}

// QueryPart is Query for the entries before the newest: it leaves out as many of
// those that the query selects. Matched counts them.
func (j *Journal) QueryPart(q controlapi.JournalQuery, skip int) (controlapi.Journal, error) {
	page := controlapi.Journal{Entries: []controlapi.Entry{}}
	selected, err := newSelector(q.Operation, q.Status, q.Caller, q.Fault)
	switch {
	case err != nil:
		return page, err
	case q.Limit < 0:
		return page, invalid("limit is %d: give a number of entries, or 0 for %d", q.Limit, defaultLimit)
	case !q.Since.IsZero() && !q.Until.IsZero() && !q.Since.Before(q.Until):
		return page, invalid("since is not before until: no request can be between them")
	}
	if q.Limit == 0 {
		q.Limit = defaultLimit
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	var found []*Record
	j.each(q.After, func(r *Record) {
		if isOfAccount(r, q.Account) && selected.differences(r) == 0 &&
			(q.Since.IsZero() || !r.Time.Before(q.Since)) && (q.Until.IsZero() || r.Time.Before(q.Until)) {
			found = append(found, r)
		}
	})
	end := max(0, len(found)-max(0, skip))
	for _, r := range found[max(0, end-q.Limit):end] {
		page.Entries = append(page.Entries, r.Entry)
	}
	page.Matched, page.Dropped = len(found), j.dropped(q.Account, q.After)
	return page, nil
}

// isOfAccount reports whether an entry belongs to an account; "" is any account.
func isOfAccount(r *Record, account string) bool { return account == "" || r.Account == account }

// selector selects entries for queries and expectations. An empty member selects
// all.
type selector struct {
	operation, status, caller, fault string
	statuses                         statuses
}

func newSelector(operation, status, caller, fault string) (selector, error) {
	list, err := parseStatuses(status)
	return selector{operation, status, caller, fault, list}, err
}

// differences returns in how many members an entry differs. 0: it is selected.
func (s *selector) differences(r *Record) (n int) {
	for _, equal := range [...]bool{
		s.operation == "" || s.operation == r.Operation,
		s.caller == "" || s.caller == r.Caller,
		s.fault == "" || slices.Contains(r.Faults, s.fault),
		s.statuses.has(r.Status),
	} {
		if !equal {
			n++
		}
	}
	return n
}
