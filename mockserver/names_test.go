package mockserver_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// A misspelled name is an error, and not a name without entries.
func TestNames_UnknownAreRefused(t *testing.T) {
	t.Parallel()
	s := newServer(t).withoutCheck()
	ctx := t.Context()
	s.saveSnapshot(t, controlapi.NewSnapshot{Name: "before"})
	var archive bytes.Buffer
	must(t, s.Mock.ExportSnapshot(ctx, "", "before", &archive))
	journal := func(q controlapi.JournalQuery) error { _, err := s.Mock.Journal(t.Context(), q); return err }
	verify := func(account string, e controlapi.Expectation) error {
		never := 0
		e.Count = &never
		_, err := s.Mock.VerifyJournal(t.Context(), controlapi.Verification{Account: account, Expect: []controlapi.Expectation{e}})
		return err
	}
	fault := func(f controlapi.Fault) error {
		f.Abort = &controlapi.Abort{Status: 503}
		_, err := s.Mock.AddFault(ctx, f)
		return err
	}
	account := &fixtures.Fixture{Accounts: []fixtures.Account{{Name: "x"}}}
	for name, call := range map[string]func() error{
		"journal account":          func() error { return journal(controlapi.JournalQuery{Account: "typo"}) },
		"journal caller":           func() error { return journal(controlapi.JournalQuery{Caller: "typo"}) },
		"journal fault":            func() error { return journal(controlapi.JournalQuery{Fault: "typo"}) },
		"clear journal":            func() error { return s.Mock.ClearJournal(t.Context(), "typo") },
		"verify account":           func() error { return verify("typo", controlapi.Expectation{}) },
		"verify caller":            func() error { return verify("", controlapi.Expectation{Caller: "typo"}) },
		"verify caller of account": func() error { return verify("demo", controlapi.Expectation{Caller: "typo"}) },
		"verify fault":             func() error { return verify("", controlapi.Expectation{Fault: "typo"}) },
		"faults":                   func() error { _, err := s.Mock.Faults(t.Context(), "typo"); return err },
		"reset faults":             func() error { return s.Mock.ResetFaults(t.Context(), "typo") },
		"remove fault":             func() error { return s.Mock.RemoveFault(t.Context(), "typo") },
		"fault account":            func() error { return fault(controlapi.Fault{Account: "typo"}) },
		"fault token":              func() error { return fault(controlapi.Fault{Token: "typo"}) },
		"fault token of account":   func() error { return fault(controlapi.Fault{Account: "demo", Token: "typo"}) },
		"fault vault":              func() error { return fault(controlapi.Fault{Vault: "typo"}) },
		"reset":                    func() error { return s.Mock.Reset(ctx, controlapi.Reset{Account: "typo"}) },
		"clock":                    func() error { _, err := s.Mock.Clock(t.Context(), "typo"); return err },
		"set clock":                func() error { _, err := s.Mock.SetClock(ctx, "typo", advanceBy(1)); return err },
		"create account from":      func() error { _, err := s.Mock.CreateAccount(ctx, controlapi.NewAccount{From: "typo"}); return err },
		"create account snapshot":  func() error { _, err := s.Mock.CreateAccount(ctx, controlapi.NewAccount{Snapshot: "typo"}); return err },
		"delete account":           func() error { return s.Mock.DeleteAccount(ctx, "typo") },
		"load fixture":             func() error { _, err := s.Mock.LoadFixture(ctx, "typo", account, false); return err },
		"save snapshot": func() error {
			_, err := s.Mock.SaveSnapshot(ctx, controlapi.NewSnapshot{Account: "typo", Name: "a"})
			return err
		},
		"snapshots":        func() error { _, err := s.Mock.Snapshots(ctx, "typo"); return err },
		"restore snapshot": func() error { return s.Mock.RestoreSnapshot(ctx, "", "typo") },
		"delete snapshot":  func() error { return s.Mock.DeleteSnapshot(ctx, "", "typo") },
		"diff from":        func() error { _, err := s.Mock.DiffSnapshots(ctx, "", "typo", ""); return err },
		"diff to":          func() error { _, err := s.Mock.DiffSnapshots(ctx, "", "before", "typo"); return err },
		"export":           func() error { return s.Mock.ExportSnapshot(ctx, "", "typo", io.Discard) },
		"import":           func() error { _, err := s.Mock.ImportSnapshot(ctx, "typo", "a", &archive); return err },
		"issue token": func() error {
			_, err := s.Mock.IssueToken(ctx, controlapi.Token{Account: "typo", Name: "a"})
			return err
		},
		"list tokens":    func() error { _, err := s.Mock.ListTokens(ctx, "typo"); return err },
		"change token":   func() error { _, err := s.Mock.ChangeToken(ctx, "", "typo", controlapi.TokenChange{}); return err },
		"withdraw token": func() error { return s.Mock.RevokeToken(ctx, "", "typo") },
	} {
		t.Run(name, func(t *testing.T) { wantControlError(t, call(), 404, `"typo"`) })
	}
	wantControlError(t, s.Mock.ClearJournal(t.Context(), "deom"), 404, `no account "deom"; did you mean "demo"?`)
}

func TestNames_DeletedStayKnownToTheJournal(t *testing.T) {
	t.Parallel()
	s := newServer(t).withoutCheck()
	ctx := t.Context()
	w, _ := s.newAccount(t)
	w = w.withoutCheck()
	_ = s.NewToken(t, controlapi.Token{Account: "account 1", Name: "short"})
	down := controlapi.Fault{Account: "account 1", Name: "down", Abort: &controlapi.Abort{Status: 503}}
	created, err := s.Mock.AddFault(ctx, down)
	must(t, err)
	w.get(t, "/v1/vaults").wantStatus(t, 503)
	all, err := s.Mock.Accounts(ctx)
	must(t, err)
	id := all[1].ID
	must(t, s.Mock.DeleteAccount(ctx, "account 1"))
	one, never := 1, 0
	for _, account := range []string{"account 1", id} {
		page, err := s.Mock.Journal(t.Context(), controlapi.JournalQuery{Account: account, Caller: "main", Fault: created.Name})
		if err != nil || len(page.Entries) != 1 {
			t.Errorf("account %s: %+v, %v", account, page, err)
		}
		verified, err := s.Mock.VerifyJournal(t.Context(), controlapi.Verification{Account: account, Expect: []controlapi.Expectation{
			{Fault: "down", Count: &one}, {Caller: "short", Count: &never},
		}})
		if err != nil || !verified.OK {
			t.Errorf("account %s: %+v, %v", account, verified, err)
		}
	}
	if err := s.Mock.ClearJournal(t.Context(), "account 1"); err != nil {
		t.Error(err)
	}
	if left := s.journal(t, controlapi.JournalQuery{Account: id}); len(left) != 0 {
		t.Errorf("%d exchanges are left", len(left))
	}
}
