package mockserver_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/golang-jwt/jwt/v5"
)

// call is a request that succeeds with a valid token.
type call struct{ method, path, body string }

// securedCalls returns a call of every operation that needs a token. Reads and writes
// use different items.
func securedCalls(d demoData) map[string]call {
	calls := map[string]call{}
	for id, path := range readPaths(d) {
		if strings.HasPrefix(path, "/v1/") {
			calls[id] = call{"GET", path, ""}
		}
	}
	vault, item := d.vault("Deployments"), d.path("Deployments", "Orders Database")
	calls["CreateVaultItem"] = call{"POST", "/v1/vaults/" + vault + "/items", `{"title":"t","category":"LOGIN"}`}
	calls["UpdateVaultItem"] = call{"PUT", item, `{"title":"t","category":"DATABASE","vault":{"id":"` + vault + `"}}`}
	calls["PatchVaultItem"] = call{"PATCH", item, `[]`}
	calls["DeleteVaultItem"] = call{"DELETE", d.path("Deployments", "Web Shop Admin"), ""}
	return calls
}

func (r *testServer) call(t tb, c call, options ...requestOption) response {
	t.Helper()
	if c.body == "" {
		return r.send(t, c.method, c.path, nil, options...)
	}
	return r.send(t, c.method, c.path, c.body, options...)
}

func TestSecuredCalls_CoverTheDocument(t *testing.T) {
	t.Parallel()
	calls := securedCalls(demo(t))
	for _, op := range document(t).Operations {
		if _, ok := calls[op.ID]; ok != op.Secured {
			t.Errorf("%s is secured: %t, is called: %t", op.ID, op.Secured, ok)
		}
	}
}

