package contract

import (
	"time"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// server is what the checks know about the server under test: how to call it, and what
// was there before the first check.
type server struct {
	url           string
	token         string
	readerToken   string   // may only read vault; empty: there is none
	writerToken   string   // may only write vault; empty: there is none
	otherToken    string   // does not see vault; empty: there is none
	refusedTokens []string // that the server must refuse

	control      *controlapi.Client  // of the mock under test; nil: none was given
	account      string              // id of the token's account; empty: the server is not the mock of control
	advanceClock func(time.Duration) // moves the clock of a mock in this process; nil: there is none

	version            string // of Connect, from the header of a response
	capabilities       suite.Capabilities
	vaults             []connect.Vault // of the token
	vault              connect.Vault   // the one to use
	otherVault         connect.Vault   // a second one
	sampleItem         connect.Summary // an item of vault
	listedDocument     connect.Summary // a document of any vault
	itemWithFiles      connect.Item    // of any vault
	itemWithSmallFiles connect.Item    // of any vault, without large files
	itemWithLargeFile  connect.Item    // of any vault
}

// skipReason returns why a rule with these needs can't run, "" if it can.
func (s *server) skipReason(needs []Capability) string {
	names := make([]string, len(needs))
	for i, need := range needs {
		names[i] = string(need)
	}
	return s.capabilities.SkipReason(names)
}
