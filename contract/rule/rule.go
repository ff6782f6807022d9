// Package rule says what a rule of the contract consists of: how binding it is, how it is
// known, what it needs from a server, what it touches and which versions of Connect
// break it. It sends no request.
package rule

import (
	"path"
	"slices"
)

// Profile returns the part of the API that a rule is about: "files" and "activity" by
// the tag, "write" if the check creates items, otherwise "read".
func (r Rule) Profile() string {
	switch {
	case r.Tag == "Files":
		return "files"
	case r.Tag == "Activity":
		return "activity"
	case r.Creates():
		return "write"
	}
	return "read"
}

// Level says how binding a rule is.
type Level string

// The levels.
const (
	Must     Level = "MUST"     // documented and observed, or a client breaks without it
	Should   Level = "SHOULD"   // documented, or observed by tests of others
	Observed Level = "OBSERVED" // recorded behaviour only; a server may differ and still be one
)

// Rule is one requirement that a Connect server meets.
type Rule struct {
	ID         string // stable: "items/create-answers-200"
	Tag        string // Vaults, Items, Patch, Files, Activity, Health, Auth, Errors, Isolation, Model
	Level      Level
	Evidence   string // how it is known, with the tag: "[D] ..."
	Text       string // what the server does, in one sentence
	Needs      []Capability
	Operations []string // operationIds that the check calls
	Touches    Touches  // zero: the rule runs alone
	Long       bool     // the check sends more than 12 requests, so it starts first
}

// Creates reports whether checking the rule creates items.
func (r Rule) Creates() bool { return slices.Contains(r.Needs, Write) }

// NeedsMock reports whether no real server can meet the rule, because checking it takes
// the control of a mock.
func (r Rule) NeedsMock() bool { return slices.Contains(r.Needs, Control) }

// Matches reports whether a valid pattern matches an id.
func Matches(pattern, id string) bool {
	ok, _ := path.Match(pattern, id) // the pattern was checked
	return ok
}
