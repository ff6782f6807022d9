package faults

import (
	"slices"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func lagKind() kind {
	return kind{
		member: "lag",
		given:  func(f *controlapi.Fault) bool { return f.Lag != 0 },
		check: func(f *controlapi.Fault) error {
			if f.Lag < 0 {
				return refuse("lag", "must not be negative")
			}
			isWrite := func(id string) bool { return slices.Contains(writes(), id) }
			if len(f.Operations) > 0 && !slices.ContainsFunc(f.Operations, isWrite) {
				return refuse("operations", "a lag is of what writes: leave operations out or name some of %s", list(writes()))
			}
			return nil
		},
		strike: func(s *Effects, f *controlapi.Fault, _ Request, _ chance) { s.Lag = max(s.Lag, time.Duration(f.Lag)) },
	}
}
