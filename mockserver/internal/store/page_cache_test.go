package store

import "testing"

// A reader may begin, read and keep what it has read at any moment of a transaction. What it kept is returned only while
// it is true.
func TestPageCache_KeepsOnlyWhatIsTrue(t *testing.T) {
	t.Parallel()
	begin := func(replaces bool) func(*pageCache) {
		return func(c *pageCache) {
			if replaces {
				c.beginReplacing()
			}
		}
	}
	for name, c := range map[string]struct {
		replaces               bool
		isLogKept, isBlockKept [4]bool // read before the transaction, in it, during its commit, after it
	}{
		"appends":  {false, [4]bool{false, false, false, true}, [4]bool{true, true, true, true}},
		"replaces": {true, [4]bool{false, false, false, true}, [4]bool{false, false, false, true}},
	} {
		steps := []func(*pageCache){
			func(*pageCache) {}, begin(c.replaces), (*pageCache).beginCommit, (*pageCache).end,
		}
		for read := range steps {
			for kept := read; kept < len(steps); kept++ {
				cache := newPageCache(1 << 20)
				var version cacheVersion
				for i, step := range steps {
					step(cache)
					if i == read {
						_, _, version = cache.log("A")
					}
					if i == kept {
						cache.keepLog(accountLog{account: "A", end: 1}, version)
						cache.keep([]*block{newBlock(0)}, "A", 0, version)
					}
				}
				_, isLogKept, now := cache.log("A")
				var found [1]*block
				cache.find(found[:], "A", 0, now)
				if isLogKept != c.isLogKept[read] || found[0] != nil != c.isBlockKept[read] {
					t.Errorf("%s, read at step %d, kept at %d: log %v, block %v", name, read, kept, isLogKept, found[0])
				}
			}
		}
	}
}

func TestPageCache_ReturnsNothingWhileItMayChange(t *testing.T) {
	t.Parallel()
	cache := newPageCache(1 << 20)
	_, _, version := cache.log("A")
	cache.keepLog(accountLog{account: "A", end: 1}, version)
	cache.keep([]*block{newBlock(0)}, "A", 0, version)
	check := func(when string, wantLog, wantBlock bool) {
		t.Helper()
		_, isKnown, _ := cache.log("A")
		var found [1]*block
		if cache.find(found[:], "A", 0, version); isKnown != wantLog || found[0] != nil != wantBlock {
			t.Errorf("%s: log %v, block %v", when, isKnown, found[0])
		}
	}
	check("at first", true, true)
	cache.beginCommit()
	check("during a commit", false, true)
	cache.end()
	check("after it", false, true)
	cache.beginReplacing()
	check("while records are replaced", false, false)
	cache.end()
	check("afterwards", false, false)
}
