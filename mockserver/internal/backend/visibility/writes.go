// Package visibility keeps the writes that some readers must not see yet. It does not know the store or requests: the
// caller undoes the writes in what it has read.
package visibility

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// MaxBytes is the memory that a server uses for the state before pending writes.
const MaxBytes = 32 << 20

// Writes keeps the state before each write that readers must not see yet, and before each write made while a fault
// interrupts synchronization. The store has all writes at once; a reader undoes those that it must not see. Writes is
// safe for use by many goroutines.
//
// A write is added before it is committed, and a reader calls HiddenFrom after it has read the store, so that it finds
// every write that it has read. To undo a write that is not committed yet changes nothing.
type Writes struct {
	count atomic.Int64 // writes and interruptions; 0: every reader sees everything
	limit int64

	mu            sync.Mutex
	accounts      map[string][]*Write     // in the order they were written
	interruptions map[string]interruption // by the name of the fault
	bytes         int64
	last          uint64 // number of the last write added
}

// Write is a write, committed or about to be, that is not visible to every reader yet.
type Write struct {
	Vault     string
	Item      string
	Before    []byte            // the item, encoded; nil: the write created it
	Deleted   bool              // the write deleted the item
	After     string            // of a deleted item: the id of the item before it in the list; "": it was the first
	Files     map[string][]byte // of a deleted item: contents by file id
	Until     time.Time         // hidden until then, on the account's clock; zero: hidden only by an interruption
	Faults    []string          // names of the faults that delay it
	Version   int               // content version of the vault after the write
	UpdatedAt connect.Time      // of the vault before the write
	Items     int               // change of the number of items in the vault

	number uint64
}

func (w *Write) size() int64 {
	size := int64(len(w.Before)) + 512
	for _, content := range w.Files {
		size += int64(len(content))
	}
	return size
}

// interruption is a fault whose callers see only what was written before it began.
type interruption struct {
	account string // "": every account
	since   uint64 // the last write they see
}

// New returns an empty Writes: every reader sees everything. If the writes take more than limit bytes, the oldest
// become visible early.
func New(limit int64) *Writes {
	return &Writes{limit: limit, accounts: map[string][]*Write{}, interruptions: map[string]interruption{}}
}

// IsEmpty reports whether every reader sees everything.
func (p *Writes) IsEmpty() bool { return p.count.Load() == 0 }

// Usage returns how many writes and interruptions there are, and how many bytes the writes take.
func (p *Writes) Usage() (count, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count.Load(), p.bytes
}

// MustAdd reports whether a write in the account must be added even if it is not delayed.
func (p *Writes) MustAdd(account string) bool {
	if p.IsEmpty() {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.isInterrupted(account) || len(p.accounts[account]) > 0
}

// CanKeepFiles reports whether files of that many bytes in total can be kept with the deletion of their item.
func (p *Writes) CanKeepFiles(bytes int64) bool { return bytes <= p.limit/4 }

func (p *Writes) isInterrupted(account string) bool {
	for _, i := range p.interruptions {
		if i.account == "" || i.account == account {
			return true
		}
	}
	return false
}

// Add adds a write and reports whether it was kept. A write without Until is visible to all readers without an
// interruption, and so are earlier writes to the same item. A write of more than half the limit is not kept: it and the
// earlier ones to its item are visible at once.
func (p *Writes) Add(account string, w *Write) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.size() > p.limit/2 {
		p.removeIf(account, func(o *Write) bool { return o.Item == w.Item })
		return false
	}
	p.last++
	w.number = p.last
	list := append(p.accounts[account], w)
	p.bytes += w.size()
	p.count.Add(1)
	if w.Until.IsZero() {
		for _, earlier := range list {
			if earlier.Item == w.Item {
				earlier.Until = time.Time{}
			}
		}
	}
	p.prune(account, list, time.Time{})
	for p.bytes > p.limit && p.removeOldest() {
	}
	return true
}

// Remove removes a write that was not committed.
func (p *Writes) Remove(account string, w *Write) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.removeIf(account, func(o *Write) bool { return o == w })
}

