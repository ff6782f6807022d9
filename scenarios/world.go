package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// skipped ends a scenario before it began: the target can't be brought into a
// state it starts from.
type skipped struct{ why string }

func (s *skipped) Error() string { return s.why }

// createAccount gives the scenario an account of its own if the target has a control
// API.
func (p *play) createAccount(ctx context.Context) error {
	r := p.of
	p.tokens[mainActor], p.tokens[noActor] = r.target.Token, ""
	if r.target.Control == nil {
		return nil
	}
	// Once asked for, a world is waited for: an account nobody knows of would
	// never be deleted.
	account, err := r.target.Control.CreateAccount(context.WithoutCancel(ctx), controlapi.NewAccount{Name: p.prefix})
	if err != nil {
		return fmt.Errorf("the mock made no world for the scenario: %w", err)
	}
	p.account = account.ID
	p.tokens[mainActor] = account.Token
	r.redactor.AddToken(account.Token, "OP_CONNECT_TOKEN")
	return nil
}

// deleteAccount deletes the account of a scenario, also after the run ended.
func (r *run) deleteAccount(ctx context.Context, account string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	if err := r.target.Control.DeleteAccount(ctx, account); err != nil {
		return fmt.Errorf("the scenario's world is left over: %w", err)
	}
	return nil
}

// setUpState brings the target into one of the given states.
func (p *play) setUpState(ctx context.Context, s *state) error {
	with := map[string]any{}
	if s.With != nil {
		v, err := p.render(s.With, p.env)
		if err != nil {
			return err
		}
		with, _ = v.(map[string]any)
	}
	var value any
	var err error
	switch s.State.Text {
	case stateVault:
		value, err = p.reachVault(ctx, with)
	case stateToken:
		value, err = p.reachToken(ctx, s, with)
	case stateItem:
		value, err = p.reachItem(ctx, with)
	case stateFile:
		value, err = p.reachFile(ctx, s.As.Text, with)
	}
	if err != nil {
		return fmt.Errorf("state %s (%s): %w", s.As.Text, s.State.Text, err)
	}
	p.env[s.As.Text] = value
	return nil
}

func (p *play) reachVault(ctx context.Context, with map[string]any) (any, error) {
	r := p.of
	if p.account == "" {
		if why := r.found.missing([]string{canRead, canWrite}); why != "" {
			return nil, &skipped{why}
		}
		for _, v := range r.found.vaults {
			if v.ID == r.found.vault {
				return map[string]any{"id": v.ID, "name": v.Name}, nil
			}
		}
		return nil, &skipped{"the vault to write to is not seen"}
	}
	name, err := textOf(with, "name", p.prefix+" "+p.next())
	if err != nil {
		return nil, err
	}
	vault := map[string]any{"name": name}
	if d, ok := with["description"]; ok {
		vault["description"] = d
	}
	return p.addVault(ctx, vault)
}

// addVault adds a vault with all that is in it to the world.
func (p *play) addVault(ctx context.Context, vault map[string]any) (map[string]any, error) {
	fixture, err := json.Marshal(map[string]any{"vaults": []any{vault}})
	if err != nil {
		return nil, err
	}
	if _, err := p.of.target.Control.LoadFixture(ctx, p.account, bytes.NewReader(fixture), true); err != nil {
		return nil, err
	}
	var vaults []connect.Vault
	if err := p.get(ctx, "/v1/vaults", &vaults); err != nil {
		return nil, err
	}
	for _, v := range vaults {
		if v.Name == vault["name"] {
			return map[string]any{"id": v.ID, "name": v.Name}, nil
		}
	}
	return nil, fmt.Errorf("the vault %q was added and is not there", vault["name"])
}

// get reads a document with the main token.
func (p *play) get(ctx context.Context, path string, into any) error {
	status, _, body, err := p.of.ask(ctx, p.tokens[mainActor], http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("GET %s was answered %d", path, status)
	}
	return json.Unmarshal(body, into)
}

// reachItem makes an item as a client would. It is deleted in the end.
func (p *play) reachItem(ctx context.Context, with map[string]any) (any, error) {
	if p.account == "" {
		if why := p.of.found.missing([]string{canWrite}); why != "" {
			return nil, &skipped{why}
		}
	}
	vault, _ := with["vault"].(map[string]any)
	id, err := expression.Text(vault["id"])
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	status, _, body, err := p.of.ask(context.WithoutCancel(ctx), p.tokens[mainActor], http.MethodPost, "/v1/vaults/"+id+"/items", with)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("the item could not be made: answered %d: %s", status, short(p.of.redactor.Body("CreateVaultItem", body)))
	}
	if err := p.trackCreated(id, body); err != nil {
		return nil, err
	}
	item, err := decode(body)
	if err != nil {
		return nil, err
	}
	made, _ := item.(map[string]any)["id"].(string)
	return item, p.seen(ctx, "/v1/vaults/"+id+"/items/"+made)
}

// seen waits until what was made can be read: real servers show a write up to
// seconds later [T].
func (p *play) seen(ctx context.Context, path string) error {
	const tries = 50
	for i := range tries {
		var ignored any
		err := p.get(ctx, path, &ignored)
		if err == nil {
			return nil
		}
		if i == tries-1 {
			return err
		}
		if err := suite.Sleep(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// into reads a rendered document into one of the control API, strictly.
func into(v, to any) error {
	if err := controlapi.CheckNames(v); err != nil {
		return err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(to)
}

func textOf(with map[string]any, key, otherwise string) (string, error) {
	v, ok := with[key]
	if !ok {
		return otherwise, nil
	}
	text, err := expression.Text(v)
	if err == nil && text == "" {
		err = errors.New("it is empty; leave it out to go without it")
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	return text, nil
}
