package connectmock_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/1Password/connect-sdk-go/connect"
	"github.com/connectmock/connectmock/testcontainers/connectmock"
	"github.com/testcontainers/testcontainers-go"
)

// image returns the image to test, and skips the test where there is none or no Docker.
func image(t *testing.T) string {
	t.Helper()
	name := os.Getenv("CONNECTMOCK_IMAGE")
	if name == "" {
		t.Skip("CONNECTMOCK_IMAGE names no image: make test-testcontainers builds one")
	}
	testcontainers.SkipIfProviderIsNotHealthy(t)
	return name
}

// run starts a mock for the time of a test.
func run(t *testing.T, options ...testcontainers.ContainerCustomizer) *connectmock.Container {
	t.Helper()
	c, err := connectmock.Run(t.Context(), image(t), options...)
	testcontainers.CleanupContainer(t, c)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// address returns what a method of a container returns.
func address(t *testing.T, get func(context.Context) (string, error)) string {
	t.Helper()
	url, err := get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func TestRun_ServesTheFixtureToClients(t *testing.T) {
	t.Parallel()
	c := run(t, connectmock.WithFixture("testdata/fixture.yaml"))
	client := connect.NewClient(address(t, c.URL), c.Token())
	item, err := client.GetItem("Harbour", "Containers")
	if err != nil || item.GetValue("username") != "pilot" {
		t.Errorf("item %+v, error %v", item, err)
	}
}

// The demo data, and behaviours of another version: no file routes, and another number in the header.
func TestRun_BehavesAsTheOptionsSay(t *testing.T) {
	t.Parallel()
	c := run(t, connectmock.WithConnectVersion("1.2.0"), connectmock.WithQuirk("empty-members", "arrays"))
	status, header, body := get(t, address(t, c.URL)+"/v1/vaults", c.Token())
	if status != http.StatusOK || !strings.Contains(body, `"name":"Deployments"`) ||
		strings.HasPrefix(header.Get("1Password-Connect-Version"), "1.8") {
		t.Errorf("status %d, header %v: %s", status, header, body)
	}
}

func TestRun_OffersTheControl(t *testing.T) {
	t.Parallel()
	c := run(t)
	url := address(t, c.ControlURL) + "/"
	if status, _, body := get(t, url, c.ControlToken()); status != http.StatusOK {
		t.Errorf("status %d: %s", status, body)
	}
	if status, _, body := get(t, url, c.Token()); status != http.StatusUnauthorized {
		t.Errorf("with a token of clients: status %d: %s", status, body)
	}
}

// Who gives a fixture with a mistake sees the mistake.
func TestRun_SaysWhyItDidNotStart(t *testing.T) {
	t.Parallel()
	name := image(t)
	path := t.TempDir() + "/fixture.yaml"
	if err := os.WriteFile(path, []byte("name: wrong\nvault: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := connectmock.Run(t.Context(), name, connectmock.WithFixture(path))
	testcontainers.CleanupContainer(t, c)
	if err == nil || !strings.Contains(err.Error(), `/fixture.yaml:2:1`) || strings.Contains(err.Error(), c.Token()) {
		t.Errorf("error %v", err)
	}
}

func get(t *testing.T, url, token string) (status int, header http.Header, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(data)
}