// HiddenFrom returns the writes to a vault that a reader must not see at that time, in the order they were made. fault
// is the name of the fault that interrupts the reader's synchronization, "" if none does. Call it after reading the
// store.
func (p *Writes) HiddenFrom(account, vault string, now time.Time, fault string) []*Write {
	if p.IsEmpty() {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.prune(account, p.accounts[account], now)
	i, interrupted := p.interruptions[fault]
	visible := map[string]uint64{} // the last visible write to each item
	for _, w := range list {
		if !w.Until.After(now) && !(interrupted && w.number > i.since) {
			visible[w.Item] = w.number
		}
	}
	var hidden []*Write
	for _, w := range list {
		if w.Vault == vault && w.number > visible[w.Item] {
			hidden = append(hidden, w)
		}
	}
	return hidden
}

// FileContent returns the content of a file whose item was deleted and may still be visible.
func (p *Writes) FileContent(account, item, file string) (content []byte, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.accounts[account] {
		if w.Item == item && w.Deleted {
			content, ok = w.Files[file]
		}
	}
	return content, ok
}

// Interrupt hides what is written from now on from requests that the fault applies to. account "" means every account.
func (p *Writes) Interrupt(fault, account string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.interruptions[fault] = interruption{account, p.last}
	p.count.Add(1)
}

// EndFault makes the writes visible that a fault has hidden or delayed.
func (p *Writes) EndFault(fault string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, interrupted := p.interruptions[fault]; interrupted {
		delete(p.interruptions, fault)
		p.count.Add(-1)
	}
	for account, list := range p.accounts {
		for _, w := range list {
			if slices.Contains(w.Faults, fault) {
				w.Until = time.Time{}
			}
		}
		p.prune(account, list, time.Time{})
	}
}

// Clear removes the writes and the interruptions of an account, or of every account where it is "".
func (p *Writes) Clear(account string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for fault, i := range p.interruptions {
		if account == "" || i.account == account {
			delete(p.interruptions, fault)
			p.count.Add(-1)
		}
	}
	p.removeAll(account)
}

// RemoveAll removes the writes of an account whose content was replaced.
func (p *Writes) RemoveAll(account string) {
	if p.IsEmpty() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.removeAll(account)
}

func (p *Writes) removeAll(account string) {
	for id := range p.accounts {
		if account == "" || account == id {
			p.removeIf(id, func(*Write) bool { return true })
		}
	}
}

// prune removes the writes of an account that every reader sees at that time, and returns the others. At the zero time
// it removes only those that are visible at any time.
func (p *Writes) prune(account string, list []*Write, now time.Time) []*Write {
	p.accounts[account] = list
	if !p.isInterrupted(account) {
		// A visible write makes the earlier ones to its item visible too.
		visible := map[string]uint64{}
		for _, w := range list {
			if !w.Until.After(now) {
				visible[w.Item] = w.number
			}
		}
		if len(visible) > 0 {
			p.removeIf(account, func(w *Write) bool { return w.number <= visible[w.Item] })
		}
	}
	if len(p.accounts[account]) == 0 {
		delete(p.accounts, account)
	}
	return p.accounts[account]
}

func (p *Writes) removeIf(account string, isRemoved func(*Write) bool) {
	list := p.accounts[account]
	left := make([]*Write, 0, len(list))
	for _, w := range list {
		if !isRemoved(w) {
			left = append(left, w)
			continue
		}
		p.bytes -= w.size()
		p.count.Add(-1)
	}
	p.accounts[account] = left
	if len(left) == 0 {
		delete(p.accounts, account)
	}
}

// removeOldest removes the oldest write of all accounts, which makes it visible. It returns false if there is none.
func (p *Writes) removeOldest() bool {
	if len(p.accounts) == 0 {
		return false
	}
	var oldest string
	least := uint64(0)
	for account, list := range p.accounts {
		first := slices.MinFunc(list, func(a, b *Write) int { return cmp.Compare(a.number, b.number) })
		if least == 0 || first.number < least {
			oldest, least = account, first.number
		}
	}
	p.removeIf(oldest, func(w *Write) bool { return w.number == least })
	return true
}
