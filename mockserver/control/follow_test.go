package control

import (
	"net/http"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func (e *environment) testFollow(t *testing.T) {
	ctx := t.Context()
	a := must[controlapi.Account](t)(e.CreateAccount(ctx, controlapi.NewAccount{Name: "followed"}))
	start := must[controlapi.JournalUpdate](t)(e.FollowJournal(ctx, controlapi.FollowQuery{}))
	if len(start.Entries) != 0 {
		t.Errorf("%+v", start)
	}
	updates := make(chan controlapi.JournalUpdate)
	query := controlapi.FollowQuery{Account: "followed", Operation: "GetVaults", Status: "2xx", After: &start.Last}
	go func() {
		update, err := e.FollowJournal(ctx, query)
		if err != nil {
			t.Error(err)
		}
		updates <- update
	}()
	e.callMock(t, a.Token, "GET", "/v1/vaults/aaaaaaaaaaaaaaaaaaaaaaaaaa", "")
	e.callMock(t, a.Token, "GET", "/v1/vaults", "")
	update := <-updates
	if len(update.Entries) != 1 || update.Entries[0].Operation != "GetVaults" || update.Last != start.Last+2 {
		t.Errorf("%+v", update)
	}
}

func TestFollowJournal_EndsWithoutEntriesWhenTheTimeIsOver(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	response, body := e.send(t, "GET", "/journal/updates?after=0&wait=0", authorized, "")
	if response.StatusCode != http.StatusOK || body != `{"entries":[],"last":0,"missed":0}` {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}

// A client that continues after a restart of the mock learns of it at once.
func TestFollowJournal_DoesNotWaitForAnIDOfAnotherMock(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	after := uint64(40)
	update := must[controlapi.JournalUpdate](t)(e.FollowJournal(t.Context(), controlapi.FollowQuery{After: &after}))
	if update.Last != 0 || len(update.Entries) != 0 || update.Missed != 0 {
		t.Errorf("%+v", update)
	}
}

func TestFollowJournal_RefusesUnknownNames(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	_, err := e.FollowJournal(t.Context(), controlapi.FollowQuery{Account: "Dem"})
	wantError(t, err, http.StatusNotFound, `did you mean "Demo"?`)
	_, err = e.FollowJournal(t.Context(), controlapi.FollowQuery{Operation: "GetVault"})
	wantError(t, err, http.StatusBadRequest, "GetVault")
	_, err = e.FollowJournal(t.Context(), controlapi.FollowQuery{Status: "4x"})
	wantError(t, err, http.StatusBadRequest, "4x")
	response, body := e.send(t, "GET", "/journal/updates?wait=61", authorized, "")
	if response.StatusCode != http.StatusBadRequest || !strings.Contains(body, "wait") {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}
