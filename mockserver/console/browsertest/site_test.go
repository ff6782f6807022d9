package browsertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/1Password/connect-sdk-go/connect"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/console"
	"github.com/connectmock/connectmock/mockserver/control"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// site is a mock as `connectmock serve` starts it: Connect on one port, the console beside the control on another.
type site struct {
	t       *testing.T
	mock    *mockserver.Server
	connect *httptest.Server
	control *httptest.Server
	token   string        // for clients
	link    string        // opens the console once
	finish  chan struct{} // runs of the contract end when it is closed
}

const controlToken = "control-token-of-this-test"

// startSite starts a mock with the demo data.
func startSite(t *testing.T) *site {
	t.Helper()
	mock, err := mockserver.New(t.Context(), mockserver.Config{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, mock: mock, link: console.NewLink(), finish: make(chan struct{})}
	if s.token, err = mock.FirstToken(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.connect = httptest.NewServer(mock)
	s.control = httptest.NewUnstartedServer(nil)
	address := "http://" + s.control.Listener.Addr().String()
	pages, err := console.New(console.Options{
		Server: mock, Link: s.link, ControlToken: controlToken, Suites: suites(s.finish),
		About: console.About{
			Build: "1.2.3", URL: s.connect.URL, Control: address, Store: mockserver.MemoryStore,
			Document: "our own", Token: s.token,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	api, err := control.New(mock, controlToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.control.Config.Handler = console.Beside(pages, api)
	s.control.Start()
	t.Cleanup(func() {
		for _, server := range []*httptest.Server{s.control, s.connect} {
			server.CloseClientConnections()
			server.Close()
		}
		pages.Close()
		if err := mock.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// suites are a contract of two rules, which ends when a channel is closed, and a library of one scenario.
func suites(finish <-chan struct{}) *console.Suites {
	result := &console.SuiteResult{
		Headline: "1 passed, 1 failed", Took: 1200 * time.Millisecond,
		Cases: []console.Case{{ID: "items/get", Title: "returns the item", State: "failed", Bad: true,
			Text: "status: 503, want 200", Curl: []string{`curl -i "$OP_CONNECT_HOST/v1/vaults"`}}},
		Coverage: []console.CoverageLine{{Operation: "GetVaults", Status: "200", Seen: 3}, {Operation: "GetVaults", Status: "401"}},
		Write: func(w io.Writer, format string) error {
			_, err := io.WriteString(w, format)
			return err
		},
	}
	return &console.Suites{
		Rules: func() []console.Rule {
			return []console.Rule{
				{ID: "items/get", Tag: "items", Level: "must", Text: "returns the item", Evidence: "D"},
				{ID: "vaults/list", Tag: "vaults", Level: "must", Text: "lists the vaults", Evidence: "D"},
			}
		},
		RunContract: func(ctx context.Context, _ []string, _ func(int, int)) (*console.SuiteResult, error) {
			select {
			case <-finish:
				return result, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		},
		Scenarios: func() ([]console.Scenario, error) {
			return []console.Scenario{{Name: "token-expiry", Title: "A token expires", About: "While a program runs.",
				Text: "id: token-expiry\n"}}, nil
		},
		RunScenario: func(_ context.Context, _, _ string, onStep func(console.Step)) (*console.SuiteResult, error) {
			onStep(console.Step{Scenario: "token-expiry", Name: "read", Title: "reads an item", State: "done"})
			return result, nil
		},
	}
}

// at returns the address of a path of the console.
func (s *site) at(path string) string { return s.control.URL + console.Mount + path }

// signIn opens the console in a new tab by the link.
func (s *site) signIn() *tab {
	s.t.Helper()
	b := newTab(s.t)
	b.open(console.Address(s.control.URL, s.link))
	b.waitHeading("Overview")
	return b
}

// vault returns the id of a vault.
func (s *site) vault(name string) string {
	s.t.Helper()
	all, err := s.mock.Vaults(s.t.Context(), "")
	if err != nil {
		s.t.Fatal(err)
	}
	for _, v := range all {
		if v.Name == name {
			return v.ID
		}
	}
	s.t.Fatalf("there is no vault %s", name)
	return ""
}

// item returns the id of the first item with a title.
func (s *site) item(vault, title string) string {
	s.t.Helper()
	list, err := s.mock.Items(s.t.Context(), controlapi.ItemQuery{Vault: vault, Search: title, Limit: 1})
	if err == nil && len(list.Items) == 0 {
		err = fmt.Errorf("there is no item %s", title)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return list.Items[0].ID
}

// create creates an item.
func (s *site) create(vault string, in connect.ItemInput) string {
	s.t.Helper()
	id, err := s.mock.CreateItem(s.t.Context(), "", vault, in)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// call sends a request to Connect and returns its status.
func (s *site) call(method, path, token, userAgent string) int {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.connect.URL+path, strings.NewReader(""))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("User-Agent", userAgent)
	response, err := s.connect.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = io.Copy(io.Discard, response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode
}

// loginItem returns a login with a password and an address.
func loginItem(title, url string) connect.ItemInput {
	return connect.ItemInput{
		Title: title, Category: "LOGIN", Tags: []string{title}, URLs: []connect.URL{{Href: url, Primary: true}},
		Fields: []connect.FieldInput{
			{Purpose: "USERNAME", Value: title}, {Purpose: "PASSWORD", Value: "open-sesame-42"},
		},
	}
}

// sdk returns the official Go client, as programs create it.
func (s *site) sdk(userAgent string) sdk.Client {
	return sdk.NewClientWithUserAgent(s.connect.URL, s.token, userAgent)
}

// countItems returns how many items of a vault a search finds.
func (s *site) countItems(vault, search string) int {
	s.t.Helper()
	list, err := s.mock.Items(s.t.Context(), controlapi.ItemQuery{Vault: vault, Search: search, Limit: 1})
	if err != nil {
		s.t.Fatal(err)
	}
	return list.Matched
}

// containsAny reports whether a text contains one of the words.
func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}
