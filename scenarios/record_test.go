package scenarios_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/google/go-cmp/cmp"
)

// sender sends requests to a mock as a client does.
type sender struct {
	t      *testing.T
	server *connecttest.Server
	token  string
}

// send sends a request and returns the body of the response, which must have a status. A status of 0 is no response.
func (s sender) send(status int, method, path, body string) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if status == 0 {
		if err == nil {
			s.t.Fatalf("%s %s: status %d, want no response", method, path, res.StatusCode)
		}
		return ""
	}
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		s.t.Fatalf("%s %s: status %d, want %d: %s %v", method, path, res.StatusCode, status, got, err)
	}
	return string(got)
}

// createItem creates an item with a secret and returns its id.
func (s sender) createItem(vault, title string) string {
	s.t.Helper()
	body := s.send(200, "POST", "/v1/vaults/"+vault+"/items", `{"title":"`+title+`","category":"LOGIN","vault":{"id":"`+vault+
		`"},"fields":[{"purpose":"PASSWORD","type":"CONCEALED","value":"hunter2-of-the-client"}]}`)
	_, rest, _ := strings.Cut(body, `"id":"`)
	for _, part := range strings.Split(body, `"id":"`) {
		if id := part[:min(26, len(part))]; connect.IsID(id) && id != vault {
			return id
		}
	}
	s.t.Fatalf("no id in %s", rest)
	return ""
}

