package controlapi

import "time"

// Clock is the state of the clock of an account, or of the server's clock, which accounts without one of their own use.
type Clock struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"` // whether the clock is stopped
	Offset Duration  `json:"offset"` // from the machine's clock at present
	Own    bool      `json:"own"`    // whether the account has a clock of its own
}

// ClockChange changes a clock, in this order: Real, Set, Advance, Frozen. The zero value changes nothing. Tokens,
// one-time codes, timestamps and the duration of faults follow the clock.
type ClockChange struct {
	Real    bool      `json:"real,omitempty"`   // back to the machine's clock; an account's own clock is removed
	Set     time.Time `json:"set,omitzero"`     // to this time
	Advance Duration  `json:"advance,omitzero"` // by this duration; a negative one goes back
	Frozen  *bool     `json:"frozen,omitempty"` // true stops the clock, false lets it continue from where it is
}
