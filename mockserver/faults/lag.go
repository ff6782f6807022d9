package faults

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// lagKind delays the moment from which reads see a write.
func lagKind() kind {
	return kind{
		member: "lag",
		isSet:  func(f *controlapi.Fault) bool { return f.Lag != 0 },
		check: func(f *controlapi.Fault) error {
			if f.Lag < 0 {
				return invalid("lag", "must not be negative")
			}
			isWrite := func(id string) bool { return slices.Contains(writes(), id) }
			if len(f.Operations) > 0 && !slices.ContainsFunc(f.Operations, isWrite) {
				return invalid("operations", "a lag delays only writes: leave operations out or name some of %s",
					strings.Join(writes(), ", "))
			}
			return nil
		},
		merge: func(d, preset *controlapi.Fault) { d.Lag = cmp.Or(d.Lag, preset.Lag) },
		apply: func(e *Effects, f *controlapi.Fault, _ Request, _ randomSource) {
			e.Lag = max(e.Lag, time.Duration(f.Lag))
		},
	}
}
