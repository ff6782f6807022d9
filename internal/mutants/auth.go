package mutants

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// authMutants returns servers with mistakes in checking tokens.
func authMutants() []Mutant {
	// acceptIf sends a refused request again with the first valid token, if the header
	// meets a condition.
	acceptIf := func(accepts func(k *validTokens, header string) bool) func() behaviour {
		return rememberTokens(func(k *validTokens, x *exchange) *response {
			res := x.forward()
			if res.status == 401 && accepts(k, x.r.Header.Get("Authorization")) {
				return k.retryAs(x, res, k.first)
			}
			return res
		})
	}
	change401 := func(change func(x *exchange, res *response)) func() behaviour {
		return changeResponse(func(x *exchange, res *response) {
			if res.status == 401 {
				change(x, res)
			}
		})
	}
	bearer := func(header string) (string, bool) { return strings.CutPrefix(header, "Bearer ") }
	return []Mutant{
		{"accepts-no-header", "a request without a token is accepted", Auth, securedOperations(),
			acceptIf(func(_ *validTokens, h string) bool { return h == "" })},
		{"accepts-any-token", "every token is accepted", Auth, securedOperations(),
			acceptIf(func(_ *validTokens, h string) bool { _, is := bearer(h); return is })},
		{"accepts-any-scheme", "a token is accepted with every scheme, and without one", Auth, securedOperations(),
			acceptIf(func(k *validTokens, h string) bool {
				return h != k.first && k.first != "" && strings.HasSuffix(h, strings.TrimPrefix(k.first, "Bearer "))
			})},
		{"accepts-empty-token", "an empty token is accepted", Auth, securedOperations(),
			acceptIf(func(_ *validTokens, h string) bool { return strings.TrimSpace(h) == "Bearer" })},
		{"accepts-any-signature", "the signature of a token is not checked", Auth, securedOperations(),
			acceptIf(func(k *validTokens, h string) bool {
				t, _ := bearer(h)
				return jwtClaim(t, "jti") != nil &&
					jwtClaim(t, "jti") == jwtClaim(strings.TrimPrefix(k.first, "Bearer "), "jti") && strings.Count(t, ".") == 2
			})},
		{"accepts-algorithm-none", "a token with the algorithm none is accepted", Auth, securedOperations(),
			acceptIf(func(_ *validTokens, h string) bool {
				t, _ := bearer(h)
				head, _, _ := strings.Cut(t, ".")
				alg, _ := decodeJWTPart(head)["alg"].(string)
				return strings.EqualFold(alg, "none")
			})},
		{"accepts-altered-claims", "a token with changed claims is accepted", Auth, securedOperations(),
			acceptIf(func(k *validTokens, h string) bool {
				t, _ := bearer(h)
				good := k.first[strings.LastIndexByte(k.first, '.')+1:]
				return good != "" && strings.Count(t, ".") == 2 && strings.HasSuffix(t, "."+good)
			})},
		{"accepts-cut-token", "the beginning of a token is accepted", Auth, securedOperations(),
			acceptIf(func(k *validTokens, h string) bool {
				return len(h) > 20 && strings.HasPrefix(k.first, h)
			})},
		{"accepts-longer-token", "text after a token is ignored", Auth, securedOperations(),
			acceptIf(func(k *validTokens, h string) bool {
				return k.first != "" && strings.HasPrefix(h, k.first)
			})},
		{"accepts-expired-token", "an expired token is accepted", Auth, securedOperations(),
			acceptIf(func(_ *validTokens, h string) bool {
				t, _ := bearer(h)
				until, is := jwtClaim(t, "exp").(float64)
				return is && hasSignature(t) && time.Unix(int64(until), 0).Before(time.Now())
			})},
		{"accepts-future-token", "a token that is not valid yet is accepted", Auth, securedOperations(),
			acceptIf(func(_ *validTokens, h string) bool {
				t, _ := bearer(h)
				_, is := jwtClaim(t, "nbf").(float64)
				return is && hasSignature(t)
			})},
		{"accepts-revoked-token", "a revoked token is accepted", Auth, securedOperations(),
			acceptIf(func(k *validTokens, h string) bool {
				t, _ := bearer(h)
				_, limited := jwtClaim(t, "exp").(float64)
				jti := jwtClaim(t, "jti")
				return !limited && jwtClaim(t, "nbf") == nil && hasSignature(t) && jti != nil && jti != jwtClaim(strings.TrimPrefix(k.first, "Bearer "), "jti")
			})},
		{"unauthorized-without-body", "an invalid token returns 401 without a body", Auth, securedOperations(),
			change401(func(_ *exchange, res *response) { res.body = nil })},
		{"unauthorized-is-403", "an invalid token returns 403", Auth, securedOperations(), replaceStatus(401, 403)},
		{"unauthorized-is-400", "an invalid token returns 400", Auth, securedOperations(), replaceStatus(401, 400)},
		{"unauthorized-is-500", "an invalid token returns 500", Auth, securedOperations(), replaceStatus(401, 500)},
		{"unauthorized-is-404", "an invalid token returns 404, to hide what exists", Auth, securedOperations(),
			replaceStatus(401, 404)},
		{"unauthorized-is-html", "an invalid token returns a sign-in page", Auth, securedOperations(),
			change401(func(_ *exchange, res *response) {
				res.setBody("text/html; charset=utf-8", "<form>sign in</form>")
			})},
		{"unauthorized-redirects", "an invalid token is redirected to a sign-in page", Auth, securedOperations(),
			change401(func(_ *exchange, res *response) {
				res.status, res.body = http.StatusFound, nil
				res.header.Set("Location", "/login")
			})},
		{"no-header-is-400", "a request without a token returns 400", Auth, securedOperations(),
			change401(func(x *exchange, res *response) {
				if x.r.Header.Get("Authorization") == "" {
					res.setError(400, "no token")
				}
			})},
		{"unauthorized-text", "the message for an invalid token does not mention the token", Auth, securedOperations(),
			change401(func(_ *exchange, res *response) {
				res.changeObjects(func(m map[string]any) { m["message"] = "go away" })
			})},
		{"token-not-needed-for-the-log", "the log can be read without a token", Auth, securedOperations(),
			rememberTokens(func(k *validTokens, x *exchange) *response {
				res := x.forward()
				if res.status == 401 && x.op == getActivity {
					return k.retryAs(x, res, k.first)
				}
				return res
			})},
		{"token-not-needed-for-files", "the content of files can be read without a token", Auth, securedOperations(),
			rememberTokens(func(k *validTokens, x *exchange) *response {
				res := x.forward()
				if res.status == 401 && x.op == getContent {
					return k.retryAs(x, res, k.first)
				}
				return res
			})},
	}
}

