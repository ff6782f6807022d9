package contract

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Target is the server under test and what the suite may do to it.
type Target struct {
	Name        string // for reports; empty: the host of URL
	URL         string // what clients call OP_CONNECT_HOST
	Token       string // what clients call OP_CONNECT_TOKEN
	ReaderToken string // may only read Vault; empty: rules that need it are skipped
	WriterToken string // may only write Vault; empty: rules that need it are skipped
	OtherToken  string // does not see Vault; empty: rules that need it are skipped
	Vault       string // id of the vault to use; empty: the first one of Token, for reading only
	OtherVault  string // id of a second vault that Token sees; empty: the first other one
	// RefusedTokens are tokens that the server must refuse: expired, revoked or of
	// another server. Empty: rules that need one are skipped.
	RefusedTokens []string

	// Control is the control API of the mock under test. The tokens that are not
	// given above are issued through it and revoked when the run ends. It is not used
	// if it belongs to another server. nil: there is none, as on a real server.
	Control *controlapi.Client

	// AllowWrites lets the suite create items in Vault, and change and delete these items.
	// It never changes other items. Vault may be empty if Control is given: then nothing
	// is written unless Control is that of the server, whose first vault is used.
	AllowWrites bool

	// OnlyMock limits AllowWrites to a server that Control is of.
	OnlyMock bool

	// Client sends the requests; nil: a client that uses no proxy.
	Client *http.Client

	// AdvanceClock moves the clock of a mock in this process; nil: there is none.
	advanceClock func(time.Duration)
}

// Validate returns an error if the configuration is invalid. It sends no request. Run
// calls it first.
func (t *Target) Validate() error {
	if err := suite.CheckAddress(t.URL); err != nil {
		return err
	}
	switch {
	case t.Token == "":
		return errors.New("no token: give it by OP_CONNECT_TOKEN; without it the server returns 401 to most requests")
	case t.Control != nil && t.Control.Token == "":
		return errors.New("no control token; the mock prints it when it starts")
	case t.AllowWrites && t.Vault == "" && t.Control == nil && !t.OnlyMock:
		return errors.New("writes are allowed but no vault is named; name the vault to write to")
	}
	for name, id := range map[string]string{"vault": t.Vault, "other vault": t.OtherVault} {
		if id != "" && !connect.IsID(id) {
			return fmt.Errorf("%s %q is not an id; an id has 26 characters of a-z and 0-9", name, id)
		}
	}
	return nil
}

// server returns what is known about the target before the first request.
func (t *Target) server() check.Server {
	return check.Server{
		URL: t.URL, Token: t.Token, ReaderToken: t.ReaderToken, WriterToken: t.WriterToken, OtherToken: t.OtherToken,
		RefusedTokens: t.RefusedTokens, Control: t.Control, AdvanceClock: t.advanceClock,
	}
}

// name returns what reports call the target.
func (t *Target) name() string {
	return cmp.Or(t.Name, suite.Host(t.URL))
}

// Timing sets how long the suite waits. A zero value means the default.
type Timing struct {
	Request time.Duration // for one response; default 30 s
	Within  time.Duration // until a change is visible, on real servers seconds later [T]; default 10 s
	Every   time.Duration // between two attempts; default 50 ms
	Total   time.Duration // for the whole run; default 10 minutes
}

// withDefaults returns the timing with defaults for zero values.
func (t Timing) withDefaults() Timing {
	fill := func(d *time.Duration, otherwise time.Duration) {
		if *d <= 0 {
			*d = otherwise
		}
	}
	fill(&t.Request, 30*time.Second)
	fill(&t.Within, 10*time.Second)
	fill(&t.Every, 50*time.Millisecond)
	fill(&t.Total, 10*time.Minute)
	return t
}
