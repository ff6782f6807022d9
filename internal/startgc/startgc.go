// Package startgc lets a program that imports it collect garbage less often than Go would with a heap as small as that
// of a mock: in its first second, in which it allocates what it needs once (tables of packages, documents), and while it
// serves many requests. The one took a quarter of the processor time of a start, the other a tenth of that of a request.
//
// It must be initialized before the packages that allocate much. Go initializes packages in the order of their import
// paths where no import decides otherwise, and this one imports little.
package startgc

import (
	"runtime/debug"
	"sync/atomic"
	"time"
)

// percent is how much the heap may grow in the first second until garbage is collected, see [debug.SetGCPercent]. The
// heap of a start stays below the 16 MiB at which it then begins.
const percent = 400

// spare counts as a part of the heap and is never touched, so that the system gives no memory for it. Go collects
// garbage when the heap has doubled: without the spare that is when a thousand requests have made as much garbage as is
// in use, 4 MiB. A higher percentage would do the same to a small heap, and let a large one grow by more than this.
var spare atomic.Pointer[[spareBytes]byte]

const spareBytes = 16 << 20

func init() { raise(time.Second) }

// raise sets the percentage, and after a while sets it back and allocates the spare.
func raise(length time.Duration) {
	before := debug.SetGCPercent(percent)
	time.AfterFunc(length, func() {
		spare.Store(new([spareBytes]byte))
		debug.SetGCPercent(before)
	})
}