// validTokens has the valid tokens that the server has received.
type validTokens struct {
	first  string // Authorization header with the first token
	widest string // Authorization header with the token that sees the most vaults
	vaults int    // number of vaults that widest sees
}

// rememberTokens returns a behaviour that records the valid tokens it receives.
func rememberTokens(b func(*validTokens, *exchange) *response) func() behaviour {
	return func() behaviour {
		k := &validTokens{}
		return func(x *exchange) *response {
			res := b(k, x)
			header := x.r.Header.Get("Authorization")
			if !res.isSuccess() || header == "" {
				return res
			}
			if k.first == "" {
				k.first = header
			}
			if x.op == listVaults && x.r.URL.RawQuery == "" {
				if v, ok := decodeJSON(res.body); ok && len(objects(v)) > k.vaults {
					k.widest, k.vaults = header, len(objects(v))
				}
			}
			return res
		}
	}
}

// retryAs forwards a request with another Authorization header. It returns res if
// header is empty.
func (k *validTokens) retryAs(x *exchange, res *response, header string) *response {
	if header == "" {
		return res
	}
	retry := *x
	retry.r = x.r.Clone(x.r.Context())
	retry.r.Header.Set("Authorization", header)
	return retry.forward()
}

// jwtClaim returns a claim of a JWT, nil if there is none.
func jwtClaim(token, name string) any {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	return decodeJWTPart(parts[1])[name]
}

// hasSignature reports whether a token is a JWT with a signature.
func hasSignature(token string) bool {
	parts := strings.Split(token, ".")
	return len(parts) == 3 && len(parts[2]) > 20
}

// decodeJWTPart returns the object in a part of a JWT, nil if it is invalid.
func decodeJWTPart(text string) (members map[string]any) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(data, &members) != nil {
		return nil
	}
	return members
}
