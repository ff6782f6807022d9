package faults

import "math/rand/v2"

// randomSource makes the random numbers for one request. The same seed and
// request number give the same numbers, whatever happened to other requests:
// request 7 does not depend on which client was faster.
type randomSource struct{ seed, n uint64 }

// hit returns true for the given percentage of requests.
func (s randomSource) hit(percentage float64) bool { return s.stream(1).Float64()*100 < percentage }

// stream returns one of several independent generators for the request.
func (s randomSource) stream(which uint64) *rand.Rand {
	return rand.New(rand.NewPCG(s.seed, s.n<<8|which))
}
