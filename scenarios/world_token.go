package scenarios

import (
	"context"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

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
			id, err := expression.Text(v)
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
