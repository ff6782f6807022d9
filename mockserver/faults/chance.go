package faults

import "math/rand/v2"

// chance is a source of numbers for one request. The same seed and number of
// the request give the same, whatever happened to others: what is drawn for
// request 7 does not depend on who was faster.
type chance struct{ seed, n uint64 }

// happens says yes to so many of a hundred.
func (c chance) happens(percentage float64) bool { return c.source(1).Float64()*100 < percentage }

// source is one of several sources of the request.
func (c chance) source(which uint64) *rand.Rand {
	return rand.New(rand.NewPCG(c.seed, c.n<<8|which))
}
