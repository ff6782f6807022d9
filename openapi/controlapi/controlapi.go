// Package controlapi holds the documents of the control API, which scripts a
// mock: its worlds, clock, faults, tokens, snapshots and journal. The same
// documents are arguments of the Go API, bodies on the wire and steps of a
// scenario.
//
// It imports the standard library only and knows nothing of how a server does
// what they say. A real Connect server has no such API.
package controlapi

import (
	"encoding/json"
	"fmt"
	"time"
)

// Error is every refusal of the control API, with the HTTP status it travels
// with. The message says what is wrong and the way out, and never a secret.
type Error struct {
	Status  int    `json:"status"`
	Message string `json:"message"`
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// Duration is a length of time, "1m30s" on the wire.
type Duration time.Duration

// String is the duration as it is written.
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalJSON writes the duration as a text.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON reads a text such as "1m30s".
func (d *Duration) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("a duration is a text such as \"1m30s\"")
	}
	parsed, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("%q is no duration such as \"1m30s\"", text)
	}
	*d = Duration(parsed)
	return nil
}

// Overview is what a mock holds and does at the moment.
type Overview struct {
	Version    string    `json:"version"` // of Connect, as it answers
	Operations []string  `json:"operations"`
	Accounts   []Account `json:"accounts"`
	Clock      Clock     `json:"clock"`
	Faults     int       `json:"faults"`
	Journal    int       `json:"journal"` // exchanges kept
}
