// Package controlapi holds the types of the control API and a client for it. The control API controls a mock: its
// accounts, clock, faults, tokens, snapshots and journal. The same types are arguments of the Go API, bodies on the
// wire and steps of scenarios.
//
// The package imports only the standard library. It does not know how a server implements the API. A real Connect
// server has no such API.
package controlapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Error is an error response of the control API. The message says what is wrong and what to do, and never contains a
// secret.
type Error struct {
	Status  int    `json:"status"` // HTTP status, from 400 to 599
	Message string `json:"message"`
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Duration is a time.Duration that is a string like "1m30s" in JSON.
type Duration time.Duration

// String formats the duration as in JSON.
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalJSON encodes the duration as a string.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON decodes a string like "1m30s". Anything else is an error.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return errors.New("a duration must be a string like \"1m30s\"")
	}
	parsed, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("invalid duration %q; write it like \"1m30s\"", text)
	}
	*d = Duration(parsed)
	return nil
}

// Overview is the present state of a mock.
type Overview struct {
	Version    string    `json:"version"`    // of Connect, as the mock reports it
	Operations []string  `json:"operations"` // operationIds of the Connect API that are served
	Accounts   []Account `json:"accounts"`
	Clock      Clock     `json:"clock"`   // of the server
	Faults     int       `json:"faults"`  // number of faults
	Journal    int       `json:"journal"` // number of entries
}
