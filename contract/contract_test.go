package contract

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/onsi/ginkgo/v2"
)

// The first door: go test. Without OP_CONNECT_HOST and OP_CONNECT_TOKEN the
// mock is the target, in this process.
func TestContract(t *testing.T) {
	target := fromEnvironment()
	if target.URL == "" {
		target = mockTarget(t)
	}
	Register(&target)
	ginkgo.RunSpecs(t, "1Password Connect contract")
}

func fromEnvironment() Target {
	if os.Getenv("OP_CONNECT_TOKEN") == "" {
		return Target{}
	}
	return Target{
		URL: os.Getenv("OP_CONNECT_HOST"), Token: os.Getenv("OP_CONNECT_TOKEN"),
		Vault: os.Getenv("OP_VAULT"), AllowWrites: os.Getenv("CONNECTMOCK_ALLOW_WRITES") == "true",
	}
}

// mockTarget is a mock with all a target can have.
func mockTarget(t *testing.T, options ...connecttest.Option) Target {
	t.Helper()
	s := connecttest.NewServer(t, append([]connecttest.Option{connecttest.WithoutSocket()}, options...)...)
	return Target{
		Name: "mock", URL: s.URL, Token: s.Token, Client: &http.Client{Transport: s.Transport}, AllowWrites: true, Vault: "h3kvwphsg7jkstbxmdycavun3c",
		ReaderToken: s.NewToken(t, controlapi.Token{Name: "contract-reader", Permission: "read"}),
		WriterToken: s.NewToken(t, controlapi.Token{Name: "contract-writer", Permission: "write"}),
		RefusedTokens: []string{
			s.NewToken(t, controlapi.Token{Name: "contract-expired", ExpiresAt: time.Now().Add(-time.Hour)}),
			revoked(t, s),
		},
		OtherToken: s.NewToken(t, controlapi.Token{Name: "contract-other", Vaults: map[string]string{"Office": "read-write"}}),
	}
}

func revoked(t *testing.T, s *connecttest.Server) string {
	t.Helper()
	value := s.NewToken(t, controlapi.Token{Name: "contract-revoked"})
	if err := s.Mock.WithdrawToken(t.Context(), "", "contract-revoked"); err != nil {
		t.Fatal(err)
	}
	return value
}
