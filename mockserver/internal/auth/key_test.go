package auth

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
)

func TestNewKey_DependsOnlyOnTheBytes(t *testing.T) {
	t.Parallel()
	a, again, b := key(t, 1), key(t, 1), key(t, 2)
	if !a.private.Equal(again.private) || a.ID() != again.ID() {
		t.Error("the same bytes make another key")
	}
	if a.private.Equal(b.private) || a.ID() == b.ID() {
		t.Error("other bytes make the same key")
	}
	if !regexp.MustCompile(`^[a-z0-9]{26}$`).MatchString(a.ID()) {
		t.Errorf("id %q", a.ID())
	}
}

func TestNewKey_RefusesBytesThatAreNotRandom(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		random io.Reader
		want   string
	}{
		{"too few bytes", strings.NewReader("short"), "no random bytes"},
		{"nothing but ones", ones{}, "not random"}, // above the order of the curve, always
	}
	for _, test := range tests {
		if k, err := NewKey(test.random); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, %v, want an error with %q", test.name, k, err, test.want)
		}
	}
	// A first draw out of range is drawn again.
	k, err := NewKey(io.MultiReader(bytes.NewReader(bytes.Repeat([]byte{0xff}, 32)), seededReader(1)))
	if err != nil || k.ID() != key(t, 1).ID() {
		t.Errorf("%v, %v", k, err)
	}
}

type ones struct{}

func (ones) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0xff
	}
	return len(p), nil
}

func TestParseKey_ReturnsTheEncodedKey(t *testing.T) {
	t.Parallel()
	k := key(t, 1)
	der, err := k.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseKey(der)
	if err != nil {
		t.Fatal(err)
	}
	if !k.private.Equal(again.private) || k.ID() != again.ID() {
		t.Error("the key read is not the key written")
	}
	if text := fmt.Sprintf("%v %s", k, k); text != strings.Repeat(" key "+k.ID(), 2)[1:] {
		t.Errorf("printed as %s", text)
	}
}

func TestParseKey_RefusesOtherKeys(t *testing.T) {
	t.Parallel()
	other, err := ecdsa.GenerateKey(elliptic.P384(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, private := range map[string]any{
		"another curve":  other,
		"another scheme": ed25519.NewKeyFromSeed(make([]byte, 32)),
	} {
		der, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseKey(der); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	for _, der := range [][]byte{nil, {}, []byte("not a key")} {
		if _, err := ParseKey(der); err == nil {
			t.Errorf("%q is taken", der)
		}
	}
}
