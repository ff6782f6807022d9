package store

import (
	"errors"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/connectmock/connectmock/openapi/connect"
)

// blockRecords is the number of records in a block.
const blockRecords = 16

// block has consecutive records of a log, encoded: those that the log has of the numbers from a multiple of
// blockRecords on. It is not changed any more once it is in the cache.
type block struct {
	first int64 // the number of the first record
	count int64
	ends  [blockRecords]int // where each record ends in json
	json  []byte
}

func newBlock(first int64) *block {
	return &block{first: first, json: make([]byte, 0, 512*blockRecords)}
}

// add encodes the next record.
func (b *block) add(encode func([]byte, *connect.Activity) []byte, a *connect.Activity) {
	b.json = encode(b.json, a)
	b.ends[b.count] = len(b.json)
	b.count++
}

// end returns the number after that of the last record.
func (b *block) end() int64 { return b.first + b.count }

// has reports whether the block has all of these records. A nil block has none.
func (b *block) has(oldest, newest int64) bool {
	return b != nil && b.first <= oldest && newest < b.end()
}

// start returns where the record of that number, which may be that after the last, starts in json.
func (b *block) start(n int64) int {
	if n == b.first {
		return 0
	}
	return b.ends[n-b.first-1]
}

// record returns the record of that number.
func (b *block) record(n int64) []byte { return b.json[b.start(n):b.ends[n-b.first]] }

// size returns the number of bytes of those of the records that the block has.
func (b *block) size(oldest, newest int64) int64 {
	return int64(b.start(min(newest+1, b.end())) - b.start(max(oldest, b.first)))
}

// memory returns the bytes that a block takes in the cache.
func (b *block) memory() int64 { return 512 + int64(cap(b.json)) }

// blockKey names a block: the account whose log it is, and the number of its records divided by blockRecords.
type blockKey struct {
	account string
	number  int64
}

// errPageNotCached says that a page is not in the cache as a whole.
var errPageNotCached = errors.New("store: the page is not cached")

// pageCache keeps encoded records of logs, up to a number of bytes, and the bounds of logs until the next commit. A page
// that is made of them is the one that the database would give: logs change only by commits, most of which append records
// and leave the blocks true. While a commit is made no bounds are returned or kept, and while a transaction is open that
// replaces records no blocks are; afterwards nothing is kept of readers that began before.
type pageCache struct {
	limit int64 // in bytes; 0: nothing is kept

	mu         sync.Mutex
	version    cacheVersion
	committing bool // a commit is being made
	replacing  bool // the open transaction has replaced records
	logs       map[string]accountLog
	blocks     *simplelru.LRU[blockKey, *block]
	bytes      int64
}

// cacheVersion is how often the database has changed. A reader asks for it before it reads.
type cacheVersion struct {
	commits  uint64
	replaced uint64 // commits that replaced records
}

func newPageCache(limit int64) *pageCache {
	c := &pageCache{limit: limit, logs: map[string]accountLog{}}
	// A block takes at least half a KiB, so the count can't be reached first.
	c.blocks, _ = simplelru.NewLRU(int(max(limit/512, 1)), func(_ blockKey, b *block) { c.bytes -= b.memory() })
	return c
}

// log returns the bounds of an account's log if they are known, and the version.
func (c *pageCache) log(account string) (log accountLog, isKnown bool, v cacheVersion) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.committing {
		log, isKnown = c.logs[account]
	}
	return log, isKnown, c.version
}

// keepLog keeps the bounds of a log that has records. An account without any may not exist, and be made later.
func (c *pageCache) keepLog(log accountLog, v cacheVersion) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limit == 0 || c.version != v || log.end == 0 {
		return
	}
	if len(c.logs) >= maxTails {
		clear(c.logs)
	}
	c.logs[log.account] = log
}

// find sets those of consecutive blocks of a log that are kept, from the number at on.
func (c *pageCache) find(blocks []*block, account string, at int64, v cacheVersion) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.replacing || c.version.replaced != v.replaced {
		return
	}
	for i := range blocks {
		blocks[i], _ = c.blocks.Get(blockKey{account, at + int64(i)})
	}
}

// keep keeps consecutive blocks of a log, unless they would take more than half of the memory.
func (c *pageCache) keep(blocks []*block, account string, at int64, v cacheVersion) {
	var size int64
	for _, b := range blocks {
		size += b.memory()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if size > c.limit/2 || c.version.replaced != v.replaced {
		return
	}
	for i, b := range blocks {
		k := blockKey{account, at + int64(i)}
		c.blocks.Remove(k)
		c.blocks.Add(k, b)
		c.bytes += b.memory()
	}
	for c.bytes > c.limit {
		c.blocks.RemoveOldest()
	}
}

// beginReplacing says that the open transaction will replace records.
func (c *pageCache) beginReplacing() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.replacing = true
}

// beginCommit says that a commit will be made.
func (c *pageCache) beginCommit() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.committing = true
}

// end says that the transaction has ended.
func (c *pageCache) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget(c.replacing)
	c.committing, c.replacing = false, false
}

// clear removes everything, after another process has written.
func (c *pageCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget(true)
}

// forget removes the bounds, and all blocks if records were replaced.
func (c *pageCache) forget(replaced bool) {
	c.version.commits++
	clear(c.logs)
	if replaced {
		c.version.replaced++
		c.blocks.Purge()
	}
}
