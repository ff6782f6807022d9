package journal

import (
	"context"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// maxUpdate is the maximum number of entries of an update; the next one has the others.
const maxUpdate = 1000

// Follow waits until there are entries that a query selects, oldest first, or until ctx ends. It does not wait if
// entries were dropped before they could be read, or q.After is an id that no entry has had yet. Until and Limit of
// the query are ignored. The error is a *controlapi.Error that names the invalid member.
func (j *Journal) Follow(ctx context.Context, q controlapi.JournalQuery) (controlapi.JournalUpdate, error) {
	selected, err := newSelector(q.Operation, q.Status, q.Caller, q.Fault)
	if err != nil {
		return controlapi.JournalUpdate{Entries: []controlapi.Entry{}}, err
	}
	for {
		update, added := j.update(&selected, q)
		if len(update.Entries) > 0 || update.Missed > 0 || update.Last < q.After {
			return update, nil
		}
		q.After = update.Last
		select {
		case <-added:
		case <-ctx.Done():
			return update, nil
		}
	}
}

// update returns the selected entries after q.After, and a channel that is closed when the next entry is added.
func (j *Journal) update(selected *selector, q controlapi.JournalQuery) (controlapi.JournalUpdate, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	u := controlapi.JournalUpdate{Entries: []controlapi.Entry{}, Last: j.next - 1}
	if q.After < u.Last {
		u.Missed = u.Last - q.After
		for _, kept := range j.rings() {
			u.Missed -= uint64(len(kept.records) - kept.countUpTo(q.After))
		}
	}
	j.each(q.After, func(r *Record) {
		if len(u.Entries) == maxUpdate || !isOfAccount(r, q.Account) || selected.differences(r) > 0 ||
			!q.Since.IsZero() && r.Time.Before(q.Since) {
			return
		}
		u.Entries = append(u.Entries, r.Entry)
		if len(u.Entries) == maxUpdate {
			u.Last = r.ID
		}
	})
	if j.added == nil {
		j.added = make(chan struct{})
	}
	return u, j.added
}

// wakeFollowers ends the waiting for a new entry. The caller holds the lock.
func (j *Journal) wakeFollowers() {
	if j.added != nil {
		close(j.added)
		j.added = nil
	}
}
