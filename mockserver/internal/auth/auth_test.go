package auth

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/golang-jwt/jwt/v5"
)

// noon is the time of the tests.
var noon = time.Date(2026, 3, 21, 12, 0, 0, 0, time.UTC)

const (
	tokenID  = "tokenaaaaaaaaaaaaaaaaaaaaa"
	account  = "ACCOUNTAAAAAAAAAAAAAAAAAAA"
	server   = "SERVERAAAAAAAAAAAAAAAAAAAA"
	private  = "privateaaaaaaaaaaaaaaaaaaa"
	shared   = "sharedaaaaaaaaaaaaaaaaaaaa"
	archived = "archivedaaaaaaaaaaaaaaaaaa"
)

// seededReader returns a source of the same bytes for the same seed.
func seededReader(seed byte) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{seed}) }

func key(t testing.TB, seed byte) *Key {
	t.Helper()
	k, err := NewKey(seededReader(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// token returns a valid token, which tests change.
func token() Token {
	return Token{
		ID: tokenID, Account: account, Name: "test", Server: server,
		Vaults:   map[string]connect.Permission{private: connect.ReadWrite, shared: connect.Read},
		IssuedAt: noon.Add(-time.Hour), NotBefore: noon.Add(-time.Hour), ExpiresAt: noon.Add(time.Hour),
	}
}

// forge returns a JWT that it makes with the library alone, so that anything in it can be wrong. The method decides
// which key is used; change may be nil.
func forge(t testing.TB, k *Key, method jwt.SigningMethod, change func(header, claims map[string]any)) string {
	t.Helper()
	claims := jwt.MapClaims{
		"aud": []string{"com.1password.connect"}, "iss": "com.1password.b5", "sub": server, "jti": tokenID,
		"iat": noon.Add(-time.Hour).Unix(),
	}
	tok := jwt.NewWithClaims(method, claims)
	if change != nil {
		change(tok.Header, claims)
	}
	var with any
	switch method.(type) {
	case *jwt.SigningMethodECDSA:
		with = k.private
		if method != jwt.SigningMethodES256 {
			other, err := ecdsa.GenerateKey(elliptic.P384(), nil)
			if err != nil {
				t.Fatal(err)
			}
			with = other
		}
	case *jwt.SigningMethodHMAC: // the public key as a secret: the classic confusion
		public, err := k.private.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		with = public
	default:
		with = jwt.UnsafeAllowNoneSignatureType
	}
	raw, err := tok.SignedString(with)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// memory is a Tokens in memory that counts its lookups.
type memory struct {
	mu     sync.Mutex
	tokens []Token
	asked  int
	fail   error
	during func() // called in the middle of a lookup, when the result is known
}

func (m *memory) find(is func(Token) bool) (Token, error) {
	m.mu.Lock()
	m.asked++
	found, err := Token{}, fmt.Errorf("here: %w", ErrUnknown)
	for _, t := range m.tokens {
		if is(t) {
			found, err = t, nil
		}
	}
	if m.fail != nil {
		found, err = Token{}, m.fail
	}
	during := m.during
	m.mu.Unlock()
	if err == nil && during != nil {
		during()
	}
	return found, err
}

func (m *memory) ByID(_ context.Context, jti string) (Token, error) {
	return m.find(func(t Token) bool { return t.ID == jti })
}

func (m *memory) ByHash(_ context.Context, hash string) (Token, error) {
	return m.find(func(t Token) bool { return t.Hash == hash })
}

func (m *memory) put(tokens ...Token) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens = tokens
}

func (m *memory) lookups() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asked
}

// checkRefused checks that err is a Refusal with that reason, and has nothing of the value that was sent.
func checkRefused(t testing.TB, err error, reason, sent string) {
	t.Helper()
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, want a refusal", err)
	}
	if refusal.Reason != reason {
		t.Errorf("refused as %q, want %q", refusal.Reason, reason)
	}
	for _, part := range strings.FieldsFunc(sent, func(r rune) bool { return strings.ContainsRune(" .", r) }) {
		if len(part) > len("Bearer") && strings.Contains(err.Error(), part) {
			t.Errorf("the error has a part of the header: %v", err)
		}
	}
}
