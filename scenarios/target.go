package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// Target is the server under test and what scenarios may do to it.
type Target struct {
	Name   string // for reports; empty: the host of URL
	URL    string // what clients call OP_CONNECT_HOST
	Token  string // what clients call OP_CONNECT_TOKEN; may be empty with Control
	Reader string // a token that may read Vault and not write; empty: scenarios that need one are skipped
	Vault  string // id of the vault to use; empty: the first that the token sees, for reading only

	// AllowWrites lets scenarios create, change and delete items of their own in Vault, which must be set. With Control
	// each scenario has an account of its own and may always write.
	AllowWrites bool

	Client  *http.Client       // sends the requests; nil: one without a proxy that opens a connection for each request
	Control *controlapi.Client // control API of a mock; nil: none, as on a real server
}

// Options configure a run. The zero value is valid.
type Options struct {
	Inputs   map[string]string // by name, for all scenarios that have them
	Seed     uint64            // shuffles the scenarios; 0: in the given order
	Timeout  time.Duration     // of a scenario that has none; 0: a minute
	Total    time.Duration     // of the whole run; 0: 10 minutes
	Request  time.Duration     // of a request whose step has no timeout; 0: 15 seconds
	Parallel int               // scenarios at once; 0: 4 with Control, else 1, because they share a vault
	Ledger   string            // file that lists created items, in the format of the contract suite; empty: none

	// OnResult is called with each result as soon as it exists, one at a time; nil: it is not called.
	OnResult func(report.Result)

	// OnStep is called when a step begins, and with its end. Steps of scenarios that run at the same time may call it at
	// the same time. nil: it is not called.
	OnStep func(Step)
}

// Step is a step of a running scenario. Why a step fails is in the result of its scenario.
type Step struct {
	Scenario string // id, with the values of its matrix
	Name     string // id or position
	Title    string // may be empty
	State    StepState
}

// StepState is how far a step is.
type StepState string

// The states of a step.
const (
	StepBegun   StepState = "begun"
	StepDone    StepState = "done"
	StepFailed  StepState = "failed"
	StepLeftOut StepState = "left out" // the target can't do it
)

// withDefaults returns the options with defaults for zero values.
func (o Options) withDefaults(control bool) Options {
	setDefault := func(d *time.Duration, value time.Duration) {
		if *d <= 0 {
			*d = value
		}
	}
	setDefault(&o.Timeout, time.Minute)
	setDefault(&o.Total, 10*time.Minute)
	setDefault(&o.Request, 15*time.Second)
	if o.Parallel <= 0 {
		o.Parallel = 1
		if control {
			o.Parallel = 4
		}
	}
	return o
}

// check returns an error for a target that can't be used as it is configured. It sends nothing.
func (t *Target) check() error {
	if err := suite.CheckAddress(t.URL); err != nil {
		return err
	}
	switch {
	case t.Token == "" && t.Control == nil:
		return errors.New("no token for the target: give the one that clients call OP_CONNECT_TOKEN")
	case t.Control != nil && t.Control.Token == "":
		return errors.New("no control token: the mock prints it when it starts")
	case t.AllowWrites && t.Vault == "" && t.Control == nil:
		return errors.New("writes are allowed but no vault is named; name the vault to write to")
	}
	return nil
}

func (t *Target) name() string {
	return cmp.Or(t.Name, suite.Host(t.URL))
}

// checkInputs returns an error for a required input that is missing, for a secret that is too short to be redacted, and
// for an input that no scenario has.
func checkInputs(list []*language.Scenario, given map[string]string) error {
	var names []string
	for _, s := range list {
		for _, in := range s.Inputs {
			names = append(names, in.Name)
			value, ok := given[in.Name]
			switch {
			case !ok && in.Required:
				return fmt.Errorf("scenario %s needs the input %q, which was not given", s.ID, in.Name)
			case ok && in.Secret && !new(redact.Redactor).Add(value):
				return fmt.Errorf("the input %q is secret and too short to be redacted: four characters at least",
					in.Name)
			}
		}
	}
	for _, name := range yamlsource.SortedKeys(given) {
		if slices.Contains(names, name) {
			continue
		}
		hint := nearest.Hint(name, names)
		if hint == "" {
			hint = "none of them has inputs"
		}
		return fmt.Errorf("no scenario has an input %q (%s)", name, hint)
	}
	return nil
}
