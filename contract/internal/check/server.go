package check

import (
	"cmp"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// VersionHeader is the header of every response since Connect 1.3.0 [D].
const VersionHeader = "1Password-Connect-Version"

// Server is what the checks know about the server under test: how to call it, and what
// was there before the first check.
type Server struct {
	URL           string
	Token         string
	ReaderToken   string   // may only read Vault; empty: there is none
	WriterToken   string   // may only write Vault; empty: there is none
	OtherToken    string   // does not see Vault; empty: there is none
	RefusedTokens []string // that the server must refuse

	Control      *controlapi.Client  // of the mock under test; nil: none was given
	Account      string              // id of the token's account; empty: the server is not the mock of Control
	AdvanceClock func(time.Duration) // moves the clock of a mock in this process; nil: there is none

	Version            string // of Connect, from the header of a response
	Capabilities       suite.Capabilities
	Vaults             []connect.Vault // of the token
	Vault              connect.Vault   // the one to use
	OtherVault         connect.Vault   // a second one
	SampleItem         connect.Summary // an item of Vault
	ListedDocument     connect.Summary // a document of any vault
	ItemWithFiles      connect.Item    // of any vault
	ItemWithSmallFiles connect.Item    // of any vault, without large files
	ItemWithLargeFile  connect.Item    // of any vault
}

// SkipReason returns why a rule with these needs can't run, "" if it can.
func (s *Server) SkipReason(needs []rule.Capability) string {
	names := make([]string, len(needs))
	for i, need := range needs {
		names[i] = string(need)
	}
	return s.Capabilities.SkipReason(names)
}

// Vault returns the id of the vault that the rules use.
func (s *Session) Vault() string { return s.Server.Vault.ID }

// VaultOrUnknown returns the id of the vault to use, or an unknown id.
func (s *Session) VaultOrUnknown() string { return cmp.Or(s.Server.Vault.ID, call.NoVault) }

// ItemOrUnknown returns the id of an item that existed before the run, or an unknown
// id. A rule must not write to it.
func (s *Session) ItemOrUnknown() string { return cmp.Or(s.Server.SampleItem.ID, call.NoItem) }
