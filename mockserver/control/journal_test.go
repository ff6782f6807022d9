package control

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func (e *environment) testFaults(t *testing.T) {
	ctx := t.Context()
	a := must[controlapi.Account](t)(e.CreateAccount(ctx, controlapi.NewAccount{Name: "faulty"}))
	f := must[controlapi.Fault](t)(e.AddFault(ctx, controlapi.Fault{
		Name: "busy", Account: a.ID, Operations: []string{"GetVaults"}, Times: 1,
		Abort: &controlapi.Abort{Status: 429}, Headers: map[string]string{"Retry-After": "1"},
	}))
	for _, want := range []int{429, 200} {
		if status, body := e.callMock(t, a.Token, "GET", "/v1/vaults", ""); status != want {
			t.Errorf("got %d %s, want %d", status, body, want)
		}
	}
	_, err := e.AddFault(ctx, f)
	wantError(t, err, http.StatusConflict, "busy")
	_, err = e.AddFault(ctx, controlapi.Fault{Operation: "GetVault", Abort: &controlapi.Abort{Status: 500}})
	wantError(t, err, http.StatusBadRequest, "GetVault")
	_, err = e.AddFault(ctx, controlapi.Fault{})
	wantError(t, err, http.StatusBadRequest, "")
	list := must[[]controlapi.Fault](t)(e.Faults(ctx, "faulty"))
	if len(list) != 1 || list[0].Struck != 1 || list[0].Matched != 2 {
		t.Errorf("%+v", list)
	}
	_, err = e.Faults(ctx, "nobody")
	wantError(t, err, http.StatusNotFound, "nobody")
	wantError(t, e.ResetFaults(ctx, "nobody"), http.StatusNotFound, "nobody")
	mustSucceed(t, e.RemoveFault(ctx, "busy"))
	wantError(t, e.RemoveFault(ctx, "busy"), http.StatusNotFound, "busy")
	response, body := e.send(t, "POST", "/faults", asJSON, `{"account": "`+a.ID+`", "delay": "1ns", "abort": 503}`)
	if response.StatusCode != 201 {
		t.Errorf("short forms: %d %s", response.StatusCode, body)
	}
	mustSucceed(t, e.ResetFaults(ctx, "faulty"))
	if list := must[[]controlapi.Fault](t)(e.Faults(ctx, "")); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	for _, p := range must[[]controlapi.Preset](t)(e.Presets(ctx)) {
		if _, err := e.AddFault(ctx, controlapi.Fault{Preset: p.Name, Account: a.ID}); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
	mustSucceed(t, e.ResetFaults(ctx, ""))
}

func (e *environment) testJournal(t *testing.T) {
	ctx, one := t.Context(), 1
	a := must[controlapi.Account](t)(e.CreateAccount(ctx, controlapi.NewAccount{Name: "watched"}))
	e.callMock(t, a.Token, "GET", "/v1/vaults", "")
	e.callMock(t, a.Token, "GET", "/v1/vaults/aaaaaaaaaaaaaaaaaaaaaaaaaa", "")
	query := controlapi.JournalQuery{Account: "watched", Status: "4xx"}
	j := must[controlapi.Journal](t)(e.Journal(ctx, query))
	if len(j.Entries) != 1 || j.Entries[0].Operation != "GetVaultById" {
		t.Fatalf("%+v", j)
	}
	entry := j.Entries[0]
	query = controlapi.JournalQuery{After: entry.ID - 1, Since: entry.Time, Until: entry.Time.Add(time.Hour), Limit: 5}
	if all := must[controlapi.Journal](t)(e.Journal(ctx, query)); len(all.Entries) != 1 {
		t.Errorf("%+v", all)
	}
	explanation := must[controlapi.Explanation](t)(e.Explain(ctx, entry.ID))
	if explanation.Check != "authorize" || explanation.Rule == "" {
		t.Errorf("%+v", explanation)
	}
	kept := must[controlapi.Exchange](t)(e.Exchange(ctx, entry.ID))
	if kept.ID != entry.ID || kept.Request.Headers["Authorization"] != "[redacted]" || !strings.Contains(kept.Response.Body, "403") {
		t.Errorf("%+v", kept)
	}
	_, err := e.Exchange(ctx, 1<<40)
	wantError(t, err, http.StatusNotFound, "")
	_, err = e.Explain(ctx, 1<<40)
	wantError(t, err, http.StatusNotFound, "")
	v := controlapi.Verification{Account: a.ID, InOrder: true, Only: true, Expect: []controlapi.Expectation{
		{Operation: "GetVaults", Count: &one}, {Operation: "GetVaultById", Status: "403"},
	}}
	if got := must[controlapi.VerifyResult](t)(e.VerifyJournal(ctx, v)); !got.OK {
		t.Errorf("%+v", got)
	}
	v.Expect = v.Expect[:1]
	if got := must[controlapi.VerifyResult](t)(e.VerifyJournal(ctx, v)); got.OK || len(got.Problems) == 0 {
		t.Errorf("%+v", got)
	}
	_, err = e.VerifyJournal(ctx, controlapi.Verification{Expect: []controlapi.Expectation{{Operation: "GetVault"}}})
	wantError(t, err, http.StatusBadRequest, "GetVault")
	mustSucceed(t, e.ClearJournal(ctx, "watched"))
	if j := must[controlapi.Journal](t)(e.Journal(ctx, controlapi.JournalQuery{Account: a.ID})); len(j.Entries) != 0 {
		t.Errorf("%+v", j)
	}
	mustSucceed(t, e.ClearJournal(ctx, ""))
}
