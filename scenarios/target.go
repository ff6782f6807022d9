package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Target is the server under test and what scenarios may do to it.
type Target struct {
	Name   string // for reports; empty: the host of URL
	URL    string // what clients call OP_CONNECT_HOST
	Token  string // what clients call OP_CONNECT_TOKEN; with Control it may be left out
	Reader string // a token that may read Vault and write nothing; empty: what needs one is skipped
	Vault  string // id of the vault to use; empty: the first that is seen, for reading only

	// AllowWrites lets scenarios create, change and delete items of their own in
	// Vault, which must be named then. With Control each scenario has a world of
	// its own and may always write.
	AllowWrites bool

	Client  *http.Client       // sends the requests; nil: one without a proxy and with a connection for each request
	Control *controlapi.Client // of a mock; nil: there is none, as on a real server
}

// Options are how a run is done. The zero value does.
type Options struct {
	Inputs   map[string]string // by name, for all scenarios that ask for them
	Seed     uint64            // of the order of the scenarios; 0: as given
	Timeout  time.Duration     // for one scenario that does not say; 0: a minute
	Total    time.Duration     // for the whole run; 0: 10 minutes
	Request  time.Duration     // for one answer where the step does not say; 0: 15 seconds
	Parallel int               // scenarios at once; 0: 4 with Control, else 1, as they share a vault then
	Ledger   string            // file that knows what was made and not yet deleted, as of the contract suite; empty: none

	// OnResult is told each result when it is there, one at a time; nil: nobody.
	OnResult func(report.Result)
}

func (o Options) filled(control bool) Options {
	fill := func(d *time.Duration, otherwise time.Duration) {
		if *d <= 0 {
			*d = otherwise
		}
	}
	fill(&o.Timeout, time.Minute)
	fill(&o.Total, 10*time.Minute)
	fill(&o.Request, 15*time.Second)
	if o.Parallel <= 0 {
		o.Parallel = 1
		if control {
			o.Parallel = 4
		}
	}
	return o
}

// check refuses a target that cannot be used as it is; such an error is one of
// configuration, not of the server.
func (t *Target) check() error {
	if err := suite.CheckAddress(t.URL); err != nil {
		return err
	}
	switch {
	case t.Token == "" && t.Control == nil:
		return errors.New("no token for the target: give the one clients call OP_CONNECT_TOKEN")
	case t.Control != nil && t.Control.Token == "":
		return errors.New("no control token: the mock prints it when it starts")
	case t.AllowWrites && t.Vault == "" && t.Control == nil:
		return errors.New("writes are allowed but no vault is named; name the one to write to")
	}
	return nil
}

func (t *Target) name() string {
	return cmp.Or(t.Name, suite.Host(t.URL))
}

// checkInputs refuses inputs nobody asks for and finds those that are missing.
func checkInputs(list []*Scenario, given map[string]string) error {
	var asked []string
	for _, s := range list {
		for _, in := range s.Inputs {
			asked = append(asked, in.Name)
			value, ok := given[in.Name]
			switch {
			case !ok && in.Required:
				return fmt.Errorf("scenario %s needs the input %q, which was not given", s.ID, in.Name)
			case ok && in.Secret && !new(redact.Redactor).Add(value):
				return fmt.Errorf("the input %q is secret and too short to be kept so: four characters at least", in.Name)
			}
		}
	}
	for _, name := range yamlsource.SortedKeys(given) {
		found := false
		for _, a := range asked {
			found = found || a == name
		}
		if !found {
			hint := yamlsource.DidYouMean(name, asked)
			if hint == "" {
				hint = "none of them has inputs"
			}
			return fmt.Errorf("no scenario has an input %q (%s)", name, hint)
		}
	}
	return nil
}
