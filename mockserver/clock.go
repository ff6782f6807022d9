package mockserver

import (
	"context"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The years a clock can be set to: those in which every moment has its
// nanoseconds since 1970 in 64 bits, and so every distance of two.
const (
	firstYear = 1970
	lastYear  = 2261
)

// clocks tell what time it is: for the server, and for the accounts that have a
// clock of their own. Asking takes no lock.
type clocks struct {
	machine func() time.Time // as the server was given it
	mu      sync.Mutex       // held while a hand is moved
	dial    atomic.Pointer[dial]
}

// dial is how all clocks stand. It is never changed, only replaced.
type dial struct {
	server hand
	own    map[string]hand // by account
}

// hand is how a clock differs from the machine's; the zero value does not.
type hand struct {
	offset  time.Duration
	stopped time.Time // where it stands still; zero: it runs
}

func newClocks(machine func() time.Time) *clocks {
	c := &clocks{machine: machine}
	c.dial.Store(&dial{})
	return c
}

// now is what time it is for an account; "" is the server's clock.
func (c *clocks) now(account string) time.Time {
	h, _ := c.dial.Load().of(account)
	if !h.stopped.IsZero() {
		return h.stopped
	}
	return c.machine().Add(h.offset)
}

// of is the hand that counts for an account, and whether it is its own.
func (d *dial) of(account string) (h hand, own bool) {
	if len(d.own) > 0 {
		if h, own = d.own[account]; own {
			return h, true
		}
	}
	return d.server, false
}

// shown is a clock as people see it.
func (c *clocks) shown(account string) controlapi.Clock {
	h, own := c.dial.Load().of(account)
	machine := c.machine()
	now := h.at(machine)
	return controlapi.Clock{
		Now: now.Round(0).UTC(), Frozen: !h.stopped.IsZero(), Offset: controlapi.Duration(now.Sub(machine)), Own: own,
	}
}

func (h hand) at(machine time.Time) time.Time {
	if !h.stopped.IsZero() {
		return h.stopped
	}
	return machine.Add(h.offset)
}

// move changes the clock of an account, or the server's. An account without a
// clock of its own gets one that shows what it saw until now.
func (c *clocks) move(account string, change controlapi.ClockChange) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.dial.Load()
	h, _ := d.of(account)
	machine := c.machine()
	if change.Real {
		h = hand{}
	}
	now, frozen := h.at(machine), !h.stopped.IsZero()
	if !change.Set.IsZero() {
		now = change.Set
	}
	now = now.Add(time.Duration(change.Advance))
	if change.Frozen != nil {
		frozen = *change.Frozen
	}
	if year := now.UTC().Year(); year < firstYear || year > lastYear {
		return refuse(400, "a clock can be set to the years %d to %d, not to %d", firstYear, lastYear, year)
	}
	h = hand{offset: now.Sub(machine)}
	if frozen {
		h = hand{stopped: now.Round(0)}
	}
	change.Real = false
	if change == (controlapi.ClockChange{}) {
		c.set(account, nil)
	} else {
		c.set(account, &h)
	}
	return nil
}

// forget takes an account's own clock away.
func (c *clocks) forget(account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(account, nil)
}

// reset makes every clock the machine's.
func (c *clocks) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dial.Store(&dial{})
}

func (c *clocks) set(account string, h *hand) {
	was := c.dial.Load()
	now := &dial{server: was.server, own: was.own}
	switch {
	case account == "" && h == nil:
		now.server = hand{}
	case account == "":
		now.server = *h
	default:
		now.own = maps.Clone(was.own)
		delete(now.own, account)
		if h != nil {
			if now.own == nil {
				now.own = map[string]hand{}
			}
			now.own[account] = *h
		}
	}
	c.dial.Store(now)
}

// Clock tells what time it is for an account. Empty means the server's clock,
// which counts for accounts without one of their own.
func (s *Server) Clock(account string) (controlapi.Clock, error) {
	account, err := s.accountID(context.Background(), account)
	if err != nil {
		return controlapi.Clock{}, err
	}
	return s.clocks.shown(account), nil
}

// SetClock moves, stops or starts the clock of an account, or with an empty one
// the server's, and answers how it stands then.
func (s *Server) SetClock(ctx context.Context, account string, change controlapi.ClockChange) (controlapi.Clock, error) {
	if change == (controlapi.ClockChange{}) {
		return controlapi.Clock{}, refuse(400, "nothing to do with the clock: give real, set, advance or frozen")
	}
	s.admin.RLock()
	defer s.admin.RUnlock()
	account, err := s.accountID(ctx, account)
	if err != nil {
		return controlapi.Clock{}, err
	}
	if err := s.clocks.move(account, change); err != nil {
		return controlapi.Clock{}, err
	}
	return s.clocks.shown(account), nil
}

// accountID returns the id of an account that is given by its id or name, and
// "" for "". An unknown account is a 404.
func (s *Server) accountID(ctx context.Context, account string) (id string, err error) {
	if account == "" {
		return "", nil
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		id = a.ID
		return err
	})
	return id, err
}
