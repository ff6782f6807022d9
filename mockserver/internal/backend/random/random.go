// Package random generates the random values of a server: ids, request ids, and bytes for generated passwords and
// keys. The same seed generates the same values.
package random

import (
	crand "crypto/rand"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"sync"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Source is the only source of random values of a server. It is safe for use by many goroutines.
type Source struct {
	mu  sync.Mutex
	src io.Reader
}

// New returns a source with that seed. For 0 it uses the entropy of the operating system.
func New(seed uint64) *Source {
	var key [32]byte
	if seed == 0 {
		_, _ = crand.Read(key[:]) // never fails: crypto/rand ends the process instead
	} else {
		for i := range 8 {
			key[i] = byte(seed >> (8 * i))
		}
	}
	return &Source{src: rand.NewChaCha8(key)}
}

// Read fills p. It never fails.
func (s *Source) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return io.ReadFull(s.src, p)
}

const (
	lower = "abcdefghijklmnopqrstuvwxyz234567"
	upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// ID returns 26 characters of [a-z2-7], as the ids of vaults, items, files and fields have [R].
func (s *Source) ID() string { return s.text(lower) }

// UserID returns 26 characters of [A-Z2-7], as the ids of accounts and users have [R].
func (s *Source) UserID() string { return s.text(upper) }

// text returns 26 characters of an alphabet of 32.
func (s *Source) text(alphabet string) string {
	var b [connect.IDLength]byte
	_, _ = s.Read(b[:])
	for i := range b {
		b[i] = alphabet[b[i]&31]
	}
	return string(b[:])
}

// UUID returns a random UUID, version 4, as the ids of requests are [D].
func (s *Source) UUID() string {
	var b [16]byte
	_, _ = s.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var out [36]byte
	hex.Encode(out[0:8], b[0:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:36], b[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}
