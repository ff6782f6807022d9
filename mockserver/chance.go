package mockserver

import (
	crand "crypto/rand"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"sync"
)

// chance is the server's only source of chance: ids, request ids and generated
// passwords are drawn from it, so that a seeded server repeats itself.
type chance struct {
	mu  sync.Mutex
	src io.Reader
}

// newChance draws from seed, or from the operating system's entropy when seed
// is 0.
func newChance(seed uint64) *chance {
	var key [32]byte
	if seed == 0 {
		_, _ = crand.Read(key[:]) // never fails: crypto/rand ends the process instead
	} else {
		for i := range 8 {
			key[i] = byte(seed >> (8 * i))
		}
	}
	return &chance{src: rand.NewChaCha8(key)}
}

// Read fills p. It never fails.
func (c *chance) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return io.ReadFull(c.src, p)
}

const (
	lower = "abcdefghijklmnopqrstuvwxyz234567"
	upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// id is 26 characters of [a-z2-7], as vaults, items, files and fields have [R].
func (c *chance) id() string { return c.draw(lower) }

// userID is the upper-case form that accounts and users have [R].
func (c *chance) userID() string { return c.draw(upper) }

func (c *chance) draw(alphabet string) string {
	var b [26]byte
	_, _ = c.Read(b[:])
	for i := range b {
		b[i] = alphabet[b[i]&31]
	}
	return string(b[:])
}

// uuid is a random UUID, version 4, as requests have [D].
func (c *chance) uuid() string {
	var b [16]byte
	_, _ = c.Read(b[:])
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
