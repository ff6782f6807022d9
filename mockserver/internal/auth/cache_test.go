package auth

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

func TestAuthenticate_LooksUpACachedTokenOnlyOnce(t *testing.T) {
	t.Parallel()
	a, tokens, signed := setup(t)
	for _, raw := range []string{signed, "open"} {
		first, err := a.Authenticate(t.Context(), "Bearer "+raw)
		if err != nil {
			t.Fatal(err)
		}
		before := tokens.lookups()
		second, err := a.Authenticate(t.Context(), "bearer  "+raw)
		if err != nil || second != first || tokens.lookups() != before {
			t.Errorf("looked up again: %v, %d look-ups", err, tokens.lookups()-before)
		}
	}
}

func TestForget_RemovesTokensFromTheCache(t *testing.T) {
	t.Parallel()
	revoked := token()
	revoked.RevokedAt = noon
	drops := map[string]func(*Authenticator){
		"forget": func(a *Authenticator) { a.Forget(tokenID) },
		"flush":  (*Authenticator).Clear,
	}
	for name, drop := range drops {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, tokens, signed := setup(t)
			if _, err := a.Authenticate(t.Context(), "Bearer "+signed); err != nil {
				t.Fatal(err)
			}
			tokens.put(revoked)
			drop(a)
			_, err := a.Authenticate(t.Context(), "Bearer "+signed)
			checkRefused(t, err, Revoked, signed)
		})
	}
	t.Run("another", func(t *testing.T) {
		t.Parallel()
		a, tokens, signed := setup(t)
		if _, err := a.Authenticate(t.Context(), "Bearer "+signed); err != nil {
			t.Fatal(err)
		}
		before := tokens.lookups()
		a.Forget("otheraaaaaaaaaaaaaaaaaaaaa")
		if _, err := a.Authenticate(t.Context(), "Bearer "+signed); err != nil || tokens.lookups() != before {
			t.Errorf("forgotten with another: %v", err)
		}
	})
}

// The token is revoked between its lookup and the moment it would be cached. That one request may succeed, the next one
// must not.
func TestAuthenticate_DoesNotCacheATokenThatIsRevokedMeanwhile(t *testing.T) {
	t.Parallel()
	a, tokens, signed := setup(t)
	revoked := token()
	revoked.RevokedAt = noon
	tokens.during = func() {
		tokens.put(revoked)
		a.Forget(tokenID)
	}
	if _, err := a.Authenticate(t.Context(), "Bearer "+signed); err != nil {
		t.Fatal(err)
	}
	_, err := a.Authenticate(t.Context(), "Bearer "+signed)
	checkRefused(t, err, Revoked, signed)
}

func TestAuthenticate_BoundsTheCache(t *testing.T) {
	t.Parallel()
	const known, size = 50, 10
	tokens := &memory{}
	for i := range known {
		tokens.tokens = append(tokens.tokens, Token{ID: fmt.Sprint(i), Hash: HashPlain(fmt.Sprint(i)), All: connect.Read})
	}
	a := New(Config{Tokens: tokens, Now: func(string) time.Time { return noon }, CacheSize: size})
	use := func(i int) (lookups int) {
		before := tokens.lookups()
		if _, err := a.Authenticate(t.Context(), fmt.Sprintf("Bearer %d", i)); err != nil {
			t.Fatal(err)
		}
		return tokens.lookups() - before
	}
	for i := range known {
		use(i)
		use(0) // in use all the time
	}
	if n := a.callers.Len(); n != size {
		t.Errorf("%d tokens are cached, want %d", n, size)
	}
	if use(0) != 0 {
		t.Error("the one that is used most was dropped")
	}
	if use(1) == 0 {
		t.Error("the one that is used least was kept")
	}
}

// At the end all tokens are refused.
func TestAuthenticate_IsSafeForManyGoroutines(t *testing.T) {
	t.Parallel()
	a, tokens, signed := setup(t)
	var group sync.WaitGroup
	for worker := range 16 {
		group.Go(func() {
			for i := range 200 {
				switch {
				case worker == 0 && i%20 == 0:
					a.Forget(tokenID)
				case worker == 1 && i%50 == 0:
					a.Clear()
				}
				caller, err := a.Authenticate(t.Context(), "Bearer "+[]string{signed, "open"}[i%2])
				if err != nil || !caller.Can(shared, connect.Read) || caller.Can(shared, connect.Write) {
					t.Errorf("%v, %v", caller, err)
					return
				}
			}
		})
	}
	group.Wait()
	tokens.put()
	a.Clear()
	_, err := a.Authenticate(t.Context(), "Bearer "+signed)
	checkRefused(t, err, Unknown, signed)
}

// A cached token must take less than 1 µs.
func BenchmarkAuthenticate(b *testing.B) {
	for _, bench := range []struct {
		name string
		each func(*Authenticator)
	}{
		{"remembered", func(*Authenticator) {}},
		{"first", (*Authenticator).Clear},
	} {
		for _, kind := range []string{"signed", "plain"} {
			b.Run(bench.name+"/"+kind, func(b *testing.B) {
				a, _, raw := setup(b)
				if kind == "plain" {
					raw = "open"
				}
				header, ctx := "Bearer "+raw, b.Context()
				b.ReportAllocs()
				for b.Loop() {
					bench.each(a)
					if _, err := a.Authenticate(ctx, header); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
