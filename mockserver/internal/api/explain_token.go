package api

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
)

// unknown is about a request without a good token. The reason is the
// authenticator's, in a sentence.
func (x *inquiry) unknown() error {
	reason, _, _ := strings.Cut(x.entry.Reason, " (token ")
	switch reason {
	case "no header":
		x.rule = "Authorization: the header is missing"
		x.says("send Authorization: Bearer and the token")
	case "other scheme than Bearer":
		x.rule = "Authorization: the scheme must be Bearer"
		x.says("send Authorization: Bearer and the token")
	case "empty":
		x.rule = "Authorization: there is no token after Bearer"
		x.says("the variable that should hold the token may be empty")
	case "malformed":
		x.rule = "Authorization: the token is cut, or has something in it that no token has"
	case "wrong signature":
		x.rule = "Authorization: the token was signed with another key than this server's"
		x.says("it may be of another server, or of this one before its store was made anew")
	case "unknown":
		x.rule = "Authorization: no account of this server has the token"
		x.says("it may be of another server, or of a world that is deleted")
	case "expired", "not yet valid", "revoked":
		x.untimely(reason)
	default:
		x.rule = "Authorization: the token was refused: " + reason
	}
	return nil
}

// untimely is about a token that was good once, or will be.
func (x *inquiry) untimely(reason string) {
	x.rule = "Authorization: the token is " + reason
	if x.token == nil {
		return
	}
	x.rule = fmt.Sprintf("Authorization: the token %s is %s", x.token.Name, reason)
	now := connect.At(x.s.backend.Clocks.Now(x.account.ID))
	switch {
	case reason == "revoked" && !x.token.RevokedAt.IsZero():
		x.says("it was revoked at %s", connect.At(x.token.RevokedAt))
	case reason == "expired" && !x.token.ExpiresAt.IsZero():
		x.says("it expires at %s; the account's clock shows %s", connect.At(x.token.ExpiresAt), now)
	case reason == "not yet valid":
		x.says("it begins at %s; the account's clock shows %s", connect.At(x.token.NotBefore), now)
	}
}

// unauthorized is about a vault the caller does not see, or may not do this in.
func (x *inquiry) unauthorized() error {
	id := x.path["vaultUuid"]
	for _, v := range x.vaults {
		if v.ID == id {
			x.unpermitted(v)
			return nil
		}
	}
	x.rule = fmt.Sprintf("vaultUuid: there is no vault %s in the account; that is answered as one out of scope", id)
	x.near = append(x.near, x.nearVaults(id)...)
	return x.elsewhere(id)
}

func (x *inquiry) unpermitted(v connect.Vault) {
	x.rule = fmt.Sprintf("vaultUuid: the token has no permission in the vault %q that %s needs", v.Name, x.entry.Operation)
	if x.token == nil {
		return
	}
	on := x.token.All | x.token.Vaults[v.ID]
	if on == 0 {
		x.rule = fmt.Sprintf("vaultUuid: the vault %q is not in the scope of the token %s", v.Name, x.token.Name)
		seen := []string{}
		for _, other := range x.vaults {
			if p := x.token.All | x.token.Vaults[other.ID]; p != 0 {
				seen = append(seen, fmt.Sprintf("%q (%s)", other.Name, p))
			}
		}
		if len(seen) == 0 {
			seen = append(seen, "no vault")
		}
		x.says("the token %s sees: %s", x.token.Name, strings.Join(seen, ", "))
		return
	}
	x.rule = fmt.Sprintf("vaultUuid: the token %s may %s in the vault %q; %s needs more", x.token.Name, on, v.Name, x.entry.Operation)
	if x.op != nil {
		x.says("%s needs the permission %s", x.entry.Operation, needed(x.op.needs))
	}
}

// needed is the permission to ask for, by the name people write.
func needed(p auth.Permission) string {
	switch {
	case auth.Read.Has(p):
		return auth.Read.String()
	case auth.Write.Has(p):
		return auth.Write.String()
	}
	return auth.ReadWrite.String()
}
