package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

// setup returns an Authenticator at noon that knows token() and the plain token "open".
func setup(t testing.TB) (a *Authenticator, tokens *memory, signed string) {
	t.Helper()
	tokens = &memory{}
	plain := token()
	plain.ID, plain.Hash = "plainaaaaaaaaaaaaaaaaaaaaa", HashPlain("open")
	tokens.put(token(), plain)
	k := key(t, 1)
	a = New(Config{Key: k, Tokens: tokens, Now: func(string) time.Time { return noon }})
	signed, err := k.Sign(token())
	if err != nil {
		t.Fatal(err)
	}
	return a, tokens, signed
}

func TestAuthenticate_AcceptsValidTokens(t *testing.T) {
	t.Parallel()
	a, _, signed := setup(t)
	for _, header := range []string{
		"Bearer " + signed, "bearer " + signed, "BEARER " + signed, "bEaReR " + signed,
		"Bearer   " + signed, "  Bearer " + signed + "  ", "Bearer\t" + signed,
		"Authorization: Bearer " + signed, "Bearer Bearer " + signed, "authorization:\tBEARER\t" + signed,
		"Bearer nonsense Bearer " + signed,
		"Bearer " + forge(t, key(t, 1), jwt.SigningMethodES256, nil),
		"Bearer " + forge(t, key(t, 1), jwt.SigningMethodES256, func(header, claims map[string]any) {
			delete(header, "typ")
			claims["aud"] = "com.1password.connect" // one audience need not be a list
			claims["unknown"] = map[string]any{"a": 1}
		}),
	} {
		caller, err := a.Authenticate(t.Context(), header)
		if err != nil {
			t.Errorf("%.12s: %v", header, err)
			continue
		}
		if diff := cmp.Diff(token(), caller.Token); diff != "" {
			t.Errorf("%.12s (-want +got)\n%s", header, diff)
		}
	}
	caller, err := a.Authenticate(t.Context(), "Bearer open")
	if err != nil || caller.Token.ID != "plainaaaaaaaaaaaaaaaaaaaaa" || !caller.Can(private, connect.Write) {
		t.Errorf("plain: %+v, %v", caller, err)
	}
}

