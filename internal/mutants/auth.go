package mutants

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

func authMutants() []Mutant {
	// instead uses the first valid token in place of a refused one that a condition holds for.
	instead := func(accepts func(k *tokens, header string) bool) func() behaviour {
		return rememberTokens(func(k *tokens, x *exchange) *response {
			a := x.forward()
			if a.status == 401 && accepts(k, x.r.Header.Get("Authorization")) {
				return k.retryAs(x, a, k.first)
			}
			return a
		})
	}
	answers401 := func(change func(x *exchange, a *response)) func() behaviour {
		return changeResponse(func(x *exchange, a *response) {
			if a.status == 401 {
				change(x, a)
			}
		})
	}
	bearer := func(header string) (string, bool) { return strings.CutPrefix(header, "Bearer ") }
	return []Mutant{
		{"accepts-no-header", "a request without a token is answered", Auth, securedOperations(), instead(func(_ *tokens, h string) bool { return h == "" })},
		{"accepts-any-token", "every token is good", Auth, securedOperations(), instead(func(_ *tokens, h string) bool { _, is := bearer(h); return is })},
		{"accepts-any-scheme", "a token is good under every scheme, and without one", Auth, securedOperations(), instead(func(k *tokens, h string) bool {
			return h != k.first && k.first != "" && strings.HasSuffix(h, strings.TrimPrefix(k.first, "Bearer "))
		})},
		{"accepts-empty-token", "an empty token is good", Auth, securedOperations(), instead(func(_ *tokens, h string) bool { return strings.TrimSpace(h) == "Bearer" })},
		{"accepts-any-signature", "the signature of a token is not looked at", Auth, securedOperations(), instead(func(k *tokens, h string) bool {
			t, _ := bearer(h)
			return claim(t, "jti") != nil && claim(t, "jti") == claim(strings.TrimPrefix(k.first, "Bearer "), "jti") && strings.Count(t, ".") == 2
		})},
		{"accepts-algorithm-none", "a token says itself that it needs no signature", Auth, securedOperations(), instead(func(_ *tokens, h string) bool {
			t, _ := bearer(h)
			head, _, _ := strings.Cut(t, ".")
			alg, _ := part(head)["alg"].(string)
			return strings.EqualFold(alg, "none")
		})},
		{"accepts-altered-claims", "the claims of a token may be changed under its signature", Auth, securedOperations(), instead(func(k *tokens, h string) bool {
			t, _ := bearer(h)
			good := k.first[strings.LastIndexByte(k.first, '.')+1:]
			return good != "" && strings.Count(t, ".") == 2 && strings.HasSuffix(t, "."+good)
		})},
		{"accepts-cut-token", "the beginning of a token is good", Auth, securedOperations(), instead(func(k *tokens, h string) bool {
			return len(h) > 20 && strings.HasPrefix(k.first, h)
		})},
		{"accepts-longer-token", "what follows a token is ignored", Auth, securedOperations(), instead(func(k *tokens, h string) bool {
			return k.first != "" && strings.HasPrefix(h, k.first)
		})},
		{"accepts-expired-token", "a token is good after its day", Auth, securedOperations(), instead(func(_ *tokens, h string) bool {
			t, _ := bearer(h)
			until, is := claim(t, "exp").(float64)
			return is && signed(t) && time.Unix(int64(until), 0).Before(time.Now())
		})},
		{"accepts-revoked-token", "a token is good after it was revoked", Auth, securedOperations(), instead(func(k *tokens, h string) bool {
			t, _ := bearer(h)
			_, limited := claim(t, "exp").(float64)
			jti := claim(t, "jti")
			return !limited && signed(t) && jti != nil && jti != claim(strings.TrimPrefix(k.first, "Bearer "), "jti")
		})},
		{"unauthorized-without-body", "a refused token is answered 401 without a body", Auth, securedOperations(), answers401(func(_ *exchange, a *response) { a.body = nil })},
		{"unauthorized-is-403", "a refused token is answered 403", Auth, securedOperations(), replaceStatus(401, 403)},
		{"unauthorized-is-400", "a refused token is answered 400", Auth, securedOperations(), replaceStatus(401, 400)},
		{"unauthorized-is-500", "a refused token is answered 500", Auth, securedOperations(), replaceStatus(401, 500)},
		{"unauthorized-is-404", "a refused token is answered 404, to hide what there is", Auth, securedOperations(), replaceStatus(401, 404)},
		{"unauthorized-is-html", "a refused token is answered by a page to sign in", Auth, securedOperations(), answers401(func(_ *exchange, a *response) {
			a.setBody("text/html; charset=utf-8", "<form>sign in</form>")
		})},
		{"unauthorized-redirects", "a refused token is sent elsewhere to sign in", Auth, securedOperations(), answers401(func(_ *exchange, a *response) {
			a.status, a.body = http.StatusFound, nil
			a.header.Set("Location", "/login")
		})},
		{"no-header-is-400", "a request without a token is answered 400", Auth, securedOperations(), answers401(func(x *exchange, a *response) {
			if x.r.Header.Get("Authorization") == "" {
				a.refuse(400, "no token")
			}
		})},
		{"unauthorized-text", "the message for a refused token says nothing of tokens", Auth, securedOperations(), answers401(func(_ *exchange, a *response) {
			a.changeObjects(func(m map[string]any) { m["message"] = "go away" })
		})},
		{"token-not-needed-for-the-log", "the log is shown to everybody", Auth, securedOperations(), rememberTokens(func(k *tokens, x *exchange) *response {
			a := x.forward()
			if a.status == 401 && x.op == getActivity {
				return k.retryAs(x, a, k.first)
			}
			return a
		})},
		{"token-not-needed-for-files", "the content of files is shown to everybody", Auth, securedOperations(), rememberTokens(func(k *tokens, x *exchange) *response {
			a := x.forward()
			if a.status == 401 && x.op == getContent {
				return k.retryAs(x, a, k.first)
			}
			return a
		})},
	}
}

// tokens has the valid tokens seen so far.
type tokens struct {
	first string // value of the Authorization header
	most  string // that of the token that sees the most vaults
	sees  int    // number of vaults that most sees
}

// rememberTokens returns a behaviour that remembers valid tokens.
func rememberTokens(b func(*tokens, *exchange) *response) func() behaviour {
	return func() behaviour {
		k := &tokens{}
		return func(x *exchange) *response {
			a := b(k, x)
			header := x.r.Header.Get("Authorization")
			if !a.isSuccess() || header == "" {
				return a
			}
			if k.first == "" {
				k.first = header
			}
			if x.op == listVaults && x.r.URL.RawQuery == "" {
				if v, ok := decode(a.body); ok && len(objects(v)) > k.sees {
					k.most, k.sees = header, len(objects(v))
				}
			}
			return a
		}
	}
}

// retryAs forwards a request with another token. Without one it returns a.
func (k *tokens) retryAs(x *exchange, a *response, header string) *response {
	if header == "" {
		return a
	}
	own := *x
	own.r = x.r.Clone(x.r.Context())
	own.r.Header.Set("Authorization", header)
	return own.forward()
}

// claim returns a claim of a JWT, nil if there is none.
func claim(token, name string) any {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	return part(parts[1])[name]
}

// signed reports whether a token is a JWT with a signature.
func signed(token string) bool {
	parts := strings.Split(token, ".")
	return len(parts) == 3 && len(parts[2]) > 20
}

// part decodes the JSON in a part of a JWT.
func part(text string) (members map[string]any) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(data, &members) != nil {
		return nil
	}
	return members
}
