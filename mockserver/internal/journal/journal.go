// Package journal keeps the last exchanges of a server in memory, finds them
// again, and says whether what happened is what should have.
//
// It knows no HTTP, no store and no secrets: it keeps the entries it is given.
package journal

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// What of an entry's texts is kept, in bytes. A longer one is cut and ends in
// "…", so that an entry never takes more than 8 KiB, whatever was sent.
const (
	MaxMethod    = 32
	MaxPath      = 512
	MaxQuery     = 1024
	MaxMessage   = 512
	MaxUserAgent = 256
)

// maxAccounts is how many accounts' dropped entries are counted apart.
const maxAccounts = 10_000

// Record is an entry with its details.
type Record struct {
	controlapi.Entry
	Details
}

// Journal is a ring of the newest entries. It is safe for use by many
// goroutines.
type Journal struct {
	size uint64

	mu    sync.Mutex
	ring  []Record         // that of id n is at (n-1) % size; ID 0: cleared
	next  uint64           // id of the next entry
	drops map[string]drops // by account, since it was cleared
	rest  drops            // of any account, where those are too many
	total uint64           // dropped over the life of the journal
}

// drops are the entries of an account that had to make room.
type drops struct {
	count uint64
	last  uint64 // the greatest id
}

// New returns an empty journal of the last size entries, at least one. It
// takes memory as it fills.
func New(size int) *Journal {
	return &Journal{size: uint64(max(size, 1)), next: 1, drops: map[string]drops{}}
}

// Add keeps an entry, in place of the oldest one where the journal is full, and
// answers its id. The ID in it is ignored.
func (j *Journal) Add(e controlapi.Entry, d Details) uint64 {
	e.Method = Truncate(e.Method, MaxMethod)
	e.Path = Truncate(e.Path, MaxPath)
	e.Query = Truncate(e.Query, MaxQuery)
	e.Message = Truncate(e.Message, MaxMessage)
	e.UserAgent = Truncate(e.UserAgent, MaxUserAgent)
	j.mu.Lock()
	defer j.mu.Unlock()
	e.ID = j.next
	j.next++
	at := (e.ID - 1) % j.size
	if at == uint64(len(j.ring)) {
		j.ring = append(j.ring, Record{e, d})
		return e.ID
	}
	if old := &j.ring[at]; old.ID != 0 {
		j.drop(old)
	}
	j.ring[at] = Record{e, d}
	return e.ID
}

// drop counts an entry that makes room. Where too many accounts would be
// counted apart, those that have been are counted together: any may miss some
// of them.
func (j *Journal) drop(r *Record) {
	j.total++
	of, known := j.drops[r.Account]
	if !known && len(j.drops) == maxAccounts {
		for _, of := range j.drops {
			j.rest = drops{j.rest.count + of.count, max(j.rest.last, of.last)}
		}
		clear(j.drops)
	}
	j.drops[r.Account] = drops{of.count + 1, r.ID}
}

// Truncate keeps the beginning of a text, in memory of its own where it was longer
// than limit bytes; then it ends in "…".
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
	if id == 0 || id >= j.next || id+j.size < j.next {
		return Record{}, false
	}
	r := j.ring[(id-1)%j.size]
	return r, r.ID == id
}

// LastID is the id of the newest entry there was, 0 before the first.
func (j *Journal) LastID() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.next - 1
}

// Clear forgets the entries of an account, "" those of all, and what was
// dropped of them. Ids go on.
func (j *Journal) Clear(account string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := range j.ring {
		if account == "" || j.ring[i].Account == account {
			j.ring[i] = Record{}
		}
	}
	if account == "" {
		clear(j.drops)
		j.rest = drops{}
	}
	delete(j.drops, account)
}

// Stats are how many entries are kept, and how many had to make room over the
// life of the journal.
func (j *Journal) Stats() (kept int, dropped uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := range j.ring {
		if j.ring[i].ID != 0 {
			kept++
		}
	}
	return kept, j.total
}

// each yields the records kept with a greater id than after, oldest first. The
// lock must be held.
func (j *Journal) each(after uint64, yield func(*Record)) {
	first := uint64(1)
	if j.next > j.size {
		first = j.next - j.size
	}
	for id := max(first, after+1); id < j.next; id++ {
		if r := &j.ring[(id-1)%j.size]; r.ID == id {
			yield(r)
		}
	}
}

// gone is how many entries of an account, "" of all, may be missing among those
// with a greater id than after. The lock must be held.
func (j *Journal) gone(account string, after uint64) uint64 {
	if account == "" {
		all := j.rest.after(after)
		for _, of := range j.drops {
			all += of.after(after)
		}
		return all
	}
	return j.drops[account].after(after) + j.rest.after(after)
}

// after is how many of them may have a greater id.
func (d drops) after(id uint64) uint64 {
	if d.last > id {
		return d.count
	}
	return 0
}
