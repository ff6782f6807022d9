// Package access has the rules about tokens: which ones a server accepts, and what they
// allow.
package access

import (
	"encoding/base64"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi"
	"github.com/onsi/gomega"
)

// AuthRules returns the rules about tokens that a server must accept or refuse.
func AuthRules() []check.Rule {
	list := check.WithDefaults(rule.Rule{
		Tag: "Auth", Touches: rule.ReadOnly, Operations: []string{"GetVaults"},
	}, []check.Rule{
		{Rule: rule.Rule{ID: "auth/good-token", Level: rule.Must, Evidence: "[D] published document",
			Text: "The token of the target is accepted"},
			Check: func(s *check.Session) { s.Do("GetVaults").ExpectStatus(200) }},
		{Rule: rule.Rule{ID: "auth/text", Level: rule.Observed,
			Evidence: "[R] terraform issue 24, connect issue 54; " +
				"[D] the published document has `Invalid token signature`",
			Text: "A token with a wrong signature is refused as `Invalid bearer token`"},
			Check: func(s *check.Session) {
				s.Do("GetVaults", call.WithToken(alteredSignature(s.Server.Token))).ExpectError(401,
					`^Invalid (bearer token|token signature)$`)
			}},
		{Rule: rule.Rule{ID: "auth/token-stays-private", Level: rule.Should,
			Evidence: "[G] a refused token may be valid on another server, and messages end up in logs",
			Text:     "The message of a 401 does not contain the token"},
			Check: func(s *check.Session) {
				const token = "connectmock-unknown-token"
				res := s.Do("GetVaults", call.WithToken(token))
				s.Expect(res.ExpectError(401, "")).NotTo(gomega.ContainSubstring(token),
					"message of the refusal")
			}},
		{Rule: rule.Rule{ID: "auth/refused-tokens", Level: rule.Must,
			Evidence: "[R] terraform issue 24 for expired ones; [D] tokens are for one server and can be revoked; " +
				"[D] RFC 7519 for those not yet valid",
			Text: "Expired and revoked tokens, those not yet valid and those of other " +
				"servers are refused with 401",
			Long: true, Needs: []rule.Capability{rule.Refused}},
			Check: func(s *check.Session) {
				for _, token := range s.Server.RefusedTokens {
					for _, op := range operation.Where(func(op *openapi.Operation) bool {
						return op.Secured && !operation.IsWrite(op)
					}) {
						s.Do(op.ID, append(harmlessAddress(s, op), call.WithToken(token))...).ExpectError(401, "")
					}
				}
			}},
	})
	for _, op := range operation.Where(func(op *openapi.Operation) bool { return op.Secured }) {
		list = append(list,
			check.Rule{
				Rule: rule.Rule{ID: "auth/bad-token/" + op.ID, Tag: "Auth", Level: rule.Must,
					Evidence: "[D] tokens are signed with ES256, requests without one are " +
						"rejected; [R] terraform issue 24",
					Text:    op.ID + " refuses a missing, malformed, cut, altered or unsigned token with 401",
					Touches: operation.Touches(op), Operations: []string{op.ID}},
				Check: func(s *check.Session) { expectUnauthorized(s, op, badTokens(s.Server.Token)) }},
			check.Rule{
				Rule: rule.Rule{ID: "auth/bad-scheme/" + op.ID, Tag: "Auth", Level: rule.Should,
					Evidence: "[D] the scheme is Bearer; [G] that no other one is accepted",
					Text:     op.ID + " refuses an Authorization header of another form with 401",
					Touches:  operation.Touches(op), Operations: []string{op.ID}},
				Check: func(s *check.Session) {
					token := s.Server.Token
					if operation.IsWrite(op) {
						token = alteredSignature(token) // a server that accepts it must not write
					}
					expectUnauthorized(s, op, badSchemes(token))
				}})
	}
	return list
}

// credential is an invalid Authorization header.
type credential struct {
	name string
	send call.Option
}

