package contract

import (
	"github.com/connectmock/connectmock/contract/internal/rules"
	"github.com/connectmock/connectmock/contract/rule"
)

// What a rule consists of; package rule describes it.
type (
	Rule       = rule.Rule
	Level      = rule.Level
	Capability = rule.Capability
	Touches    = rule.Touches
	Exception  = rule.Exception
)

// The levels.
const (
	Must     = rule.Must
	Should   = rule.Should
	Observed = rule.Observed
)

// The capabilities.
const (
	Read       = rule.Read
	Items      = rule.Items
	Documents  = rule.Documents
	Files      = rule.Files
	SmallFiles = rule.SmallFiles
	LargeFile  = rule.LargeFile
	Write      = rule.Write
	OtherVault = rule.OtherVault
	Reader     = rule.Reader
	Writer     = rule.Writer
	Other      = rule.Other
	Refused    = rule.Refused
	Log        = rule.Log
	Control    = rule.Control
)

// What rules touch.
const (
	WholeState  = rule.WholeState
	ReadOnly    = rule.ReadOnly
	OwnItems    = rule.OwnItems
	VaultState  = rule.VaultState
	ActivityLog = rule.ActivityLog
)

// Rules returns all rules in the order in which a run checks them.
func Rules() []Rule {
	var list []Rule
	for _, r := range rules.All() {
		list = append(list, r.Rule)
	}
	return list
}
