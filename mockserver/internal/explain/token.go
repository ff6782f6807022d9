package explain

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
)

// explainToken explains why a token was refused.
func (e *explainer) explainToken() {
	switch reason := e.record.Refusal; reason {
	case auth.NoHeader:
		e.rule = "Authorization: the header is missing"
		e.suggest("send Authorization: Bearer and the token")
	case auth.OtherScheme:
		e.rule = "Authorization: the scheme must be Bearer"
		e.suggest("send Authorization: Bearer and the token")
	case auth.NoToken:
		e.rule = "Authorization: there is no token after Bearer"
		e.suggest("the variable that should hold the token may be empty")
	case auth.Malformed:
		e.rule = "Authorization: the token is cut, or has something in it that no token has"
	case auth.WrongSignature:
		e.rule = "Authorization: the token was signed with another key than this server's"
		e.suggest("it may be of another server, or of this one before its store was made anew")
	case auth.Unknown:
		e.rule = "Authorization: no account of this server has the token"
		e.suggest("it may be of another server, or of an account that was deleted")
	case auth.Expired, auth.NotYetValid, auth.Revoked:
		e.explainTokenTime(reason)
	default:
		e.rule = "Authorization: the token was refused: " + reason
	}
}

// explainTokenTime explains a token that was valid once, or will be.
func (e *explainer) explainTokenTime(reason string) {
	e.rule = "Authorization: the token is " + reason
	if e.token == nil {
		return
	}
	e.rule = fmt.Sprintf("Authorization: the token %s is %s", e.token.Name, reason)
	now := connect.At(e.backend.Clocks.Now(e.account.id))
	switch {
	case reason == auth.Revoked && !e.token.RevokedAt.IsZero():
		e.suggest("it was revoked at %s", connect.At(e.token.RevokedAt))
	case reason == auth.Expired && !e.token.ExpiresAt.IsZero():
		e.suggest("it expires at %s; the account's clock shows %s", connect.At(e.token.ExpiresAt), now)
	case reason == auth.NotYetValid:
		e.suggest("it begins at %s; the account's clock shows %s", connect.At(e.token.NotBefore), now)
	}
}

// explainVault explains why the caller does not see a vault, or may not do this in it.
func (e *explainer) explainVault() error {
	id := e.path["vaultUuid"]
	for _, v := range e.vaults {
		if v.ID == id {
			e.explainPermission(v)
			return nil
		}
	}
	e.rule = fmt.Sprintf("vaultUuid: there is no vault %s in the account; that gets the response of one out of scope", id)
	e.suggestVaults(id)
	return e.suggestOwner(id)
}

// explainPermission explains a permission that the token does not have in a vault.
func (e *explainer) explainPermission(v connect.Vault) {
	operation := e.record.Operation
	e.rule = fmt.Sprintf("vaultUuid: the token has no permission in the vault %q that %s needs", v.Name, operation)
	if e.token == nil {
		return
	}
	has := e.token.All | e.token.Vaults[v.ID]
	if has == 0 {
		e.rule = fmt.Sprintf("vaultUuid: the vault %q is not in the scope of the token %s", v.Name, e.token.Name)
		e.suggest("the token %s sees: %s", e.token.Name, e.visibleVaults())
		return
	}
	e.rule = fmt.Sprintf("vaultUuid: the token %s may %s in the vault %q; %s needs more",
		e.token.Name, has, v.Name, operation)
	if e.op != nil {
		e.suggest("%s needs the permission %s", operation, permissionName(e.op.Needs))
	}
}

// visibleVaults returns the vaults in the scope of the token, with its permission in each.
func (e *explainer) visibleVaults() string {
	list := []string{}
	for _, v := range e.vaults {
		if p := e.token.All | e.token.Vaults[v.ID]; p != 0 {
			list = append(list, fmt.Sprintf("%q (%s)", v.Name, p))
		}
	}
	if len(list) == 0 {
		return "no vault"
	}
	return strings.Join(list, ", ")
}

// permissionName returns the smallest permission with a name that has all of p.
func permissionName(p connect.Permission) string {
	switch {
	case connect.Read.Has(p):
		return connect.Read.String()
	case connect.Write.Has(p):
		return connect.Write.String()
	}
	return connect.ReadWrite.String()
}
