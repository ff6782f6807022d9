package control

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// must returns a function that returns its value, and ends the test if it has an error.
func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(got T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
}

func mustSucceed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, err error, status int, text string) {
	t.Helper()
	var e *controlapi.Error
	if !errors.As(err, &e) || e.Status != status || !strings.Contains(e.Message, text) {
		t.Errorf("got %v, want %d %q", err, status, text)
	}
}

// Each operation is used for what it is for, through the client and over HTTP.
func TestOperations_AllSucceed(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	e.testOverview(t)
	e.testAccounts(t)
	e.testClocks(t)
	e.testTokens(t)
	e.testSnapshots(t)
	e.testFaults(t)
	e.testJournal(t)
	e.testFollow(t)
	e.testContent(t)
	e.testContentEdits(t)
	e.testFixtures(t)
	e.testReset(t)
	for _, op := range e.recorder.doc.Operations {
		if !e.recorder.succeeded[op.ID] {
			t.Errorf("%s has never succeeded", op.ID)
		}
	}
	if log := e.log.String(); log != "" {
		t.Error(log)
	}
}

func (e *environment) testOverview(t *testing.T) {
	o := must[controlapi.Overview](t)(e.Overview(t.Context()))
	if o.Version != "1.8.2" || !slices.Contains(o.Operations, "GetVaults") || len(o.Accounts) != 1 {
		t.Fatalf("%+v", o)
	}
	if a := o.Accounts[0]; a.Name != "Demo" || !a.Seeded || a.Token != "" {
		t.Errorf("%+v", a)
	}
}

func (e *environment) testAccounts(t *testing.T) {
	ctx := t.Context()
	a := must[controlapi.Account](t)(e.CreateAccount(ctx, controlapi.NewAccount{Name: "account one?"}))
	status, body := e.callMock(t, a.Token, "GET", "/v1/vaults", "")
	if status != 200 || !strings.Contains(body, "Private") {
		t.Errorf("the token of a new account: %d %s", status, body)
	}
	_, err := e.CreateAccount(ctx, controlapi.NewAccount{Name: a.Name})
	wantError(t, err, http.StatusConflict, a.Name)
	_, err = e.CreateAccount(ctx, controlapi.NewAccount{From: "nobody"})
	wantError(t, err, http.StatusNotFound, "nobody")
	all := must[[]controlapi.Account](t)(e.Accounts(ctx))
	if len(all) != 2 || all[1].ID != a.ID || all[1].Token != "" {
		t.Errorf("%+v", all)
	}
	mustSucceed(t, e.DeleteAccount(ctx, a.Name))
	wantError(t, e.DeleteAccount(ctx, a.Name), http.StatusNotFound, a.Name)
	if err := e.DeleteAccount(ctx, "Demo"); err == nil {
		t.Error("an account that the server started with was deleted")
	}
	if status, _ := e.callMock(t, a.Token, "GET", "/v1/vaults", ""); status != 401 {
		t.Errorf("the token of a deleted account: %d", status)
	}
	response, body := e.send(t, "POST", "/accounts", authorized, "")
	if response.StatusCode != 201 {
		t.Errorf("without a body: %d %s", response.StatusCode, body)
	}
}

func (e *environment) testClocks(t *testing.T) {
	ctx, moment, stop := t.Context(), time.Date(2031, 2, 3, 4, 5, 6, 7, time.UTC), true
	change := controlapi.ClockChange{Set: moment, Advance: controlapi.Duration(time.Hour), Frozen: &stop}
	c := must[controlapi.Clock](t)(e.SetClock(ctx, "", change))
	if !c.Now.Equal(moment.Add(time.Hour)) || !c.Frozen || c.Own {
		t.Errorf("%+v", c)
	}
	if again := must[controlapi.Clock](t)(e.Clock(ctx, "Demo")); !again.Now.Equal(c.Now) || again.Own {
		t.Errorf("%+v", again)
	}
	_, err := e.SetClock(ctx, "", controlapi.ClockChange{})
	wantError(t, err, http.StatusBadRequest, "nothing to do")
	_, err = e.Clock(ctx, "nobody")
	wantError(t, err, http.StatusNotFound, "nobody")
	_ = must[controlapi.Clock](t)(e.SetClock(ctx, "", controlapi.ClockChange{Real: true}))
}

func (e *environment) testTokens(t *testing.T) {
	ctx := t.Context()
	issued := must[controlapi.Token](t)(e.IssueToken(ctx, controlapi.Token{
		Name: "half/past?", Vaults: map[string]string{"Private": "read"}, ExpiresIn: controlapi.Duration(time.Hour),
	}))
	status, body := e.callMock(t, issued.Value, "GET", "/v1/vaults", "")
	if status != 200 || strings.Contains(body, "Shared") {
		t.Errorf("%d %s", status, body)
	}
	_, err := e.IssueToken(ctx, controlapi.Token{Name: issued.Name})
	wantError(t, err, http.StatusConflict, issued.Name)
	_, err = e.IssueToken(ctx, controlapi.Token{Name: "x", Vaults: map[string]string{"Nowhere": "read"}})
	if err == nil {
		t.Error("a token for an unknown vault was issued")
	}
	change := controlapi.TokenChange{Vaults: map[string]string{"Shared": "read"}}
	changed := must[controlapi.Token](t)(e.ChangeToken(ctx, "", issued.Name, change))
	if changed.Value != issued.Value || changed.Vaults["Shared"] != "read" || len(changed.Vaults) != 1 {
		t.Error("the token was not changed as requested, or its value has changed")
	}
	all := must[[]controlapi.Token](t)(e.ListTokens(ctx, ""))
	isIssued := func(o controlapi.Token) bool {
		return o.ID == issued.ID && o.Value == issued.Value && o.State == "active"
	}
	if !slices.ContainsFunc(all, isIssued) {
		t.Errorf("%d tokens are listed without the one that was issued", len(all))
	}
	mustSucceed(t, e.RevokeToken(ctx, "", issued.ID))
	if status, _ := e.callMock(t, issued.Value, "GET", "/v1/vaults", ""); status != 401 {
		t.Errorf("a revoked token: %d", status)
	}
	wantError(t, e.RevokeToken(ctx, "", "unknown"), http.StatusNotFound, "")
}

func (e *environment) testReset(t *testing.T) {
	ctx := t.Context()
	mustSucceed(t, e.Reset(ctx, controlapi.Reset{Account: "filled"}))
	wantError(t, e.Reset(ctx, controlapi.Reset{Account: "nobody"}), http.StatusNotFound, "nobody")
	mustSucceed(t, e.Reset(ctx, controlapi.Reset{}))
	if all := must[[]controlapi.Account](t)(e.Accounts(ctx)); len(all) != 1 {
		t.Errorf("%+v", all)
	}
	if response, body := e.send(t, "POST", "/reset", authorized, ""); response.StatusCode != 204 {
		t.Errorf("without a body: %d %s", response.StatusCode, body)
	}
}
