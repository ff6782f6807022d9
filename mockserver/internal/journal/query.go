package journal

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// defaultLimit is how many entries a query answers that gives no limit.
const defaultLimit = 100

// Query is the newest entries that a query selects, oldest first. An error is a
// *controlapi.Error that names the member that can't be used.
func (j *Journal) Query(q controlapi.JournalQuery) (controlapi.Journal, error) {
	page := controlapi.Journal{Entries: []controlapi.Entry{}}
	which, err := newSelector(q.Operation, q.Status, q.Caller, q.Fault)
	switch {
	case err != nil:
		return page, err
	case q.Limit < 0:
		return page, invalid("limit is %d: give how many entries, or 0 for %d", q.Limit, defaultLimit)
	case !q.Since.IsZero() && !q.Until.IsZero() && !q.Since.Before(q.Until):
		return page, invalid("since is not before until: nothing could be between them")
	}
	if q.Limit == 0 {
		q.Limit = defaultLimit
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	var found []*Record
	j.each(q.After, func(r *Record) {
		if inScope(r, q.Account) && which.selects(r) &&
			(q.Since.IsZero() || !r.Time.Before(q.Since)) && (q.Until.IsZero() || r.Time.Before(q.Until)) {
			found = append(found, r)
		}
	})
	for _, r := range found[max(0, len(found)-q.Limit):] {
		page.Entries = append(page.Entries, r.Entry)
	}
	page.Matched, page.Dropped = len(found), j.gone(q.Account, q.After)
	return page, nil
}

func inScope(r *Record, account string) bool { return account == "" || r.Account == account }

// selector is what queries and expectations select by; empty members select
// all.
type selector struct {
	operation, status, caller, fault string
	statuses                         statuses
}

func newSelector(operation, status, caller, fault string) (selector, error) {
	list, err := parseStatuses(status)
	return selector{operation, status, caller, fault, list}, err
}

func (s *selector) selects(r *Record) bool { return s.misses(r) == 0 }

// misses is how many members an entry differs in.
func (s *selector) misses(r *Record) (n int) {
	for _, ok := range [...]bool{
		s.operation == "" || s.operation == r.Operation,
		s.caller == "" || s.caller == r.Caller,
		s.fault == "" || slices.Contains(r.Faults, s.fault),
		s.statuses.has(r.Status),
	} {
		if !ok {
			n++
		}
	}
	return n
}
