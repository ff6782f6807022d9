package mockserver

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// lagBytes is what the states of before may take. When they take more, the
// oldest writes are seen before their time.
const lagBytes = 32 << 20

// lag remembers how things were before writes that reads do not see yet, and
// before those made while 1Password is out of reach. The store has everything
// at once; a read of it undoes what it must not see.
//
// A write is noted before it is committed, a read asks here after it has read:
// whoever has read a write finds it noted. A write that was noted and is not
// committed yet is undone all the same, which changes nothing.
type lag struct {
	kept  atomic.Int64 // writes and holds; 0: nobody need ask
	limit int64

	mu       sync.Mutex
	accounts map[string][]*unseen // in the order they were written
	holds    map[string]hold      // by the name of the fault
	bytes    int64
	last     uint64 // number of the last write noted
}

// unseen is a write that some reads do not see.
type unseen struct {
	number  uint64
	vault   string
	item    string
	before  []byte            // the item, encoded; nil: the write created it
	deleted bool              // the write deleted it
	behind  string            // of a deleted item: which stood before it in the list; "": none
	files   map[string][]byte // of a deleted item: content by id
	until   time.Time         // by the account's clock; zero: only who is held back does not see it
	faults  []string
	version int          // of the vault's content, made by the write
	updated connect.Time // when the vault was updated last, before the write
	delta   int          // items more in the vault
}

func (u *unseen) size() int64 {
	size := int64(len(u.before)) + 512
	for _, content := range u.files {
		size += int64(len(content))
	}
	return size
}

// hold is a fault that keeps those it strikes to what was written until then.
type hold struct {
	account string // "": every account
	since   uint64 // the last write they see
}

func newLag() *lag {
	return &lag{limit: lagBytes, accounts: map[string][]*unseen{}, holds: map[string]hold{}}
}

// idle says that every read sees everything.
func (l *lag) idle() bool { return l.kept.Load() == 0 }

// holding says whether a write in the account must be noted although everybody
// else sees it at once.
func (l *lag) holding(account string) bool {
	if l.idle() {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held(account) || len(l.accounts[account]) > 0
}

func (l *lag) held(account string) bool {
	for _, h := range l.holds {
		if h.account == "" || h.account == account {
			return true
		}
	}
	return false
}

// note keeps a write. A write without until is seen by everybody who is not
// held back, and so are the earlier ones to the same item.
func (l *lag) note(account string, u *unseen) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	u.number = l.last
	list := append(l.accounts[account], u)
	l.bytes += u.size()
	l.kept.Add(1)
	if u.until.IsZero() {
		for _, earlier := range list {
			if earlier.item == u.item {
				earlier.until = time.Time{}
			}
		}
	}
	l.keep(account, list, time.Time{})
	for l.bytes > l.limit && l.dropOldest() {
	}
}

// withdraw forgets a write that was not committed.
func (l *lag) withdraw(account string, u *unseen) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop(account, func(o *unseen) bool { return o == u })
}

// show lets everybody see what was written to an item.
func (l *lag) show(account, item string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop(account, func(u *unseen) bool { return u.item == item })
}

// hidden are the writes to a vault that a reader at that moment does not see,
// in the order they were made. fault is what holds the reader back, "" if
// nothing does.
func (l *lag) hidden(account, vault string, now time.Time, fault string) []*unseen {
	if l.idle() {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.keep(account, l.accounts[account], now)
	h, held := l.holds[fault]
	seen := map[string]uint64{} // the last write to each item that is seen
	for _, u := range list {
		if !u.until.After(now) && !(held && u.number > h.since) {
			seen[u.item] = u.number
		}
	}
	var hidden []*unseen
	for _, u := range list {
		if u.vault == vault && u.number > seen[u.item] {
			hidden = append(hidden, u)
		}
	}
	return hidden
}

// content is a file of an item that was deleted and may still be seen.
func (l *lag) content(account, item, file string) (content []byte, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, u := range l.accounts[account] {
		if u.item == item && u.deleted {
			content, ok = u.files[file]
		}
	}
	return content, ok
}

// hold starts to hold back those whom the fault strikes.
func (l *lag) hold(fault, account string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.holds[fault] = hold{account, l.last}
	l.kept.Add(1)
}

// release ends what a fault did: everybody sees what was written.
func (l *lag) release(fault string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, held := l.holds[fault]; held {
		delete(l.holds, fault)
		l.kept.Add(-1)
	}
	for account, list := range l.accounts {
		for _, u := range list {
			if slices.Contains(u.faults, fault) {
				u.until = time.Time{}
			}
		}
		l.keep(account, list, time.Time{})
	}
}

// clear forgets all of an account, "" of every account, and what holds it back.
func (l *lag) clear(account string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for fault, h := range l.holds {
		if account == "" || h.account == account {
			delete(l.holds, fault)
			l.kept.Add(-1)
		}
	}
	l.forget(account)
}

// flush forgets the writes of an account whose content has become another.
func (l *lag) flush(account string) {
	if l.idle() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(account)
}

func (l *lag) forget(account string) {
	for id := range l.accounts {
		if account == "" || account == id {
			l.drop(id, func(*unseen) bool { return true })
		}
	}
}

// keep is what is left of an account's writes at that moment: those that
// somebody may not see. At the zero moment those that are not even over for
// everybody else stay.
func (l *lag) keep(account string, list []*unseen, now time.Time) []*unseen {
	l.accounts[account] = list
	if !l.held(account) {
		// A write that is seen shows the earlier ones to its item too.
		seen := map[string]uint64{}
		for _, u := range list {
			if !u.until.After(now) {
				seen[u.item] = u.number
			}
		}
		if len(seen) > 0 {
			l.drop(account, func(u *unseen) bool { return u.number <= seen[u.item] })
		}
	}
	if len(l.accounts[account]) == 0 {
		delete(l.accounts, account)
	}
	return l.accounts[account]
}

func (l *lag) drop(account string, which func(*unseen) bool) {
	list := l.accounts[account]
	left := make([]*unseen, 0, len(list))
	for _, u := range list {
		if !which(u) {
			left = append(left, u)
			continue
		}
		l.bytes -= u.size()
		l.kept.Add(-1)
	}
	l.accounts[account] = left
	if len(left) == 0 {
		delete(l.accounts, account)
	}
}

// dropOldest lets the oldest write of all be seen.
func (l *lag) dropOldest() bool {
	if len(l.accounts) == 0 {
		return false
	}
	var oldest string
	least := uint64(0)
	for account, list := range l.accounts {
		first := slices.MinFunc(list, func(a, b *unseen) int { return cmp.Compare(a.number, b.number) })
		if least == 0 || first.number < least {
			oldest, least = account, first.number
		}
	}
	l.drop(oldest, func(u *unseen) bool { return u.number == least })
	return true
}
