package scenarios

import (
	"context"
	"maps"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// setUpToken creates a token with the given permissions, or uses one of the target.
func (s *scenarioRun) setUpToken(ctx context.Context, st *language.State, with map[string]any) (any, error) {
	r, as := s.run, st.As.Text
	if s.account != "" {
		t, err := tokenFrom(as, with)
		if err != nil {
			return nil, err
		}
		return s.issueToken(ctx, as, t)
	}
	for _, key := range []string{"expiresIn", "expiresAt", "notBefore"} {
		if _, ok := with[key]; ok {
			return nil, &skipError{"tokens can't be created on this target, so it has none with " + key}
		}
	}
	vaults, _ := with["vaults"].(map[string]any)
	permission := with["permission"]
	for id, vaultPermission := range vaults {
		if id != r.info.vault {
			return nil, &skipError{"no token for that vault was given"}
		}
		permission = vaultPermission
	}
	var token string
	switch permission {
	case connect.ReadWrite.String():
		if why := r.info.capabilities.SkipReason([]string{language.CanRead, language.CanWrite}); why != "" {
			return nil, &skipError{why}
		}
		token = r.target.Token
	case connect.Read.String():
		if why := r.info.capabilities.SkipReason([]string{language.CanReader}); why != "" {
			return nil, &skipError{why}
		}
		token = r.target.Reader
	default:
		return nil, &skipError{"no token that may write and not read was given"}
	}
	s.tokens[as] = token
	return map[string]any{"name": as, "token": token}, nil
}

// tokenFrom returns a token state as a type of the control API.
func tokenFrom(as string, with map[string]any) (controlapi.Token, error) {
	members := map[string]any{"name": as}
	maps.Copy(members, with)
	var t controlapi.Token
	return t, decodeStrict(members, &t)
}

// issueToken creates a token that steps can use under a name.
func (s *scenarioRun) issueToken(ctx context.Context, as string, t controlapi.Token) (any, error) {
	t.Account = s.account
	created, err := s.run.target.Control.IssueToken(ctx, t)
	if err != nil {
		return nil, err
	}
	s.run.redactor.AddToken(created.Value, "OP_CONNECT_TOKEN_"+strings.ToUpper(as))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[as], s.tokenIDs[as] = created.Value, created.ID
	return map[string]any{"id": created.ID, "name": created.Name, "token": created.Value}, nil
}
