package mutants

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

func authDefects() []Mutant {
	// instead takes the first good token for those that a condition holds for.
	instead := func(accepts func(k *keys, header string) bool) func() behaviour {
		return withKeys(func(k *keys, x *exchange) *answer {
			a := x.pass()
			if a.status == 401 && accepts(k, x.r.Header.Get("Authorization")) {
				return k.again(x, a, k.first)
			}
			return a
		})
	}
	answers401 := func(change func(x *exchange, a *answer)) func() behaviour {
		return then(func(x *exchange, a *answer) {
			if a.status == 401 {
				change(x, a)
			}
		})
	}
	bearer := func(header string) (string, bool) { return strings.CutPrefix(header, "Bearer ") }
	return []Mutant{
		{"accepts-no-header", "a request without a token is answered", Auth, secured(), instead(func(_ *keys, h string) bool { return h == "" })},
		{"accepts-any-token", "every token is good", Auth, secured(), instead(func(_ *keys, h string) bool { _, is := bearer(h); return is })},
		{"accepts-any-scheme", "a token is good under every scheme, and without one", Auth, secured(), instead(func(k *keys, h string) bool {
			return h != k.first && k.first != "" && strings.HasSuffix(h, strings.TrimPrefix(k.first, "Bearer "))
		})},
		{"accepts-empty-token", "an empty token is good", Auth, secured(), instead(func(_ *keys, h string) bool { return strings.TrimSpace(h) == "Bearer" })},
		{"accepts-any-signature", "the signature of a token is not looked at", Auth, secured(), instead(func(k *keys, h string) bool {
			t, _ := bearer(h)
			return claim(t, "jti") != nil && claim(t, "jti") == claim(strings.TrimPrefix(k.first, "Bearer "), "jti") && strings.Count(t, ".") == 2
		})},
		{"accepts-algorithm-none", "a token says itself that it needs no signature", Auth, secured(), instead(func(_ *keys, h string) bool {
			t, _ := bearer(h)
			head, _, _ := strings.Cut(t, ".")
			alg, _ := part(head)["alg"].(string)
			return strings.EqualFold(alg, "none")
		})},
		{"accepts-altered-claims", "the claims of a token may be changed under its signature", Auth, secured(), instead(func(k *keys, h string) bool {
			t, _ := bearer(h)
			good := k.first[strings.LastIndexByte(k.first, '.')+1:]
			return good != "" && strings.Count(t, ".") == 2 && strings.HasSuffix(t, "."+good)
		})},
		{"accepts-cut-token", "the beginning of a token is good", Auth, secured(), instead(func(k *keys, h string) bool {
			return len(h) > 20 && strings.HasPrefix(k.first, h)
		})},
		{"accepts-longer-token", "what follows a token is ignored", Auth, secured(), instead(func(k *keys, h string) bool {
			return k.first != "" && strings.HasPrefix(h, k.first)
		})},
		{"accepts-expired-token", "a token is good after its day", Auth, secured(), instead(func(_ *keys, h string) bool {
			t, _ := bearer(h)
			until, is := claim(t, "exp").(float64)
			return is && signed(t) && time.Unix(int64(until), 0).Before(time.Now())
		})},
		{"accepts-revoked-token", "a token is good after it was revoked", Auth, secured(), instead(func(k *keys, h string) bool {
			t, _ := bearer(h)
			_, limited := claim(t, "exp").(float64)
			jti := claim(t, "jti")
			return !limited && signed(t) && jti != nil && jti != claim(strings.TrimPrefix(k.first, "Bearer "), "jti")
		})},
		{"unauthorized-without-body", "a refused token is answered 401 without a body", Auth, secured(), answers401(func(_ *exchange, a *answer) { a.body = nil })},
		{"unauthorized-is-403", "a refused token is answered 403", Auth, secured(), turn(401, 403)},
		{"unauthorized-is-400", "a refused token is answered 400", Auth, secured(), turn(401, 400)},
		{"unauthorized-is-500", "a refused token is answered 500", Auth, secured(), turn(401, 500)},
		{"unauthorized-is-404", "a refused token is answered 404, to hide what there is", Auth, secured(), turn(401, 404)},
		{"unauthorized-is-html", "a refused token is answered by a page to sign in", Auth, secured(), answers401(func(_ *exchange, a *answer) {
			a.text("text/html; charset=utf-8", "<form>sign in</form>")
		})},
		{"unauthorized-redirects", "a refused token is sent elsewhere to sign in", Auth, secured(), answers401(func(_ *exchange, a *answer) {
			a.status, a.body = http.StatusFound, nil
			a.header.Set("Location", "/login")
		})},
		{"no-header-is-400", "a request without a token is answered 400", Auth, secured(), answers401(func(x *exchange, a *answer) {
			if x.r.Header.Get("Authorization") == "" {
				a.refuse(400, "no token")
			}
		})},
		{"unauthorized-text", "the message for a refused token says nothing of tokens", Auth, secured(), answers401(func(_ *exchange, a *answer) {
			a.members(func(m map[string]any) { m["message"] = "go away" })
		})},
		{"token-not-needed-for-the-log", "the log is shown to everybody", Auth, secured(), withKeys(func(k *keys, x *exchange) *answer {
			a := x.pass()
			if a.status == 401 && x.op == getActivity {
				return k.again(x, a, k.first)
			}
			return a
		})},
		{"token-not-needed-for-files", "the content of files is shown to everybody", Auth, secured(), withKeys(func(k *keys, x *exchange) *answer {
			a := x.pass()
			if a.status == 401 && x.op == getContent {
				return k.again(x, a, k.first)
			}
			return a
		})},
	}
}

// keys are the tokens that were seen to be good.
type keys struct {
	first string // value of the Authorization header
	most  string // that of the token that sees most vaults
	sees  int
}

// withKeys is a behaviour that remembers good tokens.
func withKeys(b func(*keys, *exchange) *answer) func() behaviour {
	return func() behaviour {
		k := &keys{}
		return func(x *exchange) *answer {
			a := b(k, x)
			header := x.r.Header.Get("Authorization")
			if !a.ok() || header == "" {
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

// again passes a request on with another token, if there is one.
func (k *keys) again(x *exchange, a *answer, header string) *answer {
	if header == "" {
		return a
	}
	own := *x
	own.r = x.r.Clone(x.r.Context())
	own.r.Header.Set("Authorization", header)
	return own.pass()
}

// claim is a claim of a JWT, nil where there is none.
func claim(token, name string) any {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	return part(parts[1])[name]
}

func signed(token string) bool {
	parts := strings.Split(token, ".")
	return len(parts) == 3 && len(parts[2]) > 20
}

func part(text string) (members map[string]any) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(data, &members) != nil {
		return nil
	}
	return members
}