func TestAuthenticate_RefusesInvalidTokens(t *testing.T) {
	t.Parallel()
	es256 := jwt.SigningMethodES256
	with := func(change func(claims map[string]any)) string {
		return "Bearer " + forge(t, key(t, 1), es256, func(_, claims map[string]any) { change(claims) })
	}
	_, _, signed := setup(t)
	head, payload, signature := split(signed)
	otherHead, _, _ := split(forge(t, key(t, 1), es256, func(header, _ map[string]any) { header["alg"] = "none" }))
	noAlg, _, _ := split(forge(t, key(t, 1), es256, func(header, _ map[string]any) { delete(header, "alg") }))
	unheardOf, _, _ := split(forge(t, key(t, 1), es256, func(header, _ map[string]any) { header["alg"] = "ES256K" }))

	tests := []struct{ name, header, reason string }{
		{"no header", "", NoHeader},
		{"blank header", "  ", NoHeader},
		{"basic", "Basic c2VjcmV0OnNlY3JldA==", OtherScheme},
		{"no scheme", signed, OtherScheme},
		{"scheme that starts so", "BearerToken " + signed, OtherScheme},
		{"scheme with a colon", "Bearer: " + signed, OtherScheme},
		{"no token", "Bearer", NoToken},
		{"blank token", "Bearer   ", NoToken},
		{"no token after the name of the header", "Authorization: Bearer ", NoToken},
		{"no token after the last scheme", "Bearer " + signed + " Bearer", NoToken},
		{"the name of the header without a scheme", "Authorization: " + signed, OtherScheme},
		{"two words", "Bearer " + signed + " " + signed, Malformed},
		{"two plain words", "Bearer open open", Malformed},
		{"unknown plain", "Bearer secretsecret", Unknown},
		{"plain in another case", "Bearer Open", Unknown},
		{"the hash of a plain", "Bearer " + HashPlain("open"), Unknown},
		{"two parts", "Bearer " + head + "." + payload, Malformed},
		{"four parts", "Bearer " + signed + ".more", Malformed},
		{"only dots", "Bearer ..", Malformed},
		{"not base64", "Bearer " + head + ".*." + signature, Malformed},
		{"not JSON", "Bearer " + head + ".bm90IEpTT04." + signature, Malformed},
		{"padded", "Bearer " + signed + "==", Malformed},
		{"unused bits of the last letter", "Bearer " + signed[:len(signed)-1] + string(signed[len(signed)-1]+1), Malformed},
		{"in double quotes", `Bearer "` + signed + `"`, Malformed},
		{"cut short", "Bearer " + signed[:len(signed)-8], Malformed},
		{"cut where it can be decoded", "Bearer " + signed[:len(signed)-6], Malformed},
		{"no signature", "Bearer " + head + "." + payload + ".", Malformed},
		{"another's signature", "Bearer " + forge(t, key(t, 2), es256, nil), WrongSignature},
		{"another's payload", with(func(c map[string]any) { c["jti"] = "other" })[:len("Bearer ")] + head + "." + payload + "." + last(forge(t, key(t, 1), es256, nil)), WrongSignature},
		{"none", "Bearer " + forge(t, key(t, 1), jwt.SigningMethodNone, nil), otherAlgorithm},
		{"none with a signature", "Bearer " + otherHead + "." + payload + "." + signature, otherAlgorithm},
		{"algorithm not said", "Bearer " + noAlg + "." + payload + "." + signature, otherAlgorithm},
		{"algorithm nobody knows", "Bearer " + unheardOf + "." + payload + "." + signature, otherAlgorithm},
		{"HS256 with the public key", "Bearer " + forge(t, key(t, 1), jwt.SigningMethodHS256, nil), otherAlgorithm},
		{"ES384", "Bearer " + forge(t, key(t, 1), jwt.SigningMethodES384, nil), otherAlgorithm},
		{"another audience", with(func(c map[string]any) { c["aud"] = []string{"com.1password.events"} }), otherAudience},
		{"audience of old servers", with(func(c map[string]any) { c["aud"] = []string{"com.1password.secretservice"} }), otherAudience},
		{"no audience", with(func(c map[string]any) { delete(c, "aud") }), Malformed},
		{"another issuer", with(func(c map[string]any) { c["iss"] = "com.example" }), otherIssuer},
		{"expired", with(func(c map[string]any) { c["exp"] = noon.Unix() }), Expired},
		{"expired long ago", with(func(c map[string]any) { c["exp"] = 1 }), Expired},
		{"expiry is a text", with(func(c map[string]any) { c["exp"] = "tomorrow" }), Malformed},
		{"not yet valid", with(func(c map[string]any) { c["nbf"] = noon.Unix() + 1 }), NotYetValid},
		{"unknown", with(func(c map[string]any) { c["jti"] = "nobodyaaaaaaaaaaaaaaaaaaaa" }), Unknown},
		{"id of a plain one", with(func(c map[string]any) { c["jti"] = "plainaaaaaaaaaaaaaaaaaaaaa" }), Unknown},
		{"no id", with(func(c map[string]any) { delete(c, "jti") }), Malformed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a, _, _ := setup(t)
			for range 2 { // the second time is like the first
				caller, err := a.Authenticate(t.Context(), test.header)
				if caller != nil {
					t.Errorf("let in as %+v", caller.Token)
				}
				checkRefused(t, err, test.reason, test.header)
			}
		})
	}
}

func split(raw string) (head, payload, signature string) {
	parts := strings.SplitN(raw, ".", 3)
	return parts[0], parts[1], parts[2]
}

func last(raw string) string { _, _, s := split(raw); return s }

// The times are those of the stored token, signed or plain, at the first use and at later ones.
func TestAuthenticate_ChecksTimes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*Token)
		now    time.Time
		reason string // "": let in
	}{
		{"no times", func(t *Token) { t.NotBefore, t.ExpiresAt = time.Time{}, time.Time{} }, noon.AddDate(100, 0, 0), ""},
		{"the last moment", func(*Token) {}, noon.Add(time.Hour - 1), ""},
		{"too late", func(*Token) {}, noon.Add(time.Hour), Expired},
		{"the first moment", func(*Token) {}, noon.Add(-time.Hour), ""},
		{"too early", func(*Token) {}, noon.Add(-time.Hour - 1), NotYetValid},
		{"expires within a second", func(t *Token) { t.ExpiresAt = noon.Add(time.Millisecond) }, noon, ""},
		{"has expired within the second", func(t *Token) { t.ExpiresAt = noon.Add(-time.Millisecond) }, noon, Expired},
		{"revoked", func(t *Token) { t.RevokedAt = noon.Add(-time.Minute) }, noon, Revoked},
		{"revoked by a clock ahead", func(t *Token) { t.RevokedAt = noon.Add(time.Minute) }, noon, Revoked},
	}
	for _, test := range tests {
		for _, kind := range []string{"signed", "plain"} {
			t.Run(test.name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				k, tok := key(t, 1), token()
				test.change(&tok)
				raw, err := k.Sign(tok)
				if err != nil {
					t.Fatal(err)
				}
				if kind == "plain" {
					raw, tok.Hash = "open", HashPlain("open")
				}
				tokens := &memory{tokens: []Token{tok}}
				a := New(Config{Key: k, Tokens: tokens, Now: func(string) time.Time { return test.now }})
				for range 2 {
					_, err := a.Authenticate(t.Context(), "Bearer "+raw)
					if test.reason == "" && err != nil {
						t.Error(err)
					} else if test.reason != "" {
						checkRefused(t, err, test.reason, raw)
					}
				}
			})
		}
	}
}

