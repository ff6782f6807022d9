package console

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// verification checks how often a request was made, as the form of its page asks.
type verification struct {
	Min, Max string // as entered; empty: no limit
	Command  string // that checks the same
	Done     bool   // it was asked for
	Problems []string
}

// verification returns the check for requests with the operation and status of an entry, nil if it matched no
// operation. It is carried out if the address of the page has a limit.
func (req *request) verification(e controlapi.Entry) (*verification, error) {
	if e.Operation == "" {
		return nil, nil
	}
	v := &verification{Min: req.query("min"), Max: req.query("max")}
	v.Done = v.Min != "" || v.Max != ""
	if !v.Done {
		v.Min = "1"
	}
	expectation := fmt.Sprintf("%s:%d=%s..%s", e.Operation, e.Status, v.Min, v.Max)
	v.Command = command.Ctl("journal", "verify", expectation, "--account", req.account())
	if !v.Done {
		return v, nil
	}
	expected := controlapi.Expectation{Operation: e.Operation, Status: strconv.Itoa(e.Status)}
	var errs [2]error
	expected.Min, errs[0] = optionalNumber(v.Min)
	expected.Max, errs[1] = optionalNumber(v.Max)
	if err := cmp.Or(errs[0], errs[1]); err != nil {
		v.Problems = []string{err.Error()}
		return v, nil
	}
	result, err := req.server.VerifyJournal(req.r.Context(), controlapi.Verification{
		Account: req.account(), Expect: []controlapi.Expectation{expected},
	})
	if refused := new(controlapi.Error); errors.As(err, &refused) {
		result.Problems, err = []string{refused.Message}, nil
	}
	v.Problems = result.Problems
	return v, err
}

// optionalNumber returns the number that was entered, nil if none was.
func optionalNumber(text string) (*int, error) {
	if text == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not a whole number", text)
	}
	return &n, nil
}
