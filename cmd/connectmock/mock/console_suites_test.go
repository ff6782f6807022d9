package mock

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/console"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

// consoleUser is a mock with its console, and somebody who has opened it.
type consoleUser struct {
	*Mock
	t    *testing.T
	http *http.Client
}

// startConsoleUser starts a mock with flags, on free ports, and opens its console.
func startConsoleUser(t *testing.T, flags ...string) *consoleUser {
	t.Helper()
	var s Settings
	c := &cobra.Command{}
	s.Bind(c, "127.0.0.1:0", mockserver.MemoryStore, "127.0.0.1:0")
	s.Console.Bind(c)
	if err := c.ParseFlags(flags); err != nil {
		t.Fatal(err)
	}
	m, err := s.Start(t.Context(), &cli.Streams{Err: io.Discard, Out: io.Discard}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	jar, _ := cookiejar.New(nil) // never fails
	u := &consoleUser{Mock: m, t: t, http: &http.Client{Jar: jar}}
	if page := u.open(m.consoleAddress()); !strings.Contains(page, "Scenarios") || !strings.Contains(page, "Contract") {
		t.Fatalf("the console has no pages of the suites:\n%s", page)
	}
	return u
}

// open returns the page at an address, or at a path of the console.
func (u *consoleUser) open(address string) string {
	u.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = u.control.url() + console.Mount + address
	}
	resp, err := u.http.Get(address)
	if err != nil {
		u.t.Fatal(err)
	}
	return u.read(resp)
}

// read returns the text of a page.
func (u *consoleUser) read(resp *http.Response) string {
	u.t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		u.t.Fatal(err)
	}
	text := strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(body), " ")), " ")
	if csrf := regexp.MustCompile(`name="csrf" value="([^"]+)"`).FindSubmatch(body); csrf != nil {
		text += "\ncsrf=" + string(csrf[1])
	}
	return html.UnescapeString(text)
}

// post sends a form of a page to a path of the console, and returns the page it leads to.
func (u *consoleUser) post(page, path string, values ...string) string {
	u.t.Helper()
	_, csrf, _ := strings.Cut(u.open(page), "\ncsrf=")
	form := url.Values{"csrf": {csrf}}
	for i := 0; i < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	r, err := http.NewRequestWithContext(u.t.Context(), http.MethodPost, u.control.url()+console.Mount+path,
		strings.NewReader(form.Encode()))
	if err != nil {
		u.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", u.control.url())
	resp, err := u.http.Do(r)
	if err != nil {
		u.t.Fatal(err)
	}
	return u.read(resp)
}

// runs reports whether a run is under way on a page of the suites.
func (u *consoleUser) runs(page string) bool {
	u.t.Helper()
	return strings.Contains(u.open(page), "Stop the run")
}

// result waits for the end of the run of a page, and returns the page.
func (u *consoleUser) result(page string) string {
	u.t.Helper()
	for u.runs(page) {
	}
	return u.open(page)
}

// awaitInRun waits until another page shows what the run of a page does.
func (u *consoleUser) awaitInRun(page, other, text string) {
	u.t.Helper()
	for !strings.Contains(u.open(other), text) {
		if !u.runs(page) {
			u.t.Fatalf("%s: the run ended before %s had %q:\n%s", page, other, text, u.open(page))
		}
	}
}

// want fails the test if a page lacks one of the texts.
func (u *consoleUser) want(page string, texts ...string) {
	u.t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			u.t.Errorf("the page has no %q:\n%s", text, page)
		}
	}
}

// mockState is what a run must leave as it was.
type mockState struct {
	Changes  []controlapi.Change
	Accounts []controlapi.Account
	Tokens   []controlapi.Token
	Faults   []controlapi.Fault
	Offset   bool
}

// state returns the state of the mock, compared with the snapshot "before".
func (u *consoleUser) state() (s mockState) {
	u.t.Helper()
	ctx := u.t.Context()
	diff, err := u.Server.DiffSnapshots(ctx, "", "before", "")
	if err != nil {
		u.t.Fatal(err)
	}
	s.Changes = diff.Changes
	clock, err := u.Server.Clock(ctx, "")
	if err != nil {
		u.t.Fatal(err)
	}
	s.Offset = clock.Frozen || time.Until(clock.Now).Abs() > time.Minute
	s.Accounts, _ = u.Server.Accounts(ctx)
	s.Tokens, _ = u.Server.ListTokens(ctx, "")
	s.Faults, _ = u.Server.Faults(ctx, "")
	for i := range s.Faults {
		s.Faults[i].Matched, s.Faults[i].Struck = 0, 0
	}
	return s
}

// saveState saves the snapshot that method state compares with, and returns the state.
func (u *consoleUser) saveState() mockState {
	u.t.Helper()
	if _, err := u.Server.SaveSnapshot(u.t.Context(), controlapi.NewSnapshot{Name: "before"}); err != nil {
		u.t.Fatal(err)
	}
	return u.state()
}

