package access

import (
	"net/http"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/contract/internal/call"
)

// An invalid token is never the valid one that it is made from.
func TestBadTokens_DifferFromTheValidOne(t *testing.T) {
	jwt := encodeJWTPart(map[string]any{"alg": "ES256"}) + "." + encodeJWTPart(map[string]any{"iat": 2}) + ".AQIDBAUGBwg"
	if _, _, ok := call.ReadJWT(jwt); !ok {
		t.Fatalf("%s is not a JWT", jwt)
	}
	for _, valid := range []string{jwt, "connectmock-demo-token", "a.b.c.d", "xxx"} {
		for _, c := range append(badTokens(valid), badSchemes(alteredSignature(valid))...) {
			r := call.Request{Header: http.Header{}}
			c.send(&r)
			if value, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); value == valid {
				t.Errorf("%s is the valid token", c.name)
			}
		}
	}
}
