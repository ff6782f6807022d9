package control

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// TestWorldsAtOnce has many clients script worlds of their own over one
// control. Nobody may see or stop what another does.
func TestWorldsAtOnce(t *testing.T) {
	t.Parallel()
	const worlds = 24
	r := start(t)
	var all sync.WaitGroup
	for i := range worlds {
		all.Go(func() {
			if err := r.oneWorld(t, fmt.Sprintf("w%d", i)); err != nil {
				t.Errorf("w%d: %v", i, err)
			}
		})
	}
	all.Wait()
	if left := must[[]controlapi.Account](t)(r.Accounts(t.Context())); len(left) != 1 {
		t.Errorf("%d accounts are left", len(left))
	}
	if list := must[[]controlapi.Fault](t)(r.Faults(t.Context(), "")); len(list) != 0 {
		t.Errorf("faults of ended worlds: %+v", list)
	}
	if log := r.log.String(); log != "" {
		t.Error(log)
	}
}

func (r *rig) oneWorld(t *testing.T, name string) error {
	ctx := t.Context()
	w, err := r.CreateAccount(ctx, controlapi.NewAccount{Name: name})
	if err != nil {
		return err
	}
	_, err = r.AddFault(ctx, controlapi.Fault{Account: w.ID, Operation: "GetVaults", Times: 1, Abort: &controlapi.Abort{Status: 503}})
	_, loaded := r.LoadFixture(ctx, name, strings.NewReader("vaults: [{name: of "+name+"}]"), true)
	if err := errors.Join(err, loaded); err != nil {
		return err
	}
	for _, want := range []int{503, 200} {
		status, body := r.connect(t, w.Token, "GET", "/v1/vaults", "")
		if status != want || want == 200 && (!strings.Contains(body, `"of `+name+`"`) || strings.Count(body, `"of `) != 1) {
			return fmt.Errorf("got %d %s, want %d", status, body, want)
		}
	}
	two := 2
	verified, err := r.VerifyJournal(ctx, controlapi.Verification{Account: w.ID, Expect: []controlapi.Expectation{{Operation: "GetVaults", Count: &two}}, Only: true})
	if err != nil || !verified.OK {
		return errors.Join(err, fmt.Errorf("journal: %v", verified.Problems))
	}
	return errors.Join(r.Reset(ctx, controlapi.Reset{Account: name}), r.DeleteAccount(ctx, name))
}
