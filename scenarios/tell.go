package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// command runs the mock command of a step. Its result is res.json.
func (p *play) command(ctx context.Context, a *action, env map[string]any) (*answer, error) {
	c := a.command
	v, err := p.render(c.node, env)
	if err != nil {
		return nil, err
	}
	got := &answer{what: "mock " + c.name, show: p.of.redactor.Body}
	document, err := p.dispatch(ctx, c, v, got)
	if err != nil {
		return nil, fmt.Errorf("mock %s: %w", c.name, err)
	}
	if document == nil {
		document = map[string]any{}
	}
	if got.body, err = json.Marshal(document); err != nil {
		return nil, err
	}
	p.of.redactor.Learn(got.body)
	return got, nil
}

// dispatch calls the control API and returns the document it sent back, nil if
// there is none.
func (p *play) dispatch(ctx context.Context, c command, v any, got *answer) (any, error) {
	control := p.of.target.Control
	switch c.name {
	case "faults":
		return p.addFaults(ctx, v)
	case "clock":
		var change controlapi.ClockChange
		if err := into(v, &change); err != nil {
			return nil, err
		}
		return control.SetClock(ctx, p.account, change)
	case "token", "change", "revoke":
		return p.runTokenCommand(ctx, c, v, got)
	case "diff":
		var d diffCommand
		if err := into(v, &d); err != nil {
			return nil, err
		}
		return control.DiffSnapshots(ctx, p.account, d.From, d.To)
	case "reset":
		return nil, control.Reset(ctx, controlapi.Reset{Account: p.account})
	case "fixture":
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		return control.LoadFixture(ctx, p.account, bytes.NewReader(text), true)
	case "verify":
		return nil, p.verify(ctx, v)
	case "journal":
		var q controlapi.JournalQuery
		if err := into(v, &q); err != nil {
			return nil, err
		}
		q.Account = p.account
		if q.Fault != "" {
			q.Fault = p.faultName(q.Fault)
		}
		return control.Journal(ctx, q)
	case "explain":
		var id uint64
		if err := into(v, &id); err != nil {
			return nil, err
		}
		return control.Explain(ctx, id)
	}
	name, err := nameOf(v)
	if err != nil {
		return nil, err
	}
	switch c.name {
	case "remove":
		return nil, control.RemoveFault(ctx, p.faultName(name))
	case "clear":
		if name == "journal" {
			return nil, control.ClearJournal(ctx, p.account)
		}
		return nil, control.ResetFaults(ctx, p.account)
	case "snapshot":
		return control.SaveSnapshot(ctx, controlapi.NewSnapshot{Account: p.account, Name: name})
	case "restore":
		return nil, control.RestoreSnapshot(ctx, p.account, name)
	}
	return nil, fmt.Errorf("nobody knows how to do that")
}

// faultName returns the name of a fault on the server, where names of faults are
// unique among all accounts.
func (p *play) faultName(name string) string { return p.prefix + "." + name }

// addFaults adds faults to the scenario's account. Tokens are named as in the
// scenario.
func (p *play) addFaults(ctx context.Context, v any) (any, error) {
	var faults []controlapi.Fault
	if err := into(v, &faults); err != nil {
		return nil, err
	}
	var all []controlapi.Fault
	for _, f := range faults {
		f.Account = p.account
		if f.Name != "" {
			f.Name = p.faultName(f.Name)
		}
		f.Token = p.tokenID(f.Token)
		added, err := p.of.target.Control.AddFault(ctx, f)
		if err != nil {
			return nil, err
		}
		added.Name = strings.TrimPrefix(added.Name, p.prefix+".")
		all = append(all, added)
	}
	return all, nil
}

// tokenID returns the id of the token that the scenario calls name, or name itself
// if there is none.
func (p *play) tokenID(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if id, ok := p.tokenIDs[name]; ok {
		return id
	}
	return name
}

func (p *play) runTokenCommand(ctx context.Context, c command, v any, got *answer) (any, error) {
	control := p.of.target.Control
	switch c.name {
	case "token":
		var t tokenCommand
		if err := into(v, &t); err != nil {
			return nil, err
		}
		if t.Name == "" {
			t.Name = t.As
		}
		made, err := p.issue(ctx, t.As, t.Token)
		if err != nil {
			return nil, err
		}
		got.made = map[string]any{t.As: made}
		return made, nil
	case "change":
		var change changeCommand
		if err := into(v, &change); err != nil {
			return nil, err
		}
		return control.ChangeToken(ctx, p.account, p.tokenID(change.Token), change.TokenChange)
	}
	name, err := nameOf(v)
	if err != nil {
		return nil, err
	}
	return nil, control.RevokeToken(ctx, p.account, p.tokenID(name))
}

// verify compares the journal with what the step expects; a difference is a
// failure.
func (p *play) verify(ctx context.Context, v any) error {
	var what controlapi.Verification
	if err := into(v, &what); err != nil {
		return err
	}
	what.Account = p.account
	for i := range what.Expect {
		if what.Expect[i].Fault != "" {
			what.Expect[i].Fault = p.faultName(what.Expect[i].Fault)
		}
	}
	verified, err := p.of.target.Control.VerifyJournal(ctx, what)
	if err != nil {
		return err
	}
	if !verified.OK {
		return failed("%s", strings.Join(verified.Problems, "; "))
	}
	return nil
}
