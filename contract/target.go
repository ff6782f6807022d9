package contract

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Target is the server under test and what the suite may do to it.
type Target struct {
	Name        string // for reports; empty: the host of URL
	URL         string // what clients call OP_CONNECT_HOST
	Token       string // what clients call OP_CONNECT_TOKEN
	ReaderToken string // may read Vault and write nothing; empty: rules that need it are skipped
	WriterToken string // may write Vault and read nothing; empty: as above
	OtherToken  string // does not see Vault; empty: as above
	Vault       string // the vault to use; empty: the first that is seen, for reading only
	OtherVault  string // a second vault that Token sees; empty: the first other one that is seen
	// RefusedTokens are invalid here: expired, revoked, of another server. None:
	// rules that need one are skipped.
	RefusedTokens []string

	// Control is the control API of the mock under test. The tokens that are not
	// given here are issued through it and revoked when the run ends. It is not
	// used if it belongs to another server. nil: there is none, as on a real server.
	Control *controlapi.Client

	// AllowWrites lets the suite create, change and delete items of its own in
	// Vault, which must be named then. It never changes an item that it did not create.
	AllowWrites bool

	// Client sends the requests; nil: one without a proxy and without redirects.
	Client *http.Client
}

// check returns an error if the target cannot be used as it is configured.
func (t *Target) check() error {
	if err := suite.CheckAddress(t.URL); err != nil {
		return err
	}
	switch {
	case t.Token == "":
		return errors.New("no token: most rules would test a 401 and nothing else")
	case t.Control != nil && t.Control.Token == "":
		return errors.New("no control token: the mock prints it when it starts")
	case t.AllowWrites && t.Vault == "":
		return errors.New("writes are allowed but no vault is named; name the one to write to")
	}
	for name, id := range map[string]string{"vault": t.Vault, "other vault": t.OtherVault} {
		if id != "" && !connect.IsID(id) {
			return fmt.Errorf("%s %q is no id of 26 characters of [a-z0-9]", name, id)
		}
	}
	return nil
}

func (t *Target) name() string {
	return cmp.Or(t.Name, suite.Host(t.URL))
}

// Timing is how long the suite waits. Zero values mean the defaults.
type Timing struct {
	Request time.Duration // for one response; default 30 s
	Within  time.Duration // for a change to be seen: real servers show a write seconds later [T]; default 10 s
	Every   time.Duration // between two attempts; default 50 ms
	Total   time.Duration // for the whole run; default 10 minutes
}

func (t Timing) filled() Timing {
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
