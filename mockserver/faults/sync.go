package faults

import (
	"cmp"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// syncDown is the only value of the member "sync".
const syncDown = "down"

// syncKind makes 1Password unreachable for the server.
func syncKind() kind {
	return kind{
		member: "sync",
		isSet:  func(f *controlapi.Fault) bool { return f.Sync != "" },
		check: func(f *controlapi.Fault) error {
			if f.Sync != syncDown {
				return invalid("sync", "%q is unknown; use %q or leave it out", f.Sync, syncDown)
			}
			return nil
		},
		merge: func(d, preset *controlapi.Fault) { d.Sync = cmp.Or(d.Sync, preset.Sync) },
		apply: func(e *Effects, f *controlapi.Fault, _ Request, _ randomSource) {
			if e.Sync == "" {
				e.Sync = f.Name
			}
		},
	}
}
