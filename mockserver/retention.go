package mockserver

import (
	"time"
)

// DefaultMemoryActivity is how many records of activity a store in memory keeps
// of each account, beside as many as the world begins with: some 5 MiB, and more
// than anybody reads. Without a bound a long test would end with the machine's
// memory.
const DefaultMemoryActivity = 100_000

// ActivityRetention is how much of each account's activity log is kept; the
// oldest records go. How much a real server keeps is not known [G]. The zero
// value is the default: everything in a file, DefaultMemoryActivity in memory.
type ActivityRetention struct {
	// Records is how many, the newest. 0: as many as there are.
	Records int64
	// Age is for how long, by the account's clock, in whole seconds. 0: however
	// old they are.
	Age time.Duration
	// Unlimited keeps everything, in memory too. It must stand alone.
	Unlimited bool
}

func (r ActivityRetention) check() error {
	switch {
	case r.Records < 0 || r.Age < 0 || r.Age > 0 && r.Age < time.Second:
		return misconfigured("activity can't be kept for %d records or %s: give numbers above zero, an age of a second or more, or unlimited", r.Records, r.Age)
	case r.Unlimited && (r.Records > 0 || r.Age > 0):
		return misconfigured("activity can't be kept without a limit and with one: %d records, %s", r.Records, r.Age)
	}
	return nil
}

// withDefaults returns how much is kept. The history of a fixture is kept whole.
func (r ActivityRetention) withDefaults(c Config) ActivityRetention {
	if r == (ActivityRetention{}) && c.Store == MemoryStore {
		r.Records = DefaultMemoryActivity
		if c.Generate != nil {
			r.Records += max(0, int64(c.Generate.History))
		} else {
			for _, a := range c.Fixture.Accounts {
				r.Records = max(r.Records, DefaultMemoryActivity+int64(a.History))
			}
		}
	}
	return r
}
