package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// runCommand sends the command of a mock step to the control API. Its result is res.json.
func (s *scenarioRun) runCommand(ctx context.Context, st *language.Step, env map[string]any) (*response, error) {
	c := st.Command
	v, err := s.render(c.Node, env)
	if err != nil {
		return nil, err
	}
	got := &response{label: "mock " + c.Name, redactBody: s.run.redactor.Body}
	document, err := s.callControl(ctx, c, v, got)
	if err != nil {
		return nil, fmt.Errorf("mock %s: %w", c.Name, err)
	}
	if document == nil {
		document = map[string]any{}
	}
	if got.body, err = json.Marshal(document); err != nil {
		return nil, err
	}
	s.run.redactor.Learn(got.body)
	return got, nil
}

// callControl calls the control API and returns the document it sends back, or nil if it sends none.
func (s *scenarioRun) callControl(ctx context.Context, c language.Command, v any, got *response) (any, error) {
	control := s.run.target.Control
	switch c.Name {
	case "faults":
		return s.addFaults(ctx, v)
	case "clock":
		var change controlapi.ClockChange
		if err := decodeStrict(v, &change); err != nil {
			return nil, err
		}
		return control.SetClock(ctx, s.account, change)
	case "token", "change", "revoke":
		return s.runTokenCommand(ctx, c, v, got)
	case "diff":
		var d language.DiffCommand
		if err := decodeStrict(v, &d); err != nil {
			return nil, err
		}
		return control.DiffSnapshots(ctx, s.account, d.From, d.To)
	case "reset":
		if v == "faults" {
			return nil, control.ResetFaults(ctx, s.account)
		}
		return nil, control.Reset(ctx, controlapi.Reset{Account: s.account})
	case "fixture":
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		return control.LoadFixture(ctx, s.account, bytes.NewReader(text), true)
	case "verify":
		return nil, s.verify(ctx, v)
	case "journal":
		var q controlapi.JournalQuery
		if filter, ok := v.(map[string]any); ok {
			if status, ok := filter["status"].(int); ok {
				filter["status"] = strconv.Itoa(status)
			}
		}
		if err := decodeStrict(v, &q); err != nil {
			return nil, err
		}
		q.Account = s.account
		if q.Fault != "" {
			q.Fault = s.faultName(q.Fault)
		}
		return control.Journal(ctx, q)
	case "explain":
		var id uint64
		if err := decodeStrict(v, &id); err != nil {
			return nil, err
		}
		return control.Explain(ctx, id)
	}
	name, err := nameOf(v)
	if err != nil {
		return nil, err
	}
	switch c.Name {
	case "remove":
		return nil, control.RemoveFault(ctx, s.faultName(name))
	case "clear":
		return nil, control.ClearJournal(ctx, s.account)
	case "snapshot":
		return control.SaveSnapshot(ctx, controlapi.NewSnapshot{Account: s.account, Name: name})
	case "restore":
		return nil, control.RestoreSnapshot(ctx, s.account, name)
	}
	return nil, fmt.Errorf("unknown command %q", c.Name)
}

// faultName returns the name of a fault on the mock, where the names of all accounts must differ.
func (s *scenarioRun) faultName(name string) string { return s.prefix + "." + name }

// addFaults adds faults to the scenario's account.
func (s *scenarioRun) addFaults(ctx context.Context, v any) (any, error) {
	var faults []controlapi.Fault
	if err := decodeStrict(v, &faults); err != nil {
		return nil, err
	}
	var all []controlapi.Fault
	for _, f := range faults {
		f.Account = s.account
		if f.Name != "" {
			f.Name = s.faultName(f.Name)
		}
		f.Token = s.tokenID(f.Token)
		added, err := s.run.target.Control.AddFault(ctx, f)
		if err != nil {
			return nil, err
		}
		added.Name = strings.TrimPrefix(added.Name, s.prefix+".")
		all = append(all, added)
	}
	return all, nil
}

// tokenID returns the id of the token with that name in the scenario, or the name itself if there is none.
func (s *scenarioRun) tokenID(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, ok := s.tokenIDs[name]; ok {
		return id
	}
	return name
}

func (s *scenarioRun) runTokenCommand(ctx context.Context, c language.Command, v any, got *response) (any, error) {
	control := s.run.target.Control
	switch c.Name {
	case "token":
		var t language.TokenCommand
		if err := decodeStrict(v, &t); err != nil {
			return nil, err
		}
		if t.Name == "" {
			t.Name = t.As
		}
		token, err := s.issueToken(ctx, t.As, t.Token)
		if err != nil {
			return nil, err
		}
		got.defined = map[string]any{t.As: token}
		return token, nil
	case "change":
		var change language.ChangeCommand
		if err := decodeStrict(v, &change); err != nil {
			return nil, err
		}
		if change.ExpiresIn != nil {
			now, err := s.now()
			if err != nil {
				return nil, err
			}
			expiresAt := now.Add(time.Duration(*change.ExpiresIn))
			change.ExpiresAt = &expiresAt
		}
		return control.ChangeToken(ctx, s.account, s.tokenID(change.Token), change.TokenChange)
	}
	name, err := nameOf(v)
	if err != nil {
		return nil, err
	}
	return nil, control.RevokeToken(ctx, s.account, s.tokenID(name))
}

// verify compares the journal with what the step expects. A difference is an *assertionError.
func (s *scenarioRun) verify(ctx context.Context, v any) error {
	var what controlapi.Verification
	if err := decodeStrict(v, &what); err != nil {
		return err
	}
	what.Account = s.account
	for i := range what.Expect {
		if what.Expect[i].Fault != "" {
			what.Expect[i].Fault = s.faultName(what.Expect[i].Fault)
		}
	}
	verified, err := s.run.target.Control.VerifyJournal(ctx, what)
	if err != nil {
		return err
	}
	if !verified.OK {
		return assertionErrorf("%s", strings.Join(verified.Problems, "; "))
	}
	return nil
}

// nameOf returns the argument of a command that takes a name.
func nameOf(v any) (string, error) {
	name, err := expression.Text(v)
	if err == nil && name == "" {
		err = errors.New("the name is empty")
	}
	return name, err
}
