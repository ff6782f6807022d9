package contract

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/openapi"
	"github.com/onsi/gomega"
)

func authRules() []rule {
	list := []rule{
		{Rule{ID: "auth/good-token", Tag: "Auth", Level: Must, Evidence: "[D] published document",
			Text: "The token the run was given is accepted", Operations: []string{"GetVaults"}},
			func(s *session) { s.do("GetVaults").expect(http.StatusOK) }},
		{Rule{ID: "auth/text", Tag: "Auth", Level: Observed, Evidence: "[R] terraform issue 24, connect issue 54; [D] the published document has `Invalid token signature`",
			Text: "A token with a wrong signature is refused as `Invalid bearer token`", Operations: []string{"GetVaults"}},
			func(s *session) {
				s.do("GetVaults", as(alteredSignature(s.run.target.Token))).refused(http.StatusUnauthorized, `^Invalid (bearer token|token signature)$`)
			}},
		{Rule{ID: "auth/token-stays-private", Tag: "Auth", Level: Should, Evidence: "[G] a refused token may be a good one elsewhere, and messages end up in logs",
			Text: "A refusal does not repeat the token", Operations: []string{"GetVaults"}},
			func(s *session) {
				const token = "connectmock-token-that-is-none"
				a := s.do("GetVaults", as(token))
				s.Expect(a.refused(http.StatusUnauthorized, "")).NotTo(gomega.ContainSubstring(token), "message of the refusal")
			}},
		{Rule{ID: "auth/refused-tokens", Tag: "Auth", Level: Must, Evidence: "[R] terraform issue 24 for expired ones; [D] tokens are for one server and can be revoked",
			Text: "Expired, revoked and other servers' tokens are refused with 401", Needs: []Capability{Refused}, Operations: []string{"GetVaults"}},
			func(s *session) {
				for _, token := range s.run.target.RefusedTokens {
					for _, op := range operations(func(op *openapi.Operation) bool { return op.Secured && !writes(op) }) {
						s.do(op.ID, append(s.anywhere(op), as(token))...).refused(http.StatusUnauthorized, "")
					}
				}
			}},
	}
	for _, op := range operations(func(op *openapi.Operation) bool { return op.Secured }) {
		list = append(list,
			rule{Rule{ID: "auth/bad-token/" + op.ID, Tag: "Auth", Level: Must, Evidence: "[D] tokens are signed with ES256, requests without one are rejected; [R] terraform issue 24",
				Text: op.ID + " refuses a missing, malformed, cut, altered or unsigned token with 401", Operations: []string{op.ID}},
				func(s *session) { s.refuses(op, badTokens(s.run.target.Token)) }},
			rule{Rule{ID: "auth/bad-scheme/" + op.ID, Tag: "Auth", Level: Should, Evidence: "[D] the scheme is Bearer; [G] that nothing else will do",
				Text: op.ID + " refuses an Authorization header of another form with 401", Operations: []string{op.ID}},
				func(s *session) {
					token := s.run.target.Token
					if writes(op) {
						token = alteredSignature(token) // a server that took it would write
					}
					s.refuses(op, badSchemes(token))
				}})
	}
	return list
}

// credential is an invalid value of the Authorization header.
type credential struct {
	name string
	send option
}

func (s *session) refuses(op *openapi.Operation, credentials []credential) {
	for _, c := range credentials {
		a := s.do(op.ID, append(s.anywhere(op), c.send)...)
		a.what += " with " + c.name
		a.refused(http.StatusUnauthorized, "")
	}
}

// anywhere addresses an object that exists for reads, and one that does not for
// writes.
func (s *session) anywhere(op *openapi.Operation) []option {
	if writes(op) {
		return []option{vault(noVault), item(noItem), acceptable(op, noVault, s.unique("refused"))}
	}
	return []option{vault(s.someVault()), item(s.someItem()), file(noFile)}
}

// badTokens returns invalid tokens made from a valid one. For a token that is not
// a JWT it leaves out those that need one.
func badTokens(good string) []credential {
	list := []credential{
		{"no Authorization header", authorization("")},
		{"a token that is none", as("connectmock-no-token")},
		{"a token of dots", as("a.b.c")},
		{"the token cut short", as(good[:len(good)*3/4])},
		{"a letter after the token", as(good + "A")},
		{"the token with an altered signature", as(alteredSignature(good))},
	}
	head, claims, ok := readJWT(good)
	if !ok {
		return list
	}
	parts := strings.Split(good, ".")
	return append(list,
		credential{"the token without its signature", as(parts[0] + "." + parts[1] + ".")},
		credential{"the token's claims changed under its signature", as(parts[0] + "." + encode(changed(claims, "iat", 1)) + "." + parts[2])},
		credential{"the token's claims expired under its signature", as(parts[0] + "." + encode(changed(claims, "exp", 1)) + "." + parts[2])},
		credential{"the token re-encoded with algorithm none", as(encode(changed(head, "alg", "none")) + "." + parts[1] + ".")},
		credential{"the token re-encoded with algorithm none, signature kept", as(encode(changed(head, "alg", "none")) + "." + parts[1] + "." + parts[2])},
	)
}

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

// alteredSignature returns the token with one bit of its signature changed, or one
// letter of a token that is not a JWT.
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

func changed(members map[string]any, name string, value any) map[string]any {
	copied := map[string]any{}
	for k, v := range members {
		copied[k] = v
	}
	copied[name] = value
	return copied
}

func encode(members map[string]any) string {
	data, err := json.Marshal(members)
	if err != nil {
		panic(infraError{err})
	}
	return base64.RawURLEncoding.EncodeToString(data)
}
