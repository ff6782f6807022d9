package store

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// titleEnd separates titles in memory. It is no part of UTF-8, so that no folded text has it.
const titleEnd = 0xFF

// titleListBytes is the approximate memory of a list without titles.
const titleListBytes = 512

// titleKey names the items of a vault that are rows of one account: a layer and its base have lists of their own.
type titleKey struct{ account, vault string }

// titleList is the titles of a vault, folded, each between two titleEnd. It may have titles that no item has any more.
type titleList struct {
	text     []byte // never changed
	added    []byte // titles written since text was read; only appended to
	since    uint64 // transactions that began at this time or later see no other titles; 0: text is being read
	tooLarge bool   // it has no titles
}

func (l *titleList) size() int64 { return int64(cap(l.text)+cap(l.added)) + titleListBytes }

// titles keeps the titles of vaults that are searched, up to a number of bytes. It is safe for use by many goroutines.
//
// A list must have the titles of all items that a transaction sees. Items that are written are added before their
// commit, and no list begins to be read while a commit is under way: it either sees the commit or is told of it.
type titles struct {
	limit int64 // in bytes; 0: none are kept

	mu         sync.Mutex
	lists      *simplelru.LRU[titleKey, *titleList]
	bytes      int64
	clock      uint64 // advances with each list that was read
	committing bool
}

func newTitles(limit int64) *titles {
	t := &titles{limit: limit, clock: 1}
	t.lists, _ = simplelru.NewLRU(math.MaxInt, func(_ titleKey, l *titleList) { t.bytes -= l.size() })
	return t
}

// now returns the time for list. Call it before the transaction that needs the list begins.
func (t *titles) now() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.clock
}

// list returns the titles that a transaction sees which has read something, and began after that time. It is nil if
// they are not in memory; canRead says that begin makes sense then.
func (t *titles) list(k titleKey, began uint64) (found [][]byte, canRead bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l, ok := t.lists.Get(k)
	if !ok || l.since == 0 || l.since > began || l.tooLarge {
		return nil, !ok
	}
	return [][]byte{l.text, l.added}, false
}

// begin returns a new list, to be read in a transaction that begins afterwards and passed to finish. It is nil if there
// is one already, or if a commit is under way.
func (t *titles) begin(k titleKey) *titleList {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.committing || t.lists.Contains(k) {
		return nil
	}
	l := &titleList{}
	t.lists.Add(k, l)
	t.bytes += l.size()
	return l
}

// finish sets what was read for a list. Without text, because it is too large or because reading failed, the list
// has no titles.
func (t *titles) finish(k titleKey, l *titleList, text []byte, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if current, _ := t.lists.Peek(k); current != l {
		return // it was dropped meanwhile
	}
	if err != nil {
		t.lists.Remove(k)
		return
	}
	t.bytes -= l.size()
	l.text, l.tooLarge = text, text == nil
	t.bytes += l.size()
	t.clock++
	l.since = t.clock
	t.evict()
}

func (t *titles) evict() {
	for t.bytes > t.limit && t.lists.Len() > 0 {
		t.lists.RemoveOldest()
	}
}

// clear drops all lists. Call it after another process has written.
func (t *titles) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lists.Purge()
}

// beginCommit adds what a transaction has written. The transaction is then committed or rolled back, and endCommit
// called.
func (t *titles) beginCommit(w *writtenTitles) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.committing = true
	if len(w.accounts) > 0 {
		for _, k := range t.lists.Keys() {
			if w.accounts[k.account] {
				t.lists.Remove(k)
			}
		}
	}
	for _, one := range w.titles {
		t.add(one.titleKey, one.folded)
	}
	t.evict()
}

// add adds a title to a list, or drops the list if much was added: the same titles may have been added again and again.
func (t *titles) add(k titleKey, folded []byte) {
	l, ok := t.lists.Peek(k)
	if !ok || l.tooLarge {
		return
	}
	if len(l.added) > len(l.text)/4+64<<10 {
		t.lists.Remove(k)
		return
	}
	t.bytes -= l.size()
	if len(l.added) == 0 {
		l.added = append(l.added, titleEnd)
	}
	l.added = append(append(l.added, folded...), titleEnd)
	t.bytes += l.size()
}

func (t *titles) endCommit() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.committing = false
}

// maxWrittenTitles is how many titles of a transaction are remembered. A larger one replaces the titles of its accounts.
const maxWrittenTitles = 1000

// writtenTitles are the titles that a transaction has written. What of it was undone stays: a list may have more titles
// than there are.
type writtenTitles struct {
	titles   []writtenTitle
	accounts map[string]bool // all their titles may be new
}

type writtenTitle struct {
	titleKey
	folded []byte
}

// add remembers the title of an item.
func (w *writtenTitles) add(r itemRow) {
	if len(w.titles) >= maxWrittenTitles {
		w.replace(r.account)
		return
	}
	w.titles = append(w.titles, writtenTitle{titleKey{r.account, r.vault}, r.folded})
}

// replace remembers that the items of an account were written.
func (w *writtenTitles) replace(account string) {
	if w.accounts == nil {
		w.accounts = map[string]bool{}
	}
	w.accounts[account] = true
}
