package auth

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/golang-jwt/jwt/v5"
)

// Claims that are the same in every token [R].
const (
	audience = "com.1password.connect"
	issuer   = "com.1password.b5"
)

// claims are the claims of a real token [R]. Exp is optional [R], nbf was not seen
// in one but is in other software's list of them [R].
type claims struct {
	Account   string   `json:"1password.com/auuid"`
	Token     string   `json:"1password.com/token"` // 32 characters safe in URLs [R]; nothing reads them
	Features  []string `json:"1password.com/fts"`
	Vaults    []grant  `json:"1password.com/vts"`
	Audience  []string `json:"aud"`
	Server    string   `json:"sub"`
	ExpiresAt int64    `json:"exp,omitempty"`
	IssuedAt  int64    `json:"iat,omitempty"`
	NotBefore int64    `json:"nbf,omitempty"`
	Issuer    string   `json:"iss"`
	ID        string   `json:"jti"`
}

// header is the header of a token [R].
type header struct {
	Algorithm string `json:"alg"`
	Key       string `json:"kid"`
	Type      string `json:"typ"`
}

// grant is the permission in one vault [R].
type grant struct {
	Vault      string             `json:"u"`
	Permission connect.Permission `json:"a"`
}

// Sign returns the value of a token, which is always the same for the same token.
// Vaults are sorted by id. All is added to the permission of each; a real token
// has no other way to express it.
func (k *Key) Sign(t Token) (string, error) {
	mark := sha256.Sum256([]byte("connectmock token " + t.ID))
	c := claims{
		Account:  t.Account,
		Token:    base64.RawURLEncoding.EncodeToString(mark[:24]),
		Features: []string{"vaultaccess"},
		Vaults:   []grant{},
		Audience: []string{audience},
		Server:   t.Server,
		Issuer:   issuer,
		ID:       t.ID,
	}
	if t.FrozenClaims != nil {
		t.Vaults, t.All, t.ExpiresAt = t.FrozenClaims.Vaults, 0, t.FrozenClaims.ExpiresAt
		c.Server = cmp.Or(t.FrozenClaims.Server, t.Server)
	}
	for vault, p := range newCaller(t).vaults {
		c.Vaults = append(c.Vaults, grant{vault, p | t.All})
	}
	slices.SortFunc(c.Vaults, func(a, b grant) int { return strings.Compare(a.Vault, b.Vault) })
	if !t.IssuedAt.IsZero() {
		c.IssuedAt = t.IssuedAt.Unix()
	}
	if !t.NotBefore.IsZero() {
		c.NotBefore = t.NotBefore.Unix()
	}
	if !t.ExpiresAt.IsZero() {
		c.ExpiresAt = t.ExpiresAt.Add(time.Second - 1).Unix() // rounded up; the exact time of the Token is checked as well
	}
	text, err := segments(header{Algorithm: "ES256", Key: k.id, Type: "JWT"}, c)
	if err != nil {
		return "", err
	}
	signature, err := k.sign(text)
	if err != nil {
		return "", err
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// segments encodes documents as the parts of a JWT.
func segments(documents ...any) (string, error) {
	var encoded []string
	for _, document := range documents {
		text, err := json.Marshal(document)
		if err != nil {
			return "", err
		}
		encoded = append(encoded, base64.RawURLEncoding.EncodeToString(text))
	}
	return strings.Join(encoded, "."), nil
}

// Verify returns the id of a token that this key has signed for a Connect server.
// The error is a *Refusal. Verify does not check times: the clock depends on the
// account of the token.
func (k *Key) Verify(raw string) (jti string, err error) {
	c, refusal := k.verify(raw)
	if refusal != nil {
		return "", refusal
	}
	return c.id, nil
}

// rawClaims are the claims of a token before they are checked. The library
// verifies the signature only; checkClaims does the rest, because the library
// accepts times as text and times beyond what a clock can show.
type rawClaims struct {
	jwt.RegisteredClaims
	members
}

// UnmarshalJSON decodes the members only.
func (c *rawClaims) UnmarshalJSON(data []byte) error { return c.members.UnmarshalJSON(data) }

// verify checks the signature, the header and the claims of a token, but not its times.
func (k *Key) verify(raw string) (signedClaims, *Refusal) {
	var c rawClaims
	token, err := jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodES256.Alg()}),
		jwt.WithStrictDecoding(),
		jwt.WithoutClaimsValidation(),
	).ParseWithClaims(raw, &c, func(*jwt.Token) (any, error) { return &k.private.PublicKey, nil })
	if err != nil {
		return signedClaims{}, &Refusal{Reason: reason(token, err)}
	}
	if refusal := k.checkHeader(raw); refusal != nil {
		return signedClaims{}, refusal
	}
	return checkClaims(c.members)
}

// signatureBytes is the length of a signature with ES256.
const signatureBytes = 64

// reason returns the reason of a Refusal for an error of the library.
func reason(token *jwt.Token, err error) string {
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed):
		return Malformed
	case token.Method == nil || token.Method.Alg() != jwt.SigningMethodES256.Alg():
		return otherAlgorithm // one the library knows, "none", or none at all
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		if len(token.Signature) != signatureBytes {
			return Malformed // cut, but what is left can be decoded
		}
		return WrongSignature
	}
	return Malformed
}
