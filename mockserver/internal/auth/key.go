package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Key signs and verifies tokens with ECDSA on P-256, as the keys of real accounts
// do [D].
type Key struct {
	private *ecdsa.PrivateKey
	id      string // kid: 26 of [a-z2-7], made from the public key
}

// NewKey makes a key from random bytes. The same bytes make the same key, unlike
// with the generator of the standard library, which ignores the bytes.
func NewKey(random io.Reader) (*Key, error) {
	var scalar [32]byte
	for range 100 { // one number in 2^32 is out of range
		if _, err := io.ReadFull(random, scalar[:]); err != nil {
			return nil, fmt.Errorf("auth: no random bytes for a key: %w", err)
		}
		if private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:]); err == nil {
			return newKey(private)
		}
	}
	return nil, errors.New("auth: the random bytes for a key are not random")
}

// ParseKey decodes a key that Marshal has encoded.
func ParseKey(der []byte) (*Key, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, errors.New("auth: the signing key cannot be read") // the cause may contain parts of it
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return nil, errors.New("auth: the signing key is not one for ES256")
	}
	return newKey(private)
}

func newKey(private *ecdsa.PrivateKey) (*Key, error) {
	public, err := private.PublicKey.Bytes()
	if err != nil {
		return nil, fmt.Errorf("auth: public key: %w", err)
	}
	sum := sha256.Sum256(public)
	id := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:connect.IDLength]
	return &Key{private: private, id: id}, nil
}

// Marshal encodes the key, including the private part, in PKCS #8 DER.
func (k *Key) Marshal() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(k.private) }

// ID returns the "kid" of the tokens that the key signs.
func (k *Key) ID() string { return k.id }

// String returns the id, so that the private part does not get into logs.
func (k *Key) String() string { return "key " + k.id }

// sign returns the signature of a text in the form of JWTs: r and s, 32 bytes
// each. It is deterministic (RFC 6979), so that the same token has the same value.
func (k *Key) sign(text string) ([]byte, error) {
	digest := sha256.Sum256([]byte(text))
	der, err := k.private.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	return rawSignature(der)
}

// rawSignature converts a signature from ASN.1 to the form of JWTs.
func rawSignature(der []byte) ([]byte, error) {
	var parts struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &parts); err != nil {
		return nil, err
	}
	raw := make([]byte, 64)
	parts.R.FillBytes(raw[:32])
	parts.S.FillBytes(raw[32:])
	return raw, nil
}
