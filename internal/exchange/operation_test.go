package exchange

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestOperation_OfARequest(t *testing.T) {
	t.Parallel()
	d := document(t)
	item := "/v1/vaults/" + vaultID + "/items/" + itemID
	for _, test := range []struct{ method, base, path, want string }{
		{"GET", "", "/v1/vaults", "GetVaults"},
		{"", "", "/v1/vaults", "GetVaults"},
		{"GET", "", "/v1/vaults/", "GetVaults"},
		{"GET", "", "/v1/%76aults?filter=x", "GetVaults"},
		{"GET", "", "/v1/vaults//", ""},
		{"GET", "", "//v1/vaults", ""},
		{"GET", "", "/v1/vaults/a%2Fb", "GetVaultById"},
		{"GET", "", "/v1/vaults/%5Bobject%20Object%5D/items/", "GetVaultItems"},
		{"PATCH", "", item, "PatchVaultItem"},
		{"BREW", "", item, ""},
		{"GET", "", item + "/nothing", ""},
		{"GET", "", "/heartbeat", "GetHeartbeat"},
		{"GET", "", "/v1/heartbeat", ""},
		{"GET", "/connect", "/connect/v1/vaults", "GetVaults"},
		{"GET", "/connect", "/v1/vaults", ""},
	} {
		u, err := url.Parse("http://host" + test.path)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if op := operation(d, test.base, &http.Request{Method: test.method, URL: u}); op != nil {
			got = op.ID
		}
		if got != test.want {
			t.Errorf("%s %s: %q, want %q", test.method, test.path, got, test.want)
		}
	}
}

func TestOperation_FindsEveryOperation(t *testing.T) {
	t.Parallel()
	d := document(t)
	for _, op := range d.Operations {
		path := strings.NewReplacer("{", "", "}", "").Replace(op.Path)
		if got := operation(d, "", &http.Request{Method: op.Method, URL: &url.URL{Path: path}}); got != op {
			t.Errorf("%s %s is taken for %v", op.Method, path, got)
		}
	}
}
