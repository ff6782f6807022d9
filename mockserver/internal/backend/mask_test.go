package backend

import (
	"testing"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
)

// A store keeps the hash of a plain token. One such token is hidden as several are.
func TestTokenMask_HidesStoredTokens(t *testing.T) {
	t.Parallel()
	const one, two = "kanarienvogel", "zaunkoenig"
	for _, stored := range [][]string{{}, {one}, {one, two}} {
		mask := newTokenMask()
		var tokens []auth.Token
		want := "GET /v1/vaults/" + one
		for _, value := range stored {
			tokens = append(tokens, auth.Token{Hash: auth.HashPlain(value)})
			want = "GET /v1/vaults/" + masked
		}
		mask.addHashes(tokens)
		if got := mask.Text("GET /v1/vaults/" + one); got != want {
			t.Errorf("with %d tokens: %q, want %q", len(stored), got, want)
		}
	}
}
