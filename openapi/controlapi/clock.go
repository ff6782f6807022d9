package controlapi

import "time"

// Clock is what time it is for an account, or for those that have no clock of
// their own.
type Clock struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
	Offset Duration  `json:"offset"` // from the machine's clock, at the moment
	Own    bool      `json:"own"`    // the account has a clock of its own
}

// ClockChange says what to do, in this order: Real, Set, Advance, Frozen.
// Tokens, one-time codes, timestamps and faults that last follow.
type ClockChange struct {
	Real    bool      `json:"real,omitempty"`   // as the machine's again; an account's own clock is gone
	Set     time.Time `json:"set,omitzero"`     // to that moment
	Advance Duration  `json:"advance,omitzero"` // by that much; negative goes back
	Frozen  *bool     `json:"frozen,omitempty"` // true stops it, false lets it run on from where it is
}
