package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
	Now       func() time.Time
	CacheSize int // how many tokens are remembered; 0: 1024
}

// Authenticator knows callers by their tokens. A token it has let in once is
// remembered, because a signature takes a hundred times longer to verify than
// everything else; its times are checked on every use all the same. Whoever
// changes or revokes tokens must say so with Forget or Flush.
type Authenticator struct {
	config Config

	mu      sync.Mutex
	callers *simplelru.LRU[digest, *Caller]
	changes uint64 // number of Forgets and Flushes
}

// digest is what a token's value is remembered by.
type digest [sha256.Size]byte

// New returns an Authenticator that remembers nobody yet.
func New(c Config) *Authenticator {
	if c.CacheSize <= 0 {
		c.CacheSize = 1024
	}
	callers, err := simplelru.NewLRU[digest, *Caller](c.CacheSize, nil)
	if err != nil {
		panic(err) // it minds sizes below 1 only
	}
	return &Authenticator{config: c, callers: callers}
}

// Authenticate says who sends the value of an Authorization header, "" if there
// was none. The error is a *Refusal if it is nobody, and something else if the
// tokens could not be looked up.
func (a *Authenticator) Authenticate(ctx context.Context, authorization string) (*Caller, error) {
	raw, refusal := bearer(authorization)
	if refusal != nil {
		return nil, refusal
	}
	sum := digest(sha256.Sum256([]byte(raw)))
	caller, changes := a.remembered(sum)
	if caller == nil {
		token, err := a.lookup(ctx, raw, sum)
		if err != nil {
			return nil, err
		}
		caller = NewCaller(token)
		a.remember(sum, caller, changes)
	}
	if refusal := caller.Token.check(a.config.Now()); refusal != nil {
		return nil, refusal
	}
	return caller, nil
}

// Forget drops what is remembered of the token with this id. To be called after
// the change is in the Tokens.
func (a *Authenticator) Forget(jti string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changes++
	for _, sum := range a.callers.Keys() {
		if caller, ok := a.callers.Peek(sum); ok && caller.Token.ID == jti {
			a.callers.Remove(sum)
		}
	}
}

// Flush drops all that is remembered.
func (a *Authenticator) Flush() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changes++
	a.callers.Purge()
}

func (a *Authenticator) remembered(sum digest) (*Caller, uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	caller, _ := a.callers.Get(sum)
	return caller, a.changes
}

// remember does not keep what was looked up before the last change: it may be
// of before it.
func (a *Authenticator) remember(sum digest, caller *Caller, changes uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if changes == a.changes {
		a.callers.Add(sum, caller)
	}
}

// lookup takes the value for a plain token first: people may give any text for
// one, and that of a JWT they have at hand too.
func (a *Authenticator) lookup(ctx context.Context, raw string, sum digest) (Token, error) {
	token, err := a.config.Tokens.ByHash(ctx, hex.EncodeToString(sum[:]))
	if !errors.Is(err, ErrUnknown) {
		return token, lookupError(err)
	}
	if a.config.Key == nil || !strings.Contains(raw, ".") {
		return Token{}, &Refusal{unknown}
	}
	jti, err := a.config.Key.Verify(raw, a.config.Now())
	if err != nil {
		return Token{}, err
	}
	token, err = a.config.Tokens.ByID(ctx, jti)
	if errors.Is(err, ErrUnknown) {
		return Token{}, &Refusal{unknown}
	}
	return token, lookupError(err)
}

func lookupError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("auth: look up token: %w", err)
}

// bearer is the token in the header. The scheme has no case, as all schemes of
// HTTP; spaces around the token do not count.
func bearer(header string) (string, *Refusal) {
	const blank = " \t"
	header = strings.Trim(header, blank)
	if header == "" {
		return "", &Refusal{noHeader}
	}
	scheme, token := header, ""
	if i := strings.IndexAny(header, blank); i >= 0 {
		scheme, token = header[:i], strings.TrimLeft(header[i:], blank)
	}
	switch {
	case !strings.EqualFold(scheme, "Bearer"):
		return "", &Refusal{otherScheme}
	case token == "":
		return "", &Refusal{empty}
	case strings.ContainsAny(token, blank):
		return "", &Refusal{malformed}
	}
	return token, nil
}
