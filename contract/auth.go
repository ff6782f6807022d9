package contract

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/openapi"
	"github.com/onsi/gomega"
)

// authRules returns the rules about tokens that a server must accept or refuse.
func authRules() []rule {
	list := []rule{
		{Rule{ID: "auth/good-token", Tag: "Auth", Level: Must, Evidence: "[D] published document",
			Touches: ReadOnly,
			Text:    "The token of the target is accepted", Operations: []string{"GetVaults"}},
			func(s *session) { s.do("GetVaults").expectStatus(http.StatusOK) }},
		{Rule{ID: "auth/text", Tag: "Auth", Level: Observed,
			Evidence: "[R] terraform issue 24, connect issue 54; [D] the published document has `Invalid token signature`",
			Touches:  ReadOnly,
			Text:     "A token with a wrong signature is refused as `Invalid bearer token`", Operations: []string{"GetVaults"}},
			func(s *session) {
				s.do("GetVaults", withToken(alteredSignature(s.server.token))).expectError(http.StatusUnauthorized,
					`^Invalid (bearer token|token signature)$`)
			}},
		{Rule{ID: "auth/token-stays-private", Tag: "Auth", Level: Should,
			Evidence: "[G] a refused token may be valid on another server, and messages end up in logs",
			Touches:  ReadOnly,
			Text:     "The message of a 401 does not contain the token", Operations: []string{"GetVaults"}},
			func(s *session) {
				const token = "connectmock-unknown-token"
				res := s.do("GetVaults", withToken(token))
				s.Expect(res.expectError(http.StatusUnauthorized, "")).NotTo(gomega.ContainSubstring(token),
					"message of the refusal")
			}},
		{Rule{ID: "auth/refused-tokens", Tag: "Auth", Level: Must,
			Evidence: "[R] terraform issue 24 for expired ones; [D] tokens are for one server and can be revoked; [D] RFC 7519 " +
				"for those not yet valid",
			Text:    "Expired and revoked tokens, those not yet valid and those of other servers are refused with 401",
			Touches: ReadOnly, Long: true,
			Needs: []Capability{Refused}, Operations: []string{"GetVaults"}},
			func(s *session) {
				for _, token := range s.server.refusedTokens {
					for _, op := range operationsWhere(func(op *openapi.Operation) bool { return op.Secured && !isWrite(op) }) {
						s.do(op.ID, append(s.harmlessAddress(op), withToken(token))...).expectError(http.StatusUnauthorized, "")
					}
				}
			}},
	}
	for _, op := range operationsWhere(func(op *openapi.Operation) bool { return op.Secured }) {
		list = append(list,
			rule{
				Rule{ID: "auth/bad-token/" + op.ID, Tag: "Auth", Level: Must,
					Evidence:   "[D] tokens are signed with ES256, requests without one are rejected; [R] terraform issue 24",
					Text:       op.ID + " refuses a missing, malformed, cut, altered or unsigned token with 401",
					Touches:    touchedBy(op),
					Operations: []string{op.ID}},
				func(s *session) { s.expectUnauthorized(op, badTokens(s.server.token)) }},
			rule{
				Rule{ID: "auth/bad-scheme/" + op.ID, Tag: "Auth", Level: Should,
					Evidence: "[D] the scheme is Bearer; [G] that no other one is accepted",
					Touches:  touchedBy(op),
					Text:     op.ID + " refuses an Authorization header of another form with 401", Operations: []string{op.ID}},
				func(s *session) {
					token := s.server.token
					if isWrite(op) {
						token = alteredSignature(token) // a server that accepts it must not write
					}
					s.expectUnauthorized(op, badSchemes(token))
				}})
	}
	return list
}

// credential is an invalid Authorization header.
type credential struct {
	name string
	send option
}

// expectUnauthorized asserts that an operation refuses each of the credentials.
func (s *session) expectUnauthorized(op *openapi.Operation, credentials []credential) {
	for _, c := range credentials {
		res := s.do(op.ID, append(s.harmlessAddress(op), c.send)...)
		res.request += " with " + c.name
		res.expectError(http.StatusUnauthorized, "")
	}
}

// harmlessAddress returns the ids and the body of a request that changes nothing: of
// existing objects for a read, of unknown ones for a write.
func (s *session) harmlessAddress(op *openapi.Operation) []option {
	if isWrite(op) {
		return []option{vault(noVault), item(noItem), validBody(op, noVault, s.uniqueName("refused"))}
	}
	return []option{vault(s.vaultOrUnknown()), item(s.itemOrUnknown()), file(noFile)}
}

// badTokens returns invalid tokens made from a valid one. Some of them need a JWT.
func badTokens(valid string) []credential {
	list := []credential{
		{"no Authorization header", authorization("")},
		{"an unknown token", withToken("connectmock-no-token")},
		{"a token of dots", withToken("a.b.c")},
		{"the token cut short", withToken(valid[:len(valid)*3/4])},
		{"a letter after the token", withToken(valid + "A")},
		{"the token with an altered signature", withToken(alteredSignature(valid))},
	}
	head, claims, ok := readJWT(valid)
	if !ok {
		return list
	}
	parts := strings.Split(valid, ".")
	return append(list,
		credential{"the token without its signature", withToken(parts[0] + "." + parts[1] + ".")},
		credential{"the token's claims changed under its signature",
			withToken(parts[0] + "." + encodeJWTPart(withMember(claims, "iat", 1)) + "." + parts[2])},
		credential{"the token's claims expired under its signature",
			withToken(parts[0] + "." + encodeJWTPart(withMember(claims, "exp", 1)) + "." + parts[2])},
		credential{"the token re-encoded with algorithm none",
			withToken(encodeJWTPart(withMember(head, "alg", "none")) + "." + parts[1] + ".")},
		credential{"the token re-encoded with algorithm none, signature kept",
			withToken(encodeJWTPart(withMember(head, "alg", "none")) + "." + parts[1] + "." + parts[2])},
	)
}

// badSchemes returns invalid Authorization headers with a token.
func badSchemes(token string) []credential {
	return []credential{
		{"an empty Authorization header", header("Authorization", "")},
		{"a scheme without a token", authorization("Bearer")},
		{"a scheme and spaces", authorization("Bearer   ")},
		{"the token without a scheme", authorization(token)},
		{"the token under the scheme Basic", authorization("Basic " + token)},
		{"a user and a password", authorization("Basic " + base64.StdEncoding.EncodeToString([]byte("user:password")))},
		{"the scheme written to the token", authorization("Bearer" + token)},
	}
}

// alteredSignature returns a token with one bit of its signature changed, or with one
// letter changed if it is not a JWT.
func alteredSignature(token string) string {
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if _, _, ok := readJWT(token); ok && err == nil && len(signature) > 0 {
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

// readJWT returns the header and the claims of a JWT.
func readJWT(token string) (head, claims map[string]any, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, nil, false
	}
	for i, into := range []*map[string]any{&head, &claims} {
		data, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(data, into) != nil {
			return nil, nil, false
		}
	}
	return head, claims, true
}

// withMember returns a copy of an object with a member set.
func withMember(members map[string]any, name string, value any) map[string]any {
	copied := maps.Clone(members)
	copied[name] = value
	return copied
}

// encodeJWTPart returns an object as a part of a JWT.
func encodeJWTPart(members map[string]any) string {
	return base64.RawURLEncoding.EncodeToString([]byte(encodeJSON(members)))
}
