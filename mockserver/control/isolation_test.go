package control

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Many clients use accounts of their own through one control API. None may see or change what another does.
func TestAccounts_AreIsolated(t *testing.T) {
	t.Parallel()
	const accounts = 24
	e := startControl(t)
	var all sync.WaitGroup
	for i := range accounts {
		all.Go(func() {
			if err := e.useAccount(t, fmt.Sprintf("w%d", i)); err != nil {
				t.Errorf("w%d: %v", i, err)
			}
		})
	}
	all.Wait()
	if left := must[[]controlapi.Account](t)(e.Accounts(t.Context())); len(left) != 1 {
		t.Errorf("%d accounts are left", len(left))
	}
	if list := must[[]controlapi.Fault](t)(e.Faults(t.Context(), "")); len(list) != 0 {
		t.Errorf("faults of deleted accounts: %+v", list)
	}
	if log := e.log.String(); log != "" {
		t.Error(log)
	}
}

// useAccount creates an account, uses it in every way and deletes it.
func (e *environment) useAccount(t *testing.T, name string) error {
	ctx := t.Context()
	a, err := e.CreateAccount(ctx, controlapi.NewAccount{Name: name})
	if err != nil {
		return err
	}
	fault := controlapi.Fault{Account: a.ID, Operation: "GetVaults", Times: 1, Abort: &controlapi.Abort{Status: 503}}
	_, err = e.AddFault(ctx, fault)
	_, loaded := e.LoadFixture(ctx, name, strings.NewReader("vaults: [{name: of "+name+"}]"), true)
	if err := errors.Join(err, loaded); err != nil {
		return err
	}
	for _, want := range []int{503, 200} {
		status, body := e.callMock(t, a.Token, "GET", "/v1/vaults", "")
		own := strings.Contains(body, `"of `+name+`"`) && strings.Count(body, `"of `) == 1
		if status != want || want == 200 && !own {
			return fmt.Errorf("got %d %s, want %d", status, body, want)
		}
	}
	two := 2
	verified, err := e.VerifyJournal(ctx, controlapi.Verification{
		Account: a.ID, Expect: []controlapi.Expectation{{Operation: "GetVaults", Count: &two}}, Only: true,
	})
	if err != nil || !verified.OK {
		return errors.Join(err, fmt.Errorf("journal: %v", verified.Problems))
	}
	return errors.Join(e.Reset(ctx, controlapi.Reset{Account: name}), e.DeleteAccount(ctx, name))
}
