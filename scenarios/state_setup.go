package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// skipError ends a scenario before its first step: the target can't provide a state that it starts from.
type skipError struct{ reason string }

func (e *skipError) Error() string { return e.reason }

// setUpState creates one of the given states, or finds it on a target without a control API.
func (s *scenarioRun) setUpState(ctx context.Context, st *language.State) error {
	with := map[string]any{}
	if st.With != nil {
		v, err := s.render(st.With, s.env)
		if err != nil {
			return err
		}
		with, _ = v.(map[string]any)
	}
	var value any
	var err error
	switch st.State.Text {
	case language.StateVault:
		value, err = s.setUpVault(ctx, with)
	case language.StateToken:
		value, err = s.setUpToken(ctx, st, with)
	case language.StateItem:
		value, err = s.setUpItem(ctx, with)
	case language.StateFile:
		value, err = s.setUpFile(ctx, st.As.Text, with)
	}
	if err != nil {
		return fmt.Errorf("state %s (%s): %w", st.As.Text, st.State.Text, err)
	}
	s.env[st.As.Text] = value
	return nil
}

func (s *scenarioRun) setUpVault(ctx context.Context, with map[string]any) (any, error) {
	r := s.run
	if s.account == "" {
		if why := r.info.capabilities.SkipReason([]string{language.CanRead, language.CanWrite}); why != "" {
			return nil, &skipError{why}
		}
		for _, v := range r.info.vaults {
			if v.ID == r.info.vault {
				return map[string]any{"id": v.ID, "name": v.Name}, nil
			}
		}
		return nil, &skipError{"the token does not see the vault to write to"}
	}
	name, err := optionalText(with, "name", s.prefix+" "+s.nextNumber())
	if err != nil {
		return nil, err
	}
	vault := map[string]any{"name": name}
	if d, ok := with["description"]; ok {
		vault["description"] = d
	}
	return s.addVault(ctx, vault)
}

// addVault adds a vault with its content to the scenario's account.
func (s *scenarioRun) addVault(ctx context.Context, vault map[string]any) (map[string]any, error) {
	fixture, err := json.Marshal(map[string]any{"vaults": []any{vault}})
	if err != nil {
		return nil, err
	}
	if _, err := s.run.target.Control.LoadFixture(ctx, s.account, bytes.NewReader(fixture), true); err != nil {
		return nil, err
	}
	var vaults []connect.Vault
	if err := s.get(ctx, "/v1/vaults", &vaults); err != nil {
		return nil, err
	}
	for _, v := range vaults {
		if v.Name == vault["name"] {
			return map[string]any{"id": v.ID, "name": v.Name}, nil
		}
	}
	return nil, fmt.Errorf("the vault %q was added but is not in the list", vault["name"])
}

// get reads a document with the main token.
func (s *scenarioRun) get(ctx context.Context, path string, decodeStrict any) error {
	status, _, body, err := s.run.sendPlain(ctx, s.tokens[language.MainActor], http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("GET %s: status %d", path, status)
	}
	return json.Unmarshal(body, decodeStrict)
}

// setUpItem creates an item as a client would. The clean-up deletes it.
func (s *scenarioRun) setUpItem(ctx context.Context, with map[string]any) (any, error) {
	if s.account == "" {
		if why := s.run.info.capabilities.SkipReason([]string{language.CanWrite}); why != "" {
			return nil, &skipError{why}
		}
	}
	vault, _ := with["vault"].(map[string]any)
	id, err := expression.Text(vault["id"])
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	path := "/v1/vaults/" + id + "/items"
	status, _, body, err := s.run.sendPlain(context.WithoutCancel(ctx), s.tokens[language.MainActor], http.MethodPost,
		path, with)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		shown := short(s.run.redactor.Body(language.CreateOperation, body))
		return nil, fmt.Errorf("the item could not be created: status %d: %s", status, shown)
	}
	if err := s.trackCreated(id, body); err != nil {
		return nil, err
	}
	item, err := decode(body)
	if err != nil {
		return nil, err
	}
	itemID, _ := item.(map[string]any)["id"].(string)
	return item, s.waitUntilReadable(ctx, path+"/"+itemID)
}

// waitUntilReadable waits until a created item can be read: on real servers a write is visible up to seconds later [T].
func (s *scenarioRun) waitUntilReadable(ctx context.Context, path string) error {
	const attempts = 50
	for i := range attempts {
		var ignored any
		err := s.get(ctx, path, &ignored)
		if err == nil {
			return nil
		}
		if i == attempts-1 {
			return err
		}
		if err := sleep.For(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// decodeStrict decodes a rendered document into a type of the control API. Unknown members are errors.
func decodeStrict(v, to any) error {
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

// optionalText returns a member as text, or otherwise if it is missing. An empty text is an error.
func optionalText(with map[string]any, key, otherwise string) (string, error) {
	v, ok := with[key]
	if !ok {
		return otherwise, nil
	}
	text, err := expression.Text(v)
	if err == nil && text == "" {
		err = errors.New("is empty; leave it out if there is none")
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	return text, nil
}
