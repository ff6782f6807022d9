package mockserver

import "time"

// DefaultMemoryActivity is how many records of activity a store in memory keeps
// of each account, beside as many as the fixture has: some 5 MiB, and more than
// tests read. Without a bound a long test would take all of the machine's memory.
const DefaultMemoryActivity = 100_000

// ActivityRetention is how much of each account's activity log is kept; the
// oldest records are removed. How much a real server keeps is not known [G]. The
// zero value is the default: everything in a file, DefaultMemoryActivity in
// memory.
type ActivityRetention struct {
	// Records is how many of the newest are kept. 0: any number.
	Records int64
	// Age is how long a record is kept, by the account's clock, in whole seconds.
	// 0: any time.
	Age time.Duration
	// Unlimited keeps everything, in memory too. The other fields must be 0.
	Unlimited bool
}

func (r ActivityRetention) check() error {
	switch {
	case r.Records < 0 || r.Age < 0 || r.Age > 0 && r.Age < time.Second:
		return configErrorf("activity can't be kept for %d records or %s: "+
			"give numbers above zero, an age of a second or more, or unlimited", r.Records, r.Age)
	case r.Unlimited && (r.Records > 0 || r.Age > 0):
		return configErrorf("activity can't be kept without a limit and with one: %d records, %s", r.Records, r.Age)
	}
	return nil
}

// retention returns how much activity is kept. The history of the fixture is kept
// as a whole.
func (c Config) retention() ActivityRetention {
	r := c.ActivityRetention
	if r != (ActivityRetention{}) || c.Store != MemoryStore {
		return r
	}
	r.Records = DefaultMemoryActivity
	if c.Generate != nil {
		r.Records += max(0, int64(c.Generate.History))
		return r
	}
	for _, a := range c.Fixture.Accounts {
		r.Records = max(r.Records, DefaultMemoryActivity+int64(a.History))
	}
	return r
}
