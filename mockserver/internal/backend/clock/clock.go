// Package clock has the clocks of a server and of its accounts, which can be set, moved and stopped. It does not know
// what the time is used for.
package clock

import (
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The years a clock can be set to: a time in them, and the difference of any two, fits into 64 bits as nanoseconds.
const (
	firstYear = 1970
	lastYear  = 2261
)

// Clocks has the clock of a server, and those of the accounts that have one of their own. It is safe for use by many
// goroutines; Now takes no lock.
type Clocks struct {
	machine func() time.Time
	mu      sync.Mutex // held while current is replaced
	current atomic.Pointer[states]
}

// states has the state of all clocks. It is never changed, only replaced.
type states struct {
	server   state
	accounts map[string]state // of accounts with a clock of their own
}

// state is how a clock differs from the machine's. The zero value does not differ.
type state struct {
	offset  time.Duration
	stopped time.Time // the time that a stopped clock shows; zero: the clock runs
}

// New returns clocks that show the time which machine returns.
func New(machine func() time.Time) *Clocks {
	c := &Clocks{machine: machine}
	c.current.Store(&states{})
	return c
}

// Now returns the time on the clock of an account; "" is the server's clock.
func (c *Clocks) Now(account string) time.Time {
	st, _ := c.current.Load().find(account)
	return st.at(c.machine())
}

// find returns the state of the clock that applies to an account, and whether it is the account's own.
func (s *states) find(account string) (st state, own bool) {
	if len(s.accounts) > 0 {
		if st, own = s.accounts[account]; own {
			return st, true
		}
	}
	return s.server, false
}

// State describes the clock of an account; "" is the server's clock.
func (c *Clocks) State(account string) controlapi.Clock {
	st, own := c.current.Load().find(account)
	machine := c.machine()
	now := st.at(machine)
	return controlapi.Clock{
		Now: now.Round(0).UTC(), Frozen: !st.stopped.IsZero(),
		Offset: controlapi.Duration(now.Sub(machine)), Own: own,
	}
}

// at returns the time that the clock shows when the machine's clock shows machine.
func (st state) at(machine time.Time) time.Time {
	if !st.stopped.IsZero() {
		return st.stopped
	}
	return machine.Add(st.offset)
}

// Change changes the clock of an account; "" is the server's clock. An account without a clock of its own gets one,
// which starts from what the server's shows. The error is a 400 for a time outside of the years 1970 to 2261.
func (c *Clocks) Change(account string, change controlapi.ClockChange) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	st, _ := c.current.Load().find(account)
	machine := c.machine()
	if change.Real {
		st = state{}
	}
	now, frozen := st.at(machine), !st.stopped.IsZero()
	if !change.Set.IsZero() {
		now = change.Set
	}
	now = now.Add(time.Duration(change.Advance))
	if change.Frozen != nil {
		frozen = *change.Frozen
	}
	if year := now.UTC().Year(); year < firstYear || year > lastYear {
		return &controlapi.Error{Status: 400, Message: fmt.Sprintf(
			"a clock can be set to the years %d to %d, not to %d", firstYear, lastYear, year)}
	}
	st = state{offset: now.Sub(machine)}
	if frozen {
		st = state{stopped: now.Round(0)}
	}
	change.Real = false
	if change == (controlapi.ClockChange{}) {
		c.set(account, nil)
	} else {
		c.set(account, &st)
	}
	return nil
}

// Remove removes the own clock of an account, which then has the server's.
func (c *Clocks) Remove(account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(account, nil)
}

// Reset removes the own clocks of all accounts, and sets the server's to the machine's.
func (c *Clocks) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current.Store(&states{})
}

// set replaces the state of one clock; nil removes it. The caller holds mu.
func (c *Clocks) set(account string, st *state) {
	old := c.current.Load()
	next := &states{server: old.server, accounts: old.accounts}
	switch {
	case account == "" && st == nil:
		next.server = state{}
	case account == "":
		next.server = *st
	default:
		next.accounts = maps.Clone(old.accounts)
		delete(next.accounts, account)
		if st != nil {
			if next.accounts == nil {
				next.accounts = map[string]state{}
			}
			next.accounts[account] = *st
		}
	}
	c.current.Store(next)
}
