package auth

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Header and claims are compared with the recorded structure, member by member.
func TestSign_HasTheClaimsOfARealToken(t *testing.T) {
	t.Parallel()
	k := key(t, 1)
	raw, err := k.Sign(token())
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	parts := strings.Split(raw, ".")
	for _, part := range parts[:2] {
		text, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(text))
	}
	want := []string{
		`{"alg":"ES256","kid":"` + k.ID() + `","typ":"JWT"}`,
		`{"1password.com/auuid":"ACCOUNTAAAAAAAAAAAAAAAAAAA","1password.com/token":"` + mark(t, got[1]) + `",` +
			`"1password.com/fts":["vaultaccess"],` +
			`"1password.com/vts":[{"u":"privateaaaaaaaaaaaaaaaaaaa","a":496},{"u":"sharedaaaaaaaaaaaaaaaaaaaa","a":48}],` +
			`"aud":["com.1password.connect"],"sub":"SERVERAAAAAAAAAAAAAAAAAAAA","exp":1774098000,"iat":1774090800,` +
			`"nbf":1774090800,"iss":"com.1password.b5","jti":"tokenaaaaaaaaaaaaaaaaaaaaa"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(parts) != 3 || len(parts[2]) != 86 {
		t.Errorf("the signature is not 64 bytes: %s", parts[2])
	}
}

// mark is the one claim whose text does not matter: it has 32 characters.
func mark(t *testing.T, claims string) string {
	t.Helper()
	_, rest, _ := strings.Cut(claims, `"1password.com/token":"`)
	mark, _, _ := strings.Cut(rest, `"`)
	if len(mark) != 32 {
		t.Errorf("1password.com/token is %q", mark)
	}
	return mark
}

func TestSign_OmitsClaimsThatAreNotSet(t *testing.T) {
	t.Parallel()
	k := key(t, 1)
	tests := []struct {
		name   string
		change func(*Token)
		has    map[string]any // nil: absent
	}{
		{"no times", func(t *Token) { t.IssuedAt, t.NotBefore, t.ExpiresAt = time.Time{}, time.Time{}, time.Time{} },
			map[string]any{"iat": nil, "nbf": nil, "exp": nil}},
		{"half seconds", func(t *Token) {
			t.NotBefore, t.ExpiresAt = time.Unix(10, 5e8), time.Unix(20, 5e8)
		}, map[string]any{"nbf": 10.0, "exp": 21.0}},
		{"no vaults", func(t *Token) { t.Vaults = nil }, map[string]any{"1password.com/vts": []any{}}},
		{"all vaults", func(t *Token) { t.Vaults, t.All = map[string]connect.Permission{shared: connect.Read}, connect.Write },
			map[string]any{"1password.com/vts": []any{map[string]any{"u": shared, "a": 496.0}}}},
		{"one vault in two cases", func(t *Token) {
			t.Vaults = map[string]connect.Permission{strings.ToUpper(shared): connect.Read, shared: connect.Write}
		}, map[string]any{"1password.com/vts": []any{map[string]any{"u": shared, "a": 496.0}}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tok := token()
			test.change(&tok)
			raw, err := k.Sign(tok)
			if err != nil {
				t.Fatal(err)
			}
			claims := jwt.MapClaims{}
			if _, _, err := jwt.NewParser().ParseUnverified(raw, claims); err != nil {
				t.Fatal(err)
			}
			for name, want := range test.has {
				if diff := cmp.Diff(want, claims[name]); diff != "" {
					t.Errorf("%s (-want +got)\n%s", name, diff)
				}
			}
		})
	}
}

func TestVerify_AcceptsSignedTokens(t *testing.T) {
	t.Parallel()
	k, other := key(t, 1), key(t, 2)
	id := rapid.StringMatching(`[a-z0-9]{26}`)
	vaults := rapid.MapOfN(id, rapid.SampledFrom([]connect.Permission{connect.Read, connect.Write, connect.ReadWrite}), 0, 5)
	rapid.Check(t, func(t *rapid.T) {
		tok := Token{ID: id.Draw(t, "id"), Account: account, Server: server, Vaults: vaults.Draw(t, "vaults")}
		raw, err := k.Sign(tok)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := k.Sign(tok); err != nil || again != raw {
			t.Fatalf("signed again it is another string (%v)", err)
		}
		if jti, err := k.Verify(raw); err != nil || jti != tok.ID {
			t.Fatalf("verified as %q: %v", jti, err)
		}
		var refusal *Refusal
		if _, err := other.Verify(raw); !errors.As(err, &refusal) || refusal.Reason != WrongSignature {
			t.Fatalf("by another key: %v", err)
		}
		// One letter changed anywhere is never let pass.
		at := rapid.IntRange(0, len(raw)-1).Draw(t, "at")
		with := rapid.SampledFrom(strings.Split("A B z _ - . 9", " ")).Draw(t, "with")
		if changed := raw[:at] + with + raw[at+1:]; changed != raw {
			if jti, err := k.Verify(changed); err == nil {
				t.Fatalf("letter %d changed to %s verifies as %q", at, with, jti)
			}
		}
	})
}

func FuzzVerify(f *testing.F) {
	k := key(f, 1)
	good, err := k.Sign(token())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(forge(f, k, jwt.SigningMethodNone, nil))
	f.Add(forge(f, k, jwt.SigningMethodHS256, nil))
	f.Add(forge(f, key(f, 2), jwt.SigningMethodES256, nil))
	f.Add("e30.bnVsbA.")
	f.Add("..")
	f.Fuzz(func(t *testing.T, raw string) {
		jti, err := k.Verify(raw)
		if err == nil {
			signed := func(s string) string { return s[:strings.LastIndex(s, ".")] }
			if signed(raw) != signed(good) {
				t.Errorf("nobody signed what verifies as %q", jti)
			}
			return
		}
		var refusal *Refusal
		if !errors.As(err, &refusal) {
			t.Errorf("not a refusal: %v", err)
		}
	})
}

func BenchmarkSign(b *testing.B) {
	k := key(b, 1)
	for b.Loop() {
		if _, err := k.Sign(token()); err != nil {
			b.Fatal(err)
		}
	}
}
