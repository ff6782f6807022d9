// Package startgc lets a program that imports it collect garbage less often in its first second, in which it allocates
// what it needs once: tables of packages, documents. That took a quarter of the processor time of a start.
//
// It must be initialized before the packages that allocate much. Go initializes packages in the order of their import
// paths where no import decides otherwise, and this one imports little.
package startgc

import (
	"runtime/debug"
	"time"
)

// percent is how much the heap may grow in the first second until garbage is collected, see [debug.SetGCPercent]. The
// heap of a start stays below the 16 MiB at which it then begins.
const percent = 400

func init() { raise(time.Second) }

// raise sets the percentage, and sets it back after a while.
func raise(length time.Duration) {
	before := debug.SetGCPercent(percent)
	time.AfterFunc(length, func() { debug.SetGCPercent(before) })
}
