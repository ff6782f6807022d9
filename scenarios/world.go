package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/formula"
	"github.com/connectmock/connectmock/scenarios/internal/source"
)

// skipped ends a scenario before it began: the target can't be brought into a
// state it starts from.
type skipped struct{ why string }

func (s *skipped) Error() string { return s.why }

// enter gives the scenario a world of its own where the target has a control
// API.
func (p *play) enter(ctx context.Context) error {
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

// leave deletes a world, whatever became of the run.
func (r *run) leave(ctx context.Context, account string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleaning)
	defer cancel()
	if err := r.target.Control.DeleteAccount(ctx, account); err != nil {
		return fmt.Errorf("the scenario's world is left over: %w", err)
	}
	return nil
}

// reach brings the target into one of the given states.
func (p *play) reach(ctx context.Context, s *state) error {
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

// reachToken finds or makes a token that may do what is asked for.
func (p *play) reachToken(ctx context.Context, s *state, with map[string]any) (any, error) {
	r, as := p.of, s.As.Text
	reads, writes := permissions(with["permissions"])
	if p.account != "" {
		t, err := tokenOf(as, with)
		if err != nil {
			return nil, err
		}
		return p.issue(ctx, as, t)
	}
	for _, key := range []string{"expiresIn", "expiresAt", "notBefore"} {
		if _, ok := with[key]; ok {
			return nil, &skipped{"no token can be made on this target, least of all one with " + key}
		}
	}
	vaults, _ := with["vaults"].([]any)
	for _, v := range vaults {
		if v != r.found.vault {
			return nil, &skipped{"no token for that vault was given"}
		}
	}
	var token string
	switch {
	case reads && writes:
		if why := r.found.missing([]string{canRead, canWrite}); why != "" {
			return nil, &skipped{why}
		}
		token = r.target.Token
	case reads:
		if why := r.found.missing([]string{canReader}); why != "" {
			return nil, &skipped{why}
		}
		token = r.target.Reader
	default:
		return nil, &skipped{"no token that may write and not read was given"}
	}
	p.tokens[as] = token
	return map[string]any{"name": as, "token": token}, nil
}

func permissions(v any) (reads, writes bool) {
	list, _ := v.([]any)
	for _, each := range list {
		reads, writes = reads || each == "read", writes || each == "write"
	}
	return reads, writes
}

// tokenOf is a state in the words of the control API.
func tokenOf(as string, with map[string]any) (controlapi.Token, error) {
	var t controlapi.Token
	reads, writes := permissions(with["permissions"])
	permission := map[[2]bool]string{{true, false}: "read", {false, true}: "write", {true, true}: "read-write"}[[2]bool{reads, writes}]
	members := map[string]any{"name": as}
	for _, key := range []string{"name", "expiresIn", "expiresAt", "notBefore"} {
		if v, ok := with[key]; ok {
			members[key] = v
		}
	}
	if list, ok := with["vaults"].([]any); ok {
		vaults := map[string]any{}
		for _, v := range list {
			id, err := formula.Text(v)
			if err != nil {
				return t, err
			}
			vaults[id] = permission
		}
		members["vaults"] = vaults
	} else {
		members["permission"] = permission
	}
	return t, into(members, &t)
}

// issue makes a token and remembers it under a name.
func (p *play) issue(ctx context.Context, as string, t controlapi.Token) (any, error) {
	t.Account = p.account
	made, err := p.of.target.Control.IssueToken(ctx, t)
	if err != nil {
		return nil, err
	}
	p.of.redactor.AddToken(made.Value, "OP_CONNECT_TOKEN_"+strings.ToUpper(as))
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tokens[as], p.tokenIDs[as] = made.Value, made.ID
	return map[string]any{"id": made.ID, "name": made.Name, "token": made.Value}, nil
}

// reachItem makes an item as a client would. It is deleted in the end.
func (p *play) reachItem(ctx context.Context, with map[string]any) (any, error) {
	if p.account == "" {
		if why := p.of.found.missing([]string{canWrite}); why != "" {
			return nil, &skipped{why}
		}
	}
	vault, _ := with["vault"].(map[string]any)
	id, err := formula.Text(vault["id"])
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	status, _, body, err := p.of.ask(context.WithoutCancel(ctx), p.tokens[mainActor], http.MethodPost, "/v1/vaults/"+id+"/items", with)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("the item could not be made: answered %d: %s", status, short(body, p.of.redactor.Redact))
	}
	if err := p.made(id, body); err != nil {
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
		if err := sleep(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// into reads a rendered document into one of the control API, strictly.
func into(v, to any) error {
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
	text, err := formula.Text(v)
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	return text, nil
}

// render is the value of a node with its templates filled in.
func (p *play) render(n *source.Node, env map[string]any) (any, error) {
	if t := p.in.texts[n]; t != nil {
		return t.Render(env)
	}
	switch n.Kind {
	case source.List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			v, err := p.render(item, env)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	case source.Map:
		object := make(map[string]any, len(n.Pairs))
		for _, pair := range n.Pairs {
			v, err := p.render(pair.Value, env)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", pair.Key, err)
			}
			key := pair.Key
			if t := p.in.texts[pair.Name]; t != nil {
				if key, err = t.RenderText(env); err != nil {
					return nil, err
				}
			}
			object[key] = v
		}
		return object, nil
	}
	return n.Plain(), nil
}
