package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// An Authenticator with a cache returns what a new one returns, while the clock moves and tokens change.
func TestAuthenticate_ReturnsTheSameWithACache(t *testing.T) {
	t.Parallel()
	k := key(t, 1)
	at := rapid.Custom(func(t *rapid.T) time.Time {
		seconds := rapid.IntRange(0, 6).Draw(t, "half seconds")
		if seconds == 0 {
			return time.Time{}
		}
		return noon.Add(time.Duration(seconds) * time.Second / 2)
	})
	draw := func(t *rapid.T) Token {
		return Token{ID: tokenID, Account: account, NotBefore: at.Draw(t, "nbf"), ExpiresAt: at.Draw(t, "exp"),
			All: rapid.SampledFrom([]connect.Permission{connect.Read, connect.ReadWrite}).Draw(t, "all")}
	}
	rapid.Check(t, func(t *rapid.T) {
		now, tokens := noon, &memory{}
		config := Config{Key: k, Tokens: tokens, Now: func(string) time.Time { return now }}
		cached := New(config)
		first := draw(t)
		tokens.put(first)
		raw, err := k.Sign(first)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 10).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				now = at.Draw(t, "now")
			case 1:
				tokens.put(draw(t))
				cached.Forget(tokenID)
			case 2:
				tokens.put()
				cached.Clear()
			}
			got, gotErr := cached.Authenticate(t.Context(), "Bearer "+raw)
			want, wantErr := New(config).Authenticate(t.Context(), "Bearer "+raw)
			if (gotErr == nil) != (wantErr == nil) || gotErr == nil && !cmp.Equal(got.Token, want.Token) {
				t.Fatalf("got %v, %v, want %v, %v", got, gotErr, want, wantErr)
			}
		}
	})
}

func FuzzAuthenticate(f *testing.F) {
	a, _, signed := setup(f)
	for _, header := range []string{"", "Bearer ", "Bearer open", "bearer\topen ", "Basic open", "Bearer " + signed, "Bearer a.b.c", "Bearer ."} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		caller, err := a.Authenticate(t.Context(), header)
		var refusal *Refusal
		if err != nil && (!errors.As(err, &refusal) || caller != nil) {
			t.Errorf("not a refusal: %v", err)
		}
		value := strings.Trim(header, " \t")
		if err == nil && !strings.HasSuffix(value, "open") && !strings.Contains(value, signed[:strings.LastIndex(signed, ".")]) {
			t.Errorf("let in: %q", header)
		}
	})
}
