// Package journal keeps the last requests of a server and their responses in
// memory, finds them again, and compares them with what is expected.
//
// It does not know HTTP or the store. What must be hidden is hidden when an entry
// is first read, because most never are: no method returns an entry before.
package journal

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The number of bytes kept of an entry's texts. A longer text is cut and ends in
// "…", so that an entry never takes more than 8 KiB, whatever was sent.
const (
	maxMethod    = 32
	maxPath      = 512
	maxQuery     = 1024
	maxMessage   = 512
	MaxUserAgent = 256
)

// maxAccounts is the number of accounts whose dropped entries are counted
// separately.
const maxAccounts = 10_000

// Record is an entry with its details.
type Record struct {
	controlapi.Entry
	Details
	isUnread  bool // its texts are as they were sent
	isCleared bool // it has only its id
}

// Journal has the newest entries of clients and, apart from them, those of suites,
// which send thousands. It is safe for use by many goroutines.
type Journal struct {
	size int
	hide func(*Record)

	mu      sync.Mutex
	clients ring
	suites  ring
	next    uint64           // id of the next entry
	drops   map[string]drops // by account, since it was cleared
	other   drops            // of accounts that are not in drops any more
	total   uint64           // number of entries dropped since New
	added   chan struct{}    // closed when an entry is added; nil: nothing waits for it
}

// drops are the entries of an account that were dropped for newer ones.
type drops struct {
	count uint64
	last  uint64 // the greatest id
}

// New returns an empty journal of the last size entries of clients, at least one,
// and as many of suites. It allocates memory as it fills. hide removes from an entry what nobody may see; it
// must not use the journal. Nil means that nothing is hidden.
func New(size int, hide func(*Record)) *Journal {
	if hide == nil {
		hide = func(*Record) {}
	}
	return &Journal{size: max(size, 1), hide: hide, next: 1, drops: map[string]drops{}}
}

// prepare makes a record fit to be read: it hides what nobody may see and cuts
// long texts, in this order, so that no part of what is hidden is left.
func (j *Journal) prepare(r *Record) {
	r.isUnread = false
	j.hide(r)
	r.Method = Truncate(r.Method, maxMethod)
	r.Path = Truncate(r.Path, maxPath)
	r.Query = Truncate(r.Query, maxQuery)
	r.Message = Truncate(r.Message, maxMessage)
	r.UserAgent = Truncate(r.UserAgent, MaxUserAgent)
}

// isLong reports whether a text of an entry takes more memory than a journal keeps.
func isLong(e *controlapi.Entry) bool {
	return len(e.Method) > maxMethod || len(e.Path) > maxPath || len(e.Query) > maxQuery ||
		len(e.Message) > maxMessage || len(e.UserAgent) > MaxUserAgent
}

// Add adds an entry and returns its id. If the journal is full it drops the
// oldest entry of its kind. The ID in e is ignored.
func (j *Journal) Add(e controlapi.Entry, d Details) uint64 {
	r := Record{Entry: e, Details: d, isUnread: true}
	if isLong(&e) {
		long := r // r stays on the stack
		j.prepare(&long)
		r = long
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	defer j.wakeFollowers()
	r.ID = j.next
	j.next++
	to := &j.clients
	if d.IsSuite {
		to = &j.suites
	}
	if old := to.oldest(j.size); old != nil && !old.isCleared {
		j.drop(old)
	}
	to.add(&r, j.size)
	return r.ID
}

// read prepares a record before it is read for the first time.
func (j *Journal) read(r *Record) {
	if r.isUnread {
		j.prepare(r)
	}
}

// drop counts an entry that is dropped. If there are too many accounts to count
// separately, those counted so far are added together: an entry of any account
// may be among them.
func (j *Journal) drop(r *Record) {
	j.total++
	own, known := j.drops[r.Account]
	if !known && len(j.drops) == maxAccounts {
		for _, d := range j.drops {
			j.other = drops{j.other.count + d.count, max(j.other.last, d.last)}
		}
		clear(j.drops)
	}
	j.drops[r.Account] = drops{own.count + 1, r.ID}
}

// Truncate returns a text of at most limit bytes unchanged, and of a longer one
// the beginning followed by "…", which does not share memory with it.
func Truncate(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit - len("…")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.ToValidUTF8(text[:end], "�") + "…"
}

// Record is the record of that id, and whether it is kept.
func (j *Journal) Record(id uint64) (Record, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, kept := range j.rings() {
		if r := kept.find(id); r != nil && !r.isCleared {
			j.read(r)
			return *r, true
		}
	}
	return Record{}, false
}

func (j *Journal) rings() [2]*ring { return [...]*ring{&j.clients, &j.suites} }

// LastID returns the id of the last entry that was added, 0 before the first.
func (j *Journal) LastID() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.next - 1
}

// Clear removes the entries of an account, "" for all, and the count of those
// that were dropped. The next entry gets the next id.
func (j *Journal) Clear(account string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, kept := range j.rings() {
		for i := range kept.records {
			if r := &kept.records[i]; isOfAccount(r, account) {
				*r = Record{Entry: controlapi.Entry{ID: r.ID}, isCleared: true}
			}
		}
	}
	if account == "" {
		clear(j.drops)
		j.other = drops{}
	}
	delete(j.drops, account)
}

// Stats returns how many entries are kept, and how many were dropped since New.
func (j *Journal) Stats() (kept int, dropped uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, of := range j.rings() {
		for i := range of.records {
			if !of.records[i].isCleared {
				kept++
			}
		}
	}
	return kept, j.total
}

// each calls yield for each entry with a greater id than after, oldest first.
// The caller holds the lock.
func (j *Journal) each(after uint64, yield func(*Record)) {
	visit := func(r *Record) {
		if !r.isCleared {
			j.read(r)
			yield(r)
		}
	}
	suite := j.suites.countUpTo(after)
	for i := j.clients.countUpTo(after); i < len(j.clients.records); i++ {
		r := j.clients.at(i)
		for ; suite < len(j.suites.records) && j.suites.at(suite).ID < r.ID; suite++ {
			visit(j.suites.at(suite))
		}
		visit(r)
	}
	for ; suite < len(j.suites.records); suite++ {
		visit(j.suites.at(suite))
	}
}

// dropped returns how many entries of an account, "" for all, may have been
// dropped among those with a greater id than after. The caller holds the lock.
func (j *Journal) dropped(account string, after uint64) uint64 {
	if account == "" {
		all := j.other.countAfter(after)
		for _, d := range j.drops {
			all += d.countAfter(after)
		}
		return all
	}
	return j.drops[account].countAfter(after) + j.other.countAfter(after)
}

// countAfter returns how many of the entries may have a greater id.
func (d drops) countAfter(id uint64) uint64 {
	if d.last > id {
		return d.count
	}
	return 0
}
