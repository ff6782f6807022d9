package mockserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// serverOutput collects all that a server shows of requests: log, OnResponse, journal,
// explanations and metrics.
type serverOutput struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *serverOutput) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *serverOutput) collect(t *testing.T, s *testServer) string {
	t.Helper()
	list := s.journal(t, controlapi.JournalQuery{Limit: 1000})
	document, err := json.Marshal(list)
	must(t, err)
	fmt.Fprintf(b, "%s\n", document)
	for _, e := range list {
		explained, err := s.Mock.Explain(t.Context(), e.ID)
		must(t, err)
		fmt.Fprintf(b, "%+v\n", explained)
	}
	fmt.Fprintf(b, "%s\n", s.get(t, "/metrics").body)
	return b.String()
}

// String returns what was collected so far.
func (b *serverOutput) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// withOutput makes a server write its log and responses to b.
func withOutput(b *serverOutput, change func(*mockserver.Config)) connecttest.Option {
	return connecttest.WithConfig(func(c *mockserver.Config) {
		c.Log = slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug}))
		c.OnResponse = func(a mockserver.ResponseInfo) { fmt.Fprintf(b, "%+v\n", a) }
		if change != nil {
			change(c)
		}
	})
}

// A second start knows only the hashes of plain tokens, which are in the store.
func TestRequests_ShowNoPlainTokens(t *testing.T) {
	t.Parallel()
	const long, odd, short = "kanarienvogel-4711", "kanarienvogel/=x&y", "q7z"
	file := filepath.Join(t.TempDir(), "db")
	for _, c := range []struct {
		name            string
		tokens, secrets []string
	}{
		{"tokens are given", []string{long, odd, short}, []string{long, odd, short}},
		{"a second start", nil, []string{long, short}}, // with its hash alone odd cannot be found within a text
	} {
		t.Run(c.name, func(t *testing.T) {
			given := map[string]string{}
			for i, value := range c.tokens {
				given[fmt.Sprint("given ", i)] = value
			}
			shown := &serverOutput{}
			s := newServer(t, withOutput(shown, func(c *mockserver.Config) { c.Tokens, c.Store = given, file })).withoutCheck()
			for _, secret := range c.secrets {
				s.sendEverywhere(t, "/v1/vaults/"+demo(t).vault("Deployments"), secret)
			}
			all := shown.collect(t, s)
			for _, secret := range append(c.secrets, "kanarienvogel") {
				for _, spelling := range []string{secret, url.QueryEscape(secret)} {
					if at := strings.Index(all, spelling); at >= 0 {
						t.Errorf("%q is shown: ...%s", spelling, all[max(0, at-200):at+len(spelling)])
					}
				}
			}
			if !strings.Contains(all, "[hidden]") {
				t.Error("nothing is masked: no token came near")
			}
		})
	}
}

// sendEverywhere sends requests with a text in each place where a token may be put by
// mistake.
func (r *testServer) sendEverywhere(t *testing.T, vault, text string) {
	t.Helper()
	path, query := url.PathEscape(text), url.QueryEscape(text)
	for _, target := range []string{
		"/v1/" + path, "/" + path, "/v1/vaults/" + path, "/v1/vaults/" + path + "/items", vault + "/items/" + path,
		vault + "/items/" + path + "/files/" + path + "/content", "/v1/vaults/Bearer%20" + path,
		"/v1/vaults?filter=title+eq+%22" + query + "%22", vault + "/items?filter=title+eq+%22" + query + "%22",
		vault + "/items?filter=tag+co+%22" + query + "%22", vault + "/items?filter=" + query,
		"/v1/vaults?token=" + query, "/v1/vaults?" + query, "/v1/activity?limit=" + query, "/v1/activity?offset=" + query,
		vault + "/items/" + noItem + "/files?inline_files=" + query,
	} {
		r.get(t, target)
		r.get(t, target, header("User-Agent", "client "+text), header("X-Token", text))
	}
	r.send(t, "DELETE", vault+"/items/"+path, nil)
	r.get(t, "/v1/vaults", token(text)).wantOK(t)
}

func TestFilters_ShowOnlyValuesOfKnownAttributes(t *testing.T) {
	t.Parallel()
	shown := &serverOutput{}
	s := newServer(t, withOutput(shown, nil)).withoutCheck()
	items := demo(t).items("Deployments") + "?filter="
	for filter, want := range map[string]string{
		`title eq "Web Shop"`:                          "filter=title+eq+%22Web+Shop%22",
		`tag eq "a" and title co "b"`:                  "filter=tag+eq+%22a%22+and+title+co+%22b%22",
		`password eq "kanarie"`:                        "filter=password+eq+[hidden]",
		`title eq "a" and password eq "kanarie"`:       "filter=title+eq+[hidden]%2C+password+eq+[hidden]",
		`fields.value co "kanarie"`:                    "filter=fields.value+co+[hidden]",
		`title eq "a" or "kanarie"`:                    "filter=title+eq+[hidden]",
		`title eq 'kanarie'`:                           "filter=title+eq+[hidden]",
		`title eq "kanarie`:                            "filter=title+eq+[hidden]",
		`kanarie`:                                      "filter=[hidden]",
		`password = "kanarie"`:                         "filter=[hidden]",
		`title eq "` + strings.Repeat("kanarie", 2000): "filter=",
	} {
		s.get(t, items+url.QueryEscape(filter))
		list := s.journal(t, controlapi.JournalQuery{})
		if got := list[len(list)-1].Query; got != want && want != "filter=" {
			t.Errorf("%.60s is shown as %s, want %s", filter, got, want)
		}
	}
	s.get(t, items+"%zz-kanarie")
	s.get(t, items+url.QueryEscape(`title eq "a"`)+"&filter="+url.QueryEscape(`password eq "kanarie"`))
	if all := shown.collect(t, s); strings.Contains(all, "kanarie") {
		t.Errorf("a value is shown:\n%s", all)
	}
}

func TestTokens_ByValueAreRefusedWithoutShowingThem(t *testing.T) {
	t.Parallel()
	const value = "kanarienvogel-4711"
	s := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.Tokens = map[string]string{"ci": value} })).withoutCheck()
	for _, secret := range []string{value, s.Token} {
		fault := controlapi.Fault{Token: secret, Abort: &controlapi.Abort{Status: 503}}
		_, faultErr := s.Mock.AddFault(t.Context(), fault)
		_, changeErr := s.Mock.ChangeToken(t.Context(), "", secret, controlapi.TokenChange{})
		_, journalErr := s.Mock.Journal(t.Context(), controlapi.JournalQuery{Caller: secret})
		for _, err := range []error{faultErr, changeErr, journalErr, s.Mock.RevokeToken(t.Context(), "", secret)} {
			wantControlError(t, err, 404, "not by its value")
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error repeats the token: %v", err)
			}
		}
	}
}
