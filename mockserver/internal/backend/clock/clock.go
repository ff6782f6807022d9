// Package clock tells what time it is for a server and for each of its accounts.
package clock

import (
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The years a clock can be set to: those in which every moment has its nanoseconds since 1970 in 64 bits, and so
// every distance of two.
const (
	firstYear = 1970
	lastYear  = 2261
)

// Clocks are the clock of a server and those of the accounts that have their own. They are safe for use by many
// goroutines; Now takes no lock.
type Clocks struct {
	machine func() time.Time
	mu      sync.Mutex // held by writers
	current atomic.Pointer[states]
}

// states is the state of all clocks. It is never changed, only replaced.
type states struct {
	server   state
	accounts map[string]state // of accounts with a clock of their own
}

// state is how a clock differs from the machine's. The zero value does not differ.
type state struct {
	offset  time.Duration
	stopped time.Time // the time it shows while it stands still; zero: it runs
}

// New returns clocks that all show what machine returns.
func New(machine func() time.Time) *Clocks {
	c := &Clocks{machine: machine}
	c.current.Store(&states{})
	return c
}

// Now returns the time of an account; "" is the server's clock.
func (c *Clocks) Now(account string) time.Time {
	st, _ := c.current.Load().of(account)
	if !st.stopped.IsZero() {
		return st.stopped
	}
	return c.machine().Add(st.offset)
}

// of returns the state that counts for an account, and whether it is the account's own.
func (s *states) of(account string) (st state, own bool) {
	if len(s.accounts) > 0 {
		if st, own = s.accounts[account]; own {
			return st, true
		}
	}
	return s.server, false
}

// State describes the clock of an account; "" is the server's clock.
func (c *Clocks) State(account string) controlapi.Clock {
	st, own := c.current.Load().of(account)
	machine := c.machine()
	now := st.at(machine)
	return controlapi.Clock{
		Now: now.Round(0).UTC(), Frozen: !st.stopped.IsZero(), Offset: controlapi.Duration(now.Sub(machine)), Own: own,
	}
}

func (st state) at(machine time.Time) time.Time {
	if !st.stopped.IsZero() {
		return st.stopped
	}
	return machine.Add(st.offset)
}

// Change changes the clock of an account, or the server's where account is "". An account without a clock of its own
// gets one that shows what it saw until now. A time outside of the years 1970 to 2261 is a 400.
func (c *Clocks) Change(account string, change controlapi.ClockChange) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	st, _ := c.current.Load().of(account)
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

// Remove removes an account's own clock.
func (c *Clocks) Remove(account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(account, nil)
}

// Reset makes every clock the machine's.
func (c *Clocks) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current.Store(&states{})
}

// set replaces one state; nil removes it. The caller holds mu.
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
