package suite_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/connectmock/connectmock/internal/suite"
)

func TestNewClient_DoesNotFollowRedirects(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.RedirectHandler("/elsewhere", http.StatusFound))
	t.Cleanup(server.Close)
	for name, transport := range map[string]http.RoundTripper{
		"own":   suite.Transport(nil, true),
		"given": suite.Transport(server.Client(), true),
	} {
		res, err := suite.NewClient(transport).Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusFound {
			t.Errorf("%s: status %d", name, res.StatusCode)
		}
	}
}

func TestTransport_UsesNoProxyUnlessAClientIsGiven(t *testing.T) {
	t.Parallel()
	for _, keepAlive := range []bool{true, false} {
		got, ok := suite.Transport(nil, keepAlive).(*http.Transport)
		if !ok || got.Proxy != nil || got.DisableKeepAlives == keepAlive {
			t.Errorf("keep alive %t: %+v", keepAlive, got)
		}
	}
	given := &http.Transport{}
	if got := suite.Transport(&http.Client{Transport: given}, false); got != given {
		t.Errorf("the given transport was replaced by %+v", got)
	}
}