func TestConsole_RunsTheContractAndLeavesTheDataAsItWas(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{"plain": nil, "TLS": {"--tls-self-signed"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := startConsoleUser(t, flags...)
			before := u.saveState()
			u.post("/contract", "/contract/run", "rules", "vaults/list nothing/*")
			u.want(u.result("/contract"), "the contract was not run", "nothing/*")
			u.want(u.post("/contract", "/contract/run", "rules", "vaults/* items/create-version-1 isolation/*"),
				"connectmock contract run --target "+u.url)
			u.want(u.result("/contract"),
				"The contract is kept", "GetVaults", "Save the report")
			if strings.Contains(u.open("/contract"), "not tested") {
				t.Errorf("rules were not tested:\n%s", u.open("/contract"))
			}
			report := u.open("/contract/report?format=json")
			u.want(report, `"items/create-version-1"`, `"pass"`)
			if strings.Contains(report, u.Token) || strings.Contains(report, u.control.token) {
				t.Error("the report has a token")
			}
			if diff := cmp.Diff(before, u.state()); diff != "" {
				t.Errorf("the run changed the mock:\n%s", diff)
			}
		})
	}
}

// A run sends many more requests than the journal keeps, and the user's are still in it.
func TestConsole_KeepsTheRequestsOfTheUserDuringRuns(t *testing.T) {
	t.Parallel()
	u := startConsoleUser(t, "--journal-size", "3")
	if resp, err := http.Get(u.url + "/v1/no/such/route"); err != nil || resp.Body.Close() != nil {
		t.Fatal(err)
	}
	u.post("/contract", "/contract/run", "rules", "vaults/*")
	u.want(u.result("/contract"), "The contract is kept")
	u.post("/scenarios", "/scenarios/run", "name", "revoked-token")
	u.want(u.result("/scenarios"), "1 pass")
	journal, err := u.Server.Journal(t.Context(), controlapi.JournalQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if journal.Dropped == 0 || len(journal.Entries) != 4 || journal.Entries[0].Path != "/v1/no/such/route" {
		t.Errorf("%d dropped, %+v", journal.Dropped, journal.Entries)
	}
}

func TestConsole_RunsScenarios(t *testing.T) {
	t.Parallel()
	u := startConsoleUser(t, "--tls-self-signed")
	before := u.saveState()
	u.want(u.post("/scenarios", "/scenarios/run", "name", "revoked-token"),
		"connectmock scenario run library --id revoked-token --target "+u.url)
	u.want(u.result("/scenarios"),
		"Every scenario that ran passed", "1 pass", "done")

	own := "scenario: 1\nid: mine\ntitle: Mine\nsteps:\n  - id: look\n    call: GetVaults\n    expect: {status: 418}\n"
	u.post("/scenarios", "/scenarios/run", "text", own)
	u.want(u.result("/scenarios"), "A scenario failed", "look", "418", "200", "curl")

	u.post("/scenarios", "/scenarios/run", "text", strings.Replace(own, "GetVaults", "GetVault", 1))
	u.want(u.result("/scenarios"), "your scenario was not run", "your-scenario.yaml:6", "GetVaults")
	u.post("/scenarios", "/scenarios/run", "name", "revoked-tokens")
	u.want(u.result("/scenarios"), "revoked-token")
	if diff := cmp.Diff(before, u.state()); diff != "" {
		t.Errorf("the runs changed the mock:\n%s", diff)
	}
}

// holdRequests lets requests of an operation wait for as long as the test runs.
func (u *consoleUser) holdRequests(operation string) {
	u.t.Helper()
	_, err := u.Server.AddFault(u.t.Context(), controlapi.Fault{
		Name: "hold", Operation: operation, Delay: &controlapi.Delay{Fixed: controlapi.Duration(time.Hour)},
	})
	if err != nil {
		u.t.Fatal(err)
	}
}

func TestConsole_CleansUpWhenARunIsStopped(t *testing.T) {
	t.Parallel()
	u := startConsoleUser(t)
	u.holdRequests("PatchVaultItem")
	before := u.saveState()
	u.post("/contract", "/contract/run", "rules", "patch/leaves-the-rest")
	u.awaitInRun("/contract", "/requests?operation=CreateVaultItem", "/v1/vaults/")
	u.want(u.post("/contract", "/contract/stop"), "Stopped the run", "not run")
	if diff := cmp.Diff(before, u.state()); diff != "" {
		t.Errorf("the run of the contract left something:\n%s", diff)
	}
	u.post("/scenarios", "/scenarios/run", "name", "patch-is-all-or-nothing")
	u.awaitInRun("/scenarios", "/scenarios", "begun half-bad")
	u.want(u.post("/scenarios", "/scenarios/stop"), "Stopped the run", "interrupted")
	if diff := cmp.Diff(before, u.state()); diff != "" {
		t.Errorf("the scenario left something:\n%s", diff)
	}
}

func TestServe_StopsWhatItsConsoleRuns(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "mock.db")
	u := startConsoleUser(t, "--store", store)
	before := u.saveState()
	u.holdRequests("PatchVaultItem")
	u.post("/contract", "/contract/run", "rules", "patch/leaves-the-rest")
	u.awaitInRun("/contract", "/requests?operation=CreateVaultItem", "/v1/vaults/")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := u.Serve(ctx, time.Hour); err != nil {
		t.Fatal(err)
	}
	again, err := mockserver.New(t.Context(), mockserver.Config{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	accounts, err := again.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before.Accounts, accounts); diff != "" {
		t.Errorf("accounts are left:\n%s", diff)
	}
}
