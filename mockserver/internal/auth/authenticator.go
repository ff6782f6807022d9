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

// ErrUnknown is what Tokens say of a token they do not have.
var ErrUnknown = errors.New("auth: unknown token")

// Tokens is where tokens are kept. Both methods return ErrUnknown, wrapped or
// not, if there is none; any other error is a failure of the server.
type Tokens interface {
	ByID(ctx context.Context, jti string) (Token, error)
	ByHash(ctx context.Context, hash string) (Token, error)
}

// Config is what an Authenticator needs. Tokens and Now must be there.
type Config struct {
	Key       *Key // verifies signed tokens; nil: there are only plain ones
	Tokens    Tokens
	Now       func(account string) time.Time // what time it is for an account
	CacheSize int                            // how many tokens are remembered; 0: 1024
}

// Authenticator knows callers by their tokens. A token it has let in once is
// remembered, because a signature takes a hundred times longer to verify than
// everything else; its times are checked on every use all the same. Whoever
// changes or revokes tokens must say so with Forget or Flush.
//
// It remembers by the value itself, which never leaves it, and not by the
// SHA-256, which is all a store ever sees: for a token of 700 bytes that takes
// 500 ns, finding it in a map 25 ns, and every request pays.
type Authenticator struct {
	config Config

	mu      sync.Mutex
	callers *simplelru.LRU[string, *Caller]
	changes uint64 // number of Forgets and Flushes
}

// New returns an Authenticator that remembers nobody yet.
func New(c Config) *Authenticator {
	if c.CacheSize <= 0 {
		c.CacheSize = 1024
	}
	callers, err := simplelru.NewLRU[string, *Caller](c.CacheSize, nil)
	if err != nil {
		panic(err) // it minds sizes below 1 only
	}
	return &Authenticator{config: c, callers: callers}
}

// Authenticate says who sends the value of an Authorization header, "" if there
// was none. It goes by the signature first and then, once it is known whose the
// token is, by its times on that account's clock. The error is a *Refusal if it
// is nobody, and something else if the tokens could not be looked up.
func (a *Authenticator) Authenticate(ctx context.Context, authorization string) (*Caller, error) {
	raw, refusal := bearer(authorization)
	if refusal != nil {
		return nil, refusal
	}
	caller, changes := a.remembered(raw)
	if caller == nil {
		token, err := a.lookup(ctx, raw)
		if err != nil {
			return nil, err
		}
		caller = NewCaller(token)
		a.remember(raw, caller, changes)
	}
	if refusal := caller.Token.check(a.config.Now(caller.Token.Account)); refusal != nil {
		refusal.Token = &caller.Token
		return nil, refusal
	}
	return caller, nil
}

// Forget drops what is remembered of the token with this id. To be called after
// the change is in the Tokens.
func (a *Authenticator) Forget(jti string) {
	a.forget(func(t *Token) bool { return t.ID == jti })
}

// ForgetAccount drops what is remembered of the tokens of an account. To be
// called after the change is in the Tokens.
func (a *Authenticator) ForgetAccount(account string) {
	a.forget(func(t *Token) bool { return t.Account == account })
}

// Clear drops all that is remembered.
func (a *Authenticator) Clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changes++
	a.callers.Purge()
}

func (a *Authenticator) forget(is func(*Token) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changes++
	for _, raw := range a.callers.Keys() {
		if caller, ok := a.callers.Peek(raw); ok && is(&caller.Token) {
			a.callers.Remove(raw)
		}
	}
}

func (a *Authenticator) remembered(raw string) (*Caller, uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	caller, _ := a.callers.Get(raw)
	return caller, a.changes
}

// remember does not keep what was looked up before the last change: it may be
// of before it.
func (a *Authenticator) remember(raw string, caller *Caller, changes uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if changes == a.changes {
		a.callers.Add(strings.Clone(raw), caller) // not the whole header
	}
}

// lookup takes the value for a plain token first: people may give any text for
// one, and that of a JWT they have at hand too.
func (a *Authenticator) lookup(ctx context.Context, raw string) (Token, error) {
	if strings.ContainsAny(raw, blank) {
		return Token{}, &Refusal{Reason: malformed}
	}
	token, err := a.config.Tokens.ByHash(ctx, HashPlain(raw))
	if !errors.Is(err, ErrUnknown) {
		return token, lookupError(err)
	}
	if a.config.Key == nil || !strings.Contains(raw, ".") {
		return Token{}, &Refusal{Reason: unknown}
	}
	signed, refusal := a.config.Key.verify(raw)
	if refusal != nil {
		return Token{}, refusal
	}
	token, err = a.config.Tokens.ByID(ctx, signed.id)
	if errors.Is(err, ErrUnknown) || err == nil && token.Hash != "" { // a plain token is known by its value only
		return Token{}, &Refusal{Reason: unknown}
	}
	token.narrow(signed)
	return token, lookupError(err)
}

func lookupError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("auth: look up token: %w", err)
}

// blank is what may stand around a token and not in it.
const blank = " \t"

// bearer returns the token in the header: what follows the last word "Bearer".
// A Puppet backend sends the name of the header before it, as in
// "Authorization: Bearer TOKEN" [C]. The scheme has no case, as all schemes of
// HTTP; spaces around the token do not count.
func bearer(header string) (string, *Refusal) {
	header = strings.Trim(header, blank)
	if header == "" {
		return "", &Refusal{Reason: noHeader}
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
		return "", &Refusal{Reason: otherScheme}
	case token == "":
		return "", &Refusal{Reason: empty}
	}
	return token, nil
}

// indexBlank is strings.IndexAny(s, blank), which for a token takes as long as
// everything else here together.
func indexBlank(s string) int {
	i := strings.IndexByte(s, ' ')
	if j := strings.IndexByte(s, '\t'); j >= 0 && (i < 0 || j < i) {
		return j
	}
	return i
}