func TestAuthenticate_DistinguishesFailedLookupsFromRefusals(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"Bearer open", ""} {
		a, tokens, signed := setup(t)
		if header == "" {
			header = "Bearer " + signed
		}
		broken := errors.New("disk on fire")
		tokens.fail = broken
		_, err := a.Authenticate(t.Context(), header)
		var refusal *Refusal
		if !errors.Is(err, broken) || errors.As(err, &refusal) {
			t.Errorf("got %v, want the failure itself", err)
		}
		tokens.fail = nil
		if _, err := a.Authenticate(t.Context(), header); err != nil {
			t.Errorf("the failure was cached: %v", err)
		}
	}
}

func TestAuthenticate_RefusesSignedTokensWithoutAKey(t *testing.T) {
	t.Parallel()
	_, tokens, signed := setup(t)
	a := New(Config{Tokens: tokens, Now: func(string) time.Time { return noon }})
	_, err := a.Authenticate(t.Context(), "Bearer "+signed)
	checkRefused(t, err, Unknown, signed)
	if _, err := a.Authenticate(t.Context(), "Bearer open"); err != nil {
		t.Error(err)
	}
}

// People use a JWT that they have as a plain token.
func TestAuthenticate_AcceptsAPlainTokenThatIsAJWT(t *testing.T) {
	t.Parallel()
	pasted := forge(t, key(t, 9), jwt.SigningMethodES256, nil)
	tok := token()
	tok.Hash = HashPlain(pasted)
	a := New(Config{Key: key(t, 1), Tokens: &memory{tokens: []Token{tok}}, Now: func(string) time.Time { return noon }})
	if _, err := a.Authenticate(t.Context(), "Bearer "+pasted); err != nil {
		t.Error(err)
	}
}

func TestState_FollowsTheClock(t *testing.T) {
	t.Parallel()
	for want, tok := range map[string]Token{
		"active":        {ExpiresAt: noon.Add(1), NotBefore: noon},
		"expired":       {ExpiresAt: noon},
		"not yet valid": {NotBefore: noon.Add(1)},
		"revoked":       {RevokedAt: noon, ExpiresAt: noon},
	} {
		if got := tok.State(noon); got != want {
			t.Errorf("%+v is %s, want %s", tok, got, want)
		}
	}
}

// A changed token with frozen claims keeps its value, and the change is effective.
func TestSign_KeepsTheValueOfAChangedToken(t *testing.T) {
	t.Parallel()
	k, tok := key(t, 1), token()
	before, err := k.Sign(tok)
	if err != nil {
		t.Fatal(err)
	}
	tok.FrozenClaims = &FrozenClaims{Vaults: tok.Vaults, ExpiresAt: tok.ExpiresAt}
	tok.Vaults, tok.All, tok.ExpiresAt = nil, connect.Read, noon.Add(2*time.Hour)
	if after, err := k.Sign(tok); err != nil || after != before {
		t.Errorf("the value is another one (error %v)", err)
	}
	now := noon.Add(90 * time.Minute) // after the end that was signed
	a := New(Config{Key: k, Tokens: &memory{tokens: []Token{tok}}, Now: func(string) time.Time { return now }})
	caller, err := a.Authenticate(t.Context(), "Bearer "+before)
	if err != nil {
		t.Fatal(err)
	}
	if !caller.Can("another", connect.Read) || caller.Can(private, connect.Write) {
		t.Errorf("let in as %+v", caller.Token)
	}
	now = noon.Add(2 * time.Hour)
	_, err = a.Authenticate(t.Context(), "Bearer "+before)
	checkRefused(t, err, Expired, before)
}
