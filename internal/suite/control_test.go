package suite_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/control"
)

func TestProbe_RecognizesTheControlAPIOfAMock(t *testing.T) {
	t.Parallel()
	mock := connecttest.NewServer(t, connecttest.WithoutSocket())
	const controlToken = "control-token-of-the-test"
	handler, err := control.New(mock.Mock, controlToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	for name, token := range map[string]string{"token of Connect": mock.Token, "control token": controlToken} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/v1/vaults", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		probe := suite.Probe{Target: server.URL, Status: res.StatusCode, Header: res.Header, Body: body}
		err = probe.Problem()
		if err == nil ||
			!strings.Contains(err.Error(), server.URL+" is the control API of a mock; use the address of its Connect API") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
