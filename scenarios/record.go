package scenarios

import (
	"cmp"
	"context"
	"fmt"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/language"
	"github.com/connectmock/connectmock/scenarios/internal/record"
)

// Recording selects the requests in the journal of a mock that become a scenario.
type Recording struct {
	Control *controlapi.Client // control API of the mock
	Account string             // id or name; empty: the first
	After   uint64             // only entries of the journal with a greater number
	ID      string             // of the scenario; empty: "recorded"
}

// Record returns a scenario, as YAML, that repeats the requests of clients in the journal of a mock. It passes on the
// same mock where the journal has what is needed. The journal has no tokens, bodies or values of fields, and no history
// of faults and tokens; the scenario has placeholders in their place and a comment for each. Requests of scenarios are
// left out. To find out which items the mock starts with, Record creates an account and a snapshot, and deletes them.
func Record(ctx context.Context, r Recording) ([]byte, error) {
	if r.ID != "" && !language.IsSlug(r.ID) {
		return nil, fmt.Errorf(
			"the id of the scenario is %q, but an id is made of a-z, 0-9 and - (like item-lifecycle)", r.ID)
	}
	document, err := openapi.Connect()
	if err != nil {
		return nil, err
	}
	text, err := record.Scenario(ctx, r.Control, document, r.Account, r.After, cmp.Or(r.ID, "recorded"))
	if err != nil {
		return nil, err
	}
	if err := language.Check("recorded.yaml", text); err != nil {
		return nil, fmt.Errorf("the journal can't be recorded, because the scenario would be invalid:\n%w", err)
	}
	return text, nil
}