// expectUnauthorized asserts that an operation refuses each of the credentials.
func expectUnauthorized(s *check.Session, op *openapi.Operation, credentials []credential) {
	for _, c := range credentials {
		res := s.Do(op.ID, append(harmlessAddress(s, op), c.send)...)
		res.Request += " with " + c.name
		res.ExpectError(401, "")
	}
}

// harmlessAddress returns the ids and the body of a request that changes nothing: of
// existing objects for a read, of unknown ones for a write.
func harmlessAddress(s *check.Session, op *openapi.Operation) []call.Option {
	if operation.IsWrite(op) {
		return []call.Option{call.Vault(call.NoVault), call.Item(call.NoItem),
			call.ValidBody(op, call.NoVault, s.UniqueName("refused"))}
	}
	return []call.Option{call.Vault(s.VaultOrUnknown()), call.Item(s.ItemOrUnknown()), call.File(call.NoFile)}
}

// badTokens returns invalid tokens made from a valid one. Some of them need a JWT.
func badTokens(valid string) []credential {
	list := []credential{
		{"no Authorization header", call.Authorization("")},
		{"an unknown token", call.WithToken("connectmock-no-token")},
		{"a token of dots", call.WithToken("a.b.c")},
		{"the token cut short", call.WithToken(valid[:len(valid)*3/4])},
		{"a letter after the token", call.WithToken(valid + "A")},
		{"the token with an altered signature", call.WithToken(alteredSignature(valid))},
	}
	head, claims, ok := call.ReadJWT(valid)
	if !ok {
		return list
	}
	parts := strings.Split(valid, ".")
	return append(list,
		credential{"the token without its signature", call.WithToken(parts[0] + "." + parts[1] + ".")},
		credential{"the token's claims changed under its signature",
			call.WithToken(parts[0] + "." + encodeJWTPart(call.WithMember(claims, "iat", 1)) + "." + parts[2])},
		credential{"the token's claims expired under its signature",
			call.WithToken(parts[0] + "." + encodeJWTPart(call.WithMember(claims, "exp", 1)) + "." + parts[2])},
		credential{"the token re-encoded with algorithm none",
			call.WithToken(encodeJWTPart(call.WithMember(head, "alg", "none")) + "." + parts[1] + ".")},
		credential{"the token re-encoded with algorithm none, signature kept",
			call.WithToken(encodeJWTPart(call.WithMember(head, "alg", "none")) + "." + parts[1] + "." + parts[2])},
	)
}

// badSchemes returns invalid Authorization headers with a token.
func badSchemes(token string) []credential {
	return []credential{
		{"an empty Authorization header", call.Header("Authorization", "")},
		{"a scheme without a token", call.Authorization("Bearer")},
		{"a scheme and spaces", call.Authorization("Bearer   ")},
		{"the token without a scheme", call.Authorization(token)},
		{"the token under the scheme Basic", call.Authorization("Basic " + token)},
		{"a user and a password",
			call.Authorization("Basic " + base64.StdEncoding.EncodeToString([]byte("user:password")))},
		{"the scheme written to the token", call.Authorization("Bearer" + token)},
	}
}

// alteredSignature returns a token with one bit of its signature changed, or with one
// letter changed if it is not a JWT.
func alteredSignature(token string) string {
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if _, _, ok := call.ReadJWT(token); ok && err == nil && len(signature) > 0 {
		signature[len(signature)/2] ^= 1
		return token[:dot+1] + base64.RawURLEncoding.EncodeToString(signature)
	}
	middle := []byte(token)
	if middle[len(token)/2] != 'x' {
		middle[len(token)/2] = 'x'
	} else {
		middle[len(token)/2] = 'y'
	}
	return string(middle)
}

// encodeJWTPart returns an object as a part of a JWT.
func encodeJWTPart(members map[string]any) string {
	return base64.RawURLEncoding.EncodeToString([]byte(call.EncodeJSON(members)))
}
