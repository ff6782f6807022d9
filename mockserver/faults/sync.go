package faults

import "github.com/connectmock/connectmock/openapi/controlapi"

// down is the one value of the member "sync".
const down = "down"

func syncKind() kind {
	return kind{
		member: "sync",
		given:  func(f *controlapi.Fault) bool { return f.Sync != "" },
		check: func(f *controlapi.Fault) error {
			if f.Sync != down {
				return refuse("sync", "%q can't be; it can be %q, or left out", f.Sync, down)
			}
			return nil
		},
		strike: func(s *Effects, f *controlapi.Fault, _ Request, _ chance) {
			if s.Sync == "" {
				s.Sync = f.Name
			}
		},
	}
}