// record records the journal of a mock and returns the text.
func record(t *testing.T, target scenarios.Target) string {
	t.Helper()
	text, err := scenarios.Record(t.Context(), scenarios.Recording{Control: target.Control})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// replay runs a recorded scenario against the same mock.
func replay(t *testing.T, target scenarios.Target, text string) report.Result {
	t.Helper()
	loaded, err := scenarios.Load(fstest.MapFS{"recorded.yaml": {Data: []byte(text)}}, "recorded.yaml")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	run, err := scenarios.Run(t.Context(), target, []*scenarios.Scenario{loaded}, generousOptions())
	if err != nil {
		t.Fatal(err)
	}
	return run.Results[0]
}

func TestRecord_ReplaysOnTheSameMock(t *testing.T) {
	t.Parallel()
	s, target := mockTarget(t)
	client := sender{t, s, s.Token}
	var vaults []connect.Vault
	getJSON(t, s, "/v1/vaults", &vaults)
	vault := vaults[0].ID
	var seeded []connect.Summary
	getJSON(t, s, "/v1/vaults/"+vault+"/items", &seeded)

	first := client.createItem(vault, "first")
	client.send(200, "GET", "/v1/vaults/"+vault+"/items/"+seeded[0].ID, "")
	second := client.createItem(vault, "second")
	client.send(200, "GET", "/v1/vaults/"+vault+"/items/"+first, "")
	client.send(200, "PATCH", "/v1/vaults/"+vault+"/items/"+first, `[{"op":"replace","path":"/title","value":"x"}]`)
	client.send(200, "PUT", "/v1/vaults/"+vault+"/items/"+seeded[0].ID, `{"id":"`+seeded[0].ID+`","title":"other","category":"`+
		seeded[0].Category+`","vault":{"id":"`+vault+`"}}`)
	client.send(400, "POST", "/v1/vaults/"+vault+"/items", `{"title":`)
	client.send(204, "DELETE", "/v1/vaults/"+vault+"/items/"+first, "")
	client.send(404, "GET", "/v1/vaults/"+vault+"/items/"+first, "")
	client.send(200, "GET", "/v1/vaults/"+vault+"/items/"+second, "")
	client.send(200, "GET", "/v1/vaults/"+vault+"/items?filter=title+eq+%22a%22", "")
	client.send(404, "GET", "/v1/nowhere?x=1&x=2", "")
	client.send(400, "GET", "/v1/vaults/nonsense", "")
	sender{t, s, ""}.send(401, "GET", "/v1/vaults", "")
	sender{t, s, "hunter2-not-a-token"}.send(401, "GET", "/v1/vaults", "")
	reader := sender{t, s, s.NewToken(t, controlapi.Token{Name: "Reader of CI", Vaults: map[string]string{vault: "read"}})}
	reader.send(200, "GET", "/v1/vaults/"+vault, "")
	reader.send(403, "DELETE", "/v1/vaults/"+vault+"/items/"+second, "")
	client.send(200, "GET", "/heartbeat", "")

	text := record(t, target)
	for _, part := range []string{
		"  - {state: token, as: readerOfCI, with: {name: \"Reader of CI\", vaults: {", "capture: {item1: /id}",
		`itemUuid: "{{ item1 }}"`, `itemUuid: "{{ item2 }}"`, "itemUuid: \"" + seeded[0].ID, "as: readerOfCI",
		"# Placeholder: the body is not in the journal.", "# Placeholder: this request had no valid token",
		`filter: "title eq \"a\""`, "finally:", `path: "/v1/nowhere?x=hidden&x=hidden"`, "# Placeholder: values of the query are not in the journal.", "requires: [control]",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%s is missing", part)
		}
	}
	for _, secret := range []string{"hunter2", s.Token, reader.token, target.Control.Token, first, second} {
		if strings.Contains(text, secret) {
			t.Errorf("%.12s... is recorded", secret)
		}
	}
	checkResult(t, replay(t, target, text), report.Pass)
	noOtherAccounts(t, target)
	if again := record(t, target); again != text { // requests of scenarios are not recorded
		t.Errorf("after the replay another scenario is recorded:\n%s", cmp.Diff(text, again))
	}
	if snapshots, err := target.Control.Snapshots(t.Context(), ""); err != nil || len(snapshots) > 0 {
		t.Errorf("%d snapshots are left over (%v)", len(snapshots), err)
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestRecord_ReplaysFaults(t *testing.T) {
	t.Parallel()
	s, target := mockTarget(t)
	client := sender{t, s, s.Token}
	var vaults []connect.Vault
	getJSON(t, s, "/v1/vaults", &vaults)
	for _, f := range []controlapi.Fault{
		{Name: "busy", Operation: "GetVaults", Times: 2, Abort: &controlapi.Abort{Status: 429}, Headers: map[string]string{"Retry-After": "1"}},
		{Name: "gone", Operation: "GetVaultById", Times: 1, Abort: &controlapi.Abort{Status: 503}},
		{Name: "cut", Operation: "GetVaultItems", Times: 1, Connection: "empty"},
		{Name: "done", Operation: "GetVaultItemById", Times: 1, Phase: "after", Abort: &controlapi.Abort{Status: 504}},
		{Name: "not done", Operation: "GetApiActivity", Times: 1, Phase: "before", Connection: "empty"},
	} {
		if _, err := target.Control.AddFault(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	client.send(429, "GET", "/v1/vaults", "")
	client.send(429, "GET", "/v1/vaults", "")
	client.send(200, "GET", "/v1/vaults", "")
	client.send(503, "GET", "/v1/vaults/"+vaults[0].ID, "")
	client.send(0, "GET", "/v1/vaults/"+vaults[0].ID+"/items", "")
	var items []connect.Summary
	getJSON(t, s, "/v1/vaults/"+vaults[0].ID+"/items", &items)
	client.send(504, "GET", "/v1/vaults/"+vaults[0].ID+"/items/"+items[0].ID, "")
	client.send(0, "GET", "/v1/activity", "")
	for _, name := range []string{"gone", "done", "not done"} {
		if err := target.Control.RemoveFault(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	text := record(t, target)
	if err := target.Control.ResetFaults(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"connectmock ctl fault reset", `mock: {faults: [{abort: {status: 429}, headers: {"Retry-After": "1"}, operation: GetVaults, times: 1}]}`,
		"# Placeholder: the mock does not have the fault gone any more.", "error: any", "needs: mock.faults",
		"mock: {faults: [{abort: 504, operation: GetVaultItemById, phase: after, times: 1}]}",
		"mock: {faults: [{connection: empty, operation: GetApiActivity, phase: before, times: 1}]}",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%s is missing", part)
		}
	}
	checkResult(t, replay(t, target, text), report.Pass)
	if t.Failed() {
		t.Log(text)
	}
}

// What the initial data and the journal do not have is a state, so that the scenario passes.
func TestRecord_CreatesWhatNoRequestCreates(t *testing.T) {
	t.Parallel()
	s, target := mockTarget(t)
	fixture := `{"vaults":[{"name":"Added later","items":[{"title":"Added","category":"LOGIN"}]}]}`
	if _, err := target.Control.LoadFixture(t.Context(), "", strings.NewReader(fixture), true); err != nil {
		t.Fatal(err)
	}
	client := sender{t, s, s.Token}
	var vaults []connect.Vault
	getJSON(t, s, "/v1/vaults", &vaults)
	added := vaults[len(vaults)-1]
	for _, v := range vaults {
		if v.Name == "Added later" {
			added = v
		}
	}
	var items []connect.Summary
	getJSON(t, s, "/v1/vaults/"+added.ID+"/items", &items)
	client.send(200, "GET", "/v1/vaults/"+added.ID+"/items/"+items[0].ID, "")
	text := record(t, target)
	for _, part := range []string{"{state: vault, as: vault1}", "{state: item, as: given", "# Placeholder: the initial data has no vault"} {
		if !strings.Contains(text, part) {
			t.Errorf("%s is missing", part)
		}
	}
	checkResult(t, replay(t, target, text), report.Pass)
	if t.Failed() {
		t.Log(text)
	}
}

func TestRecord_ReportsWhatItCannotRecord(t *testing.T) {
	t.Parallel()
	s, target := mockTarget(t)
	_, err := scenarios.Record(t.Context(), scenarios.Recording{Control: target.Control})
	if err == nil || !strings.Contains(err.Error(), "the journal has no requests to record") {
		t.Errorf("%v", err)
	}
	sender{t, s, s.Token}.send(200, "GET", "/v1/vaults", "")
	_, err = scenarios.Record(t.Context(), scenarios.Recording{Control: target.Control, Account: "other"})
	if err == nil || !strings.Contains(err.Error(), `no account "other"; there are: demo`) {
		t.Errorf("%v", err)
	}
	_, err = scenarios.Record(t.Context(), scenarios.Recording{Control: target.Control, After: 1})
	if err == nil || !strings.Contains(err.Error(), "no requests to record after 1") {
		t.Errorf("%v", err)
	}
	_, err = scenarios.Record(t.Context(), scenarios.Recording{Control: target.Control, ID: "two words"})
	if err == nil || !strings.Contains(err.Error(), `the id of the scenario is "two words"`) {
		t.Errorf("%v", err)
	}
	noOtherAccounts(t, target)
}

// The newest requests of other accounts do not displace those of the recorded one.
func TestRecord_FindsRequestsBehindThoseOfOtherAccounts(t *testing.T) {
	t.Parallel()
	s, target := mockTarget(t, connecttest.WithConfig(func(c *mockserver.Config) { c.JournalSize = 2000 }))
	sender{t, s, s.Token}.send(200, "GET", "/v1/vaults", "")
	other := s.NewAccount(t)
	for range 1001 {
		request := httptest.NewRequestWithContext(t.Context(), "GET", "/v1/activity?limit=1", http.NoBody)
		request.Header.Set("Authorization", "Bearer "+other.Token)
		s.Mock.ServeHTTP(httptest.NewRecorder(), request)
	}
	if text := record(t, target); !strings.Contains(text, "call: GetVaults\n") || strings.Contains(text, "GetApiActivity") {
		t.Error(text)
	}
	_, err := scenarios.Record(t.Context(), scenarios.Recording{Control: target.Control, After: 1})
	if err == nil || !strings.Contains(err.Error(), "all 1001 are of other accounts or of scenarios") {
		t.Errorf("%v", err)
	}
}

// The message for an invalid value of a parameter is not expected of its placeholder.
func TestRecord_ReplaysHiddenParameters(t *testing.T) {
	t.Parallel()
	s, target := mockTarget(t)
	client := sender{t, s, s.Token}
	client.send(400, "GET", "/v1/vaults?filter=%zz", "")
	client.send(400, "GET", "/v1/activity?limit=-1&offset=a", "")
	text := record(t, target)
	checkResult(t, replay(t, target, text), report.Pass)
	if t.Failed() {
		t.Log(text)
	}
}

// A token in the path of a request is a placeholder with a comment.
func TestRecord_CommentsHiddenPartsOfPaths(t *testing.T) {
	t.Parallel()
	s, target := mockTarget(t)
	sender{t, s, s.Token}.send(404, "GET", "/v1/"+s.Token, "")
	text := record(t, target)
	for _, want := range []string{"# Placeholder: a part of the path is not in the journal", `path: "/v1/hidden"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, s.Token) {
		t.Error("the scenario contains the token")
	}
	checkResult(t, replay(t, target, text), report.Pass)
}

// Requests that a preset makes fail are replayed with the same fault.
func TestRecord_ReplaysPresets(t *testing.T) {
	t.Parallel()
	for _, preset := range controlapi.PresetNames() {
		t.Run(preset, func(t *testing.T) {
			t.Parallel()
			s, target := mockTarget(t)
			var vaults []connect.Vault
			getJSON(t, s, "/v1/vaults", &vaults)
			f := controlapi.Fault{Preset: preset}
			if preset == "timeout-after-write" {
				f.Delay = &controlapi.Delay{Fixed: 1} // a minute is too long for a test
			}
			if _, err := target.Control.AddFault(t.Context(), f); err != nil {
				t.Fatal(err)
			}
			items := "/v1/vaults/" + vaults[0].ID + "/items"
			item := `{"title":"x","category":"LOGIN","vault":{"id":"` + vaults[0].ID + `"}}`
			for _, request := range [][2]string{{"GET", "/v1/vaults"}, {"GET", items}, {"POST", items}, {"GET", items}, {"GET", "/health"}} {
				req, err := http.NewRequestWithContext(t.Context(), request[0], s.URL+request[1], strings.NewReader(item))
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Authorization", "Bearer "+s.Token)
				req.Header.Set("Content-Type", "application/json")
				if res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req); err == nil {
					res.Body.Close()
				}
			}
			text := record(t, target)
			if err := target.Control.ResetFaults(t.Context(), ""); err != nil {
				t.Fatal(err)
			}
			checkResult(t, replay(t, target, text), report.Pass)
			if t.Failed() {
				t.Log(text)
			}
		})
	}
}
