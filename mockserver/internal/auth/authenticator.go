package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// ErrUnknown is returned by Tokens for a token that does not exist.
var ErrUnknown = errors.New("auth: unknown token")

// Tokens looks up tokens. Both methods return ErrUnknown, wrapped or not, if there
// is none; any other error is a failure of the server.
type Tokens interface {
	ByID(ctx context.Context, jti string) (Token, error)
	ByHash(ctx context.Context, hash string) (Token, error)
}

// Config configures an Authenticator. Tokens and Now are required.
type Config struct {
	Key       *Key // verifies signed tokens; nil: only plain tokens are accepted
	Tokens    Tokens
	Now       func(account string) time.Time // the time on an account's clock
	CacheSize int                            // number of cached tokens; 0: 1024
}

// Authenticator finds callers by their tokens. It caches valid tokens, because
// verifying a signature takes a hundred times longer than everything else; it
// checks their times on every use. After a token was changed or revoked, call
// Forget, ForgetAccount or Clear.
//
// The key of the cache is the value of the token, which never leaves it, and not
// the SHA-256, which is all that a store sees: for a token of 700 bytes the hash
// takes 500 ns, a lookup in a map 25 ns, on every request.
type Authenticator struct {
	config Config

	mu      sync.Mutex
	callers *simplelru.LRU[string, *Caller]
	changes uint64 // number of calls of Forget, ForgetAccount and Clear
}

// New returns an Authenticator with an empty cache.
func New(c Config) *Authenticator {
	if c.CacheSize <= 0 {
		c.CacheSize = 1024
	}
	callers, err := simplelru.NewLRU[string, *Caller](c.CacheSize, nil)
	if err != nil {
		panic(err) // only for sizes below 1
	}
	return &Authenticator{config: c, callers: callers}
}

// Authenticate returns the caller for the value of an Authorization header, "" if
// there was none. It checks the signature first and then, when the account is
// known, the times on that account's clock. The error is a *Refusal if the token
// is not valid, and another error if it could not be looked up.
func (a *Authenticator) Authenticate(ctx context.Context, authorization string) (*Caller, error) {
	raw, refusal := bearer(authorization)
	if refusal != nil {
		return nil, refusal
	}
	caller, changes := a.cachedCaller(raw)
	if caller == nil {
		token, err := a.lookup(ctx, raw)
		if err != nil {
			return nil, err
		}
		caller = newCaller(token)
		a.cacheCaller(raw, caller, changes)
	}
	if refusal := caller.Token.check(a.config.Now(caller.Token.Account)); refusal != nil {
		refusal.Token = &caller.Token
		return nil, refusal
	}
	return caller, nil
}

// Forget removes the token with this id from the cache. Call it after Tokens
// returns the changed token.
func (a *Authenticator) Forget(jti string) {
	a.forget(func(t *Token) bool { return t.ID == jti })
}

// ForgetAccount removes the tokens of an account from the cache. Call it after
// Tokens returns the changed tokens.
func (a *Authenticator) ForgetAccount(account string) {
	a.forget(func(t *Token) bool { return t.Account == account })
}

// Clear empties the cache.
func (a *Authenticator) Clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changes++
	a.callers.Purge()
}

// forget removes the selected tokens from the cache.
func (a *Authenticator) forget(selected func(*Token) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changes++
	for _, raw := range a.callers.Keys() {
		if caller, ok := a.callers.Peek(raw); ok && selected(&caller.Token) {
			a.callers.Remove(raw)
		}
	}
}

// cachedCaller returns the caller with a token, or nil, and the number of changes so far.
func (a *Authenticator) cachedCaller(raw string) (*Caller, uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	caller, _ := a.callers.Get(raw)
	return caller, a.changes
}

// cacheCaller caches a caller, unless a token was changed since the lookup began:
// the caller may be outdated.
func (a *Authenticator) cacheCaller(raw string, caller *Caller, changes uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if changes == a.changes {
		a.callers.Add(strings.Clone(raw), caller) // without the rest of the header
	}
}

// lookup finds the token with that value. It tries plain tokens first: people may
// use any text as one, even a JWT.
func (a *Authenticator) lookup(ctx context.Context, raw string) (Token, error) {
	if strings.ContainsAny(raw, blank) {
		return Token{}, &Refusal{Reason: Malformed}
	}
	token, err := a.config.Tokens.ByHash(ctx, HashPlain(raw))
	if !errors.Is(err, ErrUnknown) {
		return token, lookupError(err)
	}
	if a.config.Key == nil || !strings.Contains(raw, ".") {
		return Token{}, &Refusal{Reason: Unknown}
	}
	signed, refusal := a.config.Key.verify(raw)
	if refusal != nil {
		return Token{}, refusal
	}
	token, err = a.config.Tokens.ByID(ctx, signed.id)
	if errors.Is(err, ErrUnknown) || err == nil && token.Hash != "" { // a plain token is valid only by its value
		return Token{}, &Refusal{Reason: Unknown}
	}
	token.narrow(signed)
	return token, lookupError(err)
}

// lookupError returns the error of a lookup that has failed, nil for nil.
func lookupError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("auth: look up token: %w", err)
}

// blank are the characters that may be around a token but not in it.
const blank = " \t"

// bearer returns the token in the header: what follows the last word "Bearer".
// A Puppet backend sends the name of the header before it, as in
// "Authorization: Bearer TOKEN" [C]. The scheme has no case, as all schemes of
// HTTP; spaces around the token do not count.
func bearer(header string) (string, *Refusal) {
	header = strings.Trim(header, blank)
	if header == "" {
		return "", &Refusal{Reason: NoHeader}
	}
	token, found := "", false
	for rest := header; rest != ""; {
		word := rest
		if i := indexBlank(rest); i >= 0 {
			word = rest[:i]
		}
		rest = strings.TrimLeft(rest[len(word):], blank)
		if strings.EqualFold(word, "Bearer") {
			token, found = rest, true
		}
	}
	switch {
	case !found:
		return "", &Refusal{Reason: OtherScheme}
	case token == "":
		return "", &Refusal{Reason: NoToken}
	}
	return token, nil
}

// indexBlank returns strings.IndexAny(s, blank), which for a token takes as long as
// everything else here together.
func indexBlank(s string) int {
	i := strings.IndexByte(s, ' ')
	if j := strings.IndexByte(s, '\t'); j >= 0 && (i < 0 || j < i) {
		return j
	}
	return i
}