func TestAuth_RefusesInvalidTokensEverywhere(t *testing.T) {
	t.Parallel()
	now := newClock()
	s, d := newServer(t, connecttest.WithClock(now.Now)), demo(t)
	good := s.Token
	segments := strings.Split(good, ".")
	flipped := changeLetter(segments[2])
	other := connecttest.NewServer(t)
	revoked := s.NewToken(t, controlapi.Token{Name: "to be revoked"})
	must(t, s.Mock.RevokeToken(t.Context(), "", "to be revoked"))
	soon := s.NewToken(t, controlapi.Token{Name: "soon", NotBefore: now.Now().Add(time.Minute)})
	none, err := jwt.NewWithClaims(jwt.SigningMethodNone,
		tokenClaims(t, good)).SignedString(jwt.UnsafeAllowNoneSignatureType)
	must(t, err)
	shared, err := jwt.NewWithClaims(jwt.SigningMethodHS256, tokenClaims(t, good)).SignedString([]byte("secret"))
	must(t, err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	forged, err := jwt.NewWithClaims(jwt.SigningMethodES256, tokenClaims(t, good)).SignedString(key)
	must(t, err)
	bad := map[string]requestOption{
		"no header":           noHeader("Authorization"),
		"empty header":        header("Authorization", ""),
		"scheme only":         header("Authorization", "Bearer"),
		"empty token":         header("Authorization", "Bearer "),
		"blank token":         header("Authorization", "Bearer    "),
		"basic":               header("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("a:b"))),
		"token without word":  header("Authorization", good),
		"other word":          header("Authorization", "Token "+good),
		"no space":            header("Authorization", "Bearer"+good),
		"two tokens":          token(good + " " + good),
		"header's name only":  header("Authorization", "Authorization: "+good),
		"quoted":              token(`"` + good + `"`),
		"not a JWT":           token("abc"),
		"two segments":        token(segments[0] + "." + segments[1]),
		"four segments":       token(good + ".AAAA"),
		"no signature":        token(segments[0] + "." + segments[1] + "."),
		"wrong signature":     token(segments[0] + "." + segments[1] + "." + flipped),
		"changed claims":      token(segments[0] + "." + changeLetter(segments[1]) + "." + segments[2]),
		"algorithm none":      token(none),
		"shared key":          token(shared),
		"forged":              token(forged),
		"of another server":   token(other.Token),
		"expired":             token(s.demoToken(t, "expired")),
		"revoked from start":  token(s.demoToken(t, "revoked")),
		"revoked":             token(revoked),
		"not yet valid":       token(soon),
		"unknown plain":       token("connectmock-demo-token-2"),
		"a plain token's end": token("connectmock-demo-toke"),
		"very long":           token(strings.Repeat("a", 100_000) + "." + strings.Repeat("b", 100_000) + ".c"),
	}
	for id, c := range securedCalls(d) {
		for what, bad := range bad {
			e := s.call(t, c, bad).apiError(t)
			if !isSent(e, connect.InvalidToken()) {
				t.Errorf("%s, %s: got %v", id, what, &e)
			}
		}
	}
	// None of them changed anything or is in the activity.
	if total := s.activityTotal(t); total != 240 {
		t.Errorf("%d records, the demo fixture has 240", total)
	}
	// A Puppet backend sends the name of the header too; proxies join headers.
	for _, sent := range []string{"Authorization: Bearer " + good, "Bearer other, Bearer " + good,
		"authorization: bearer  " + good} {
		s.get(t, "/v1/vaults", header("Authorization", sent)).wantOK(t)
	}
	for id, c := range securedCalls(d) {
		if a := s.call(t, c, token(good)); a.status >= 300 {
			t.Errorf("%s with a good token: status %d: %s", id, a.status, a.body)
		}
	}
}

func TestAuth_AcceptsOtherSpellingsOfTheHeader(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, value := range []string{
		"Bearer " + s.Token, "bearer " + s.Token, "BEARER " + s.Token, "Bearer   " + s.Token,
		"Bearer connectmock-demo-token",
	} {
		s.get(t, "/v1/vaults", header("Authorization", value)).wantOK(t)
	}
}

func changeLetter(segment string) string {
	b := []byte(segment)
	b[len(b)/2] = 'A' + (b[len(b)/2]-'A'+1)%26
	return string(b)
}

func tokenClaims(t testing.TB, value string) jwt.MapClaims {
	t.Helper()
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(value, claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestToken_HasTheClaimsOfConnect(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	value := s.NewToken(t, controlapi.Token{Name: "two",
		Vaults: map[string]string{"Deployments": "read", "Office": "read-write"}})
	claims := tokenClaims(t, value)
	want := map[string]any{d.vault("Deployments"): 48.0, d.vault("Office"): 496.0}
	granted := claims["1password.com/vts"].([]any)
	if len(granted) != len(want) {
		t.Fatalf("vaults are %v", granted)
	}
	for _, g := range granted {
		g := g.(map[string]any)
		if want[g["u"].(string)] != g["a"] {
			t.Errorf("granted %v", g)
		}
	}
	if claims["iss"] != "com.1password.b5" || len(claims["jti"].(string)) != 26 || len(claims["sub"].(string)) != 26 {
		t.Errorf("claims are %v", claims)
	}
}

func TestAuth_ChecksTheTimesOfACachedToken(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := newServer(t, connecttest.WithClock(now.Now))
	value := s.NewToken(t, controlapi.Token{Name: "short", NotBefore: now.Now().Add(time.Minute),
		ExpiresAt: now.Now().Add(time.Hour)})
	vaults := func() response { return s.get(t, "/v1/vaults", token(value)) }
	vaults().wantError(t, connect.InvalidToken())
	now.advance(time.Minute)
	vaults().wantOK(t)
	now.advance(59*time.Minute - time.Second)
	vaults().wantOK(t)
	now.advance(time.Second)
	vaults().wantError(t, connect.InvalidToken())
	now.advance(-time.Second) // clocks of laptops are set back
	vaults().wantOK(t)
}

func TestAuth_RefusesACachedTokenThatIsRevoked(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, way := range []string{"name", "id"} {
		created := s.issueToken(t, controlapi.Token{Name: "by " + way})
		for range 3 {
			s.get(t, "/v1/vaults", token(created.Value)).wantOK(t)
		}
		must(t, s.Mock.RevokeToken(t.Context(), "", map[string]string{"name": created.Name, "id": created.ID}[way]))
		s.get(t, "/v1/vaults", token(created.Value)).wantError(t, connect.InvalidToken())
		if err := s.Mock.RevokeToken(t.Context(), "", created.Name); err == nil {
			t.Error("revoked twice")
		}
	}
	s.get(t, "/v1/vaults").wantOK(t)
}
