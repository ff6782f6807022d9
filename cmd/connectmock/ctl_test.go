package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// fakeControl is a control API with the same response to every request.
type fakeControl struct {
	*httptest.Server
	requests []string // "METHOD /path?query body"
}

func newFakeControl(t *testing.T, status int, response string) *fakeControl {
	t.Helper()
	x := &fakeControl{}
	x.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // a short body fails the comparison
		x.requests = append(x.requests, strings.TrimSpace(r.Method+" "+r.URL.String()+" "+string(body)))
		w.Header().Set(controlapi.Header, controlapi.Version)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, response) // the client reports a short response
	}))
	t.Cleanup(x.Close)
	return x
}

// ctl runs a command of ctl and returns its exit code and output.
func (x *fakeControl) ctl(t *testing.T, args ...string) (code int, output string) {
	t.Helper()
	var out bytes.Buffer
	std := &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out, Environ: []string{
		"CONNECTMOCK_CONTROL=" + x.URL, "CONNECTMOCK_CONTROL_TOKEN=hunter2", "CONNECTMOCK_TOKEN=ci=hunter3",
	}}
	code = run(t.Context(), append([]string{"ctl"}, args...), std)
	if strings.Contains(out.String(), "hunter") {
		t.Errorf("%q shows a token: %s", args, out.String())
	}
	return code, out.String()
}

// The token of serve in the environment has no effect.
func TestCtl_SendsTheRequestOfItsFlags(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ args, request string }{
		{"reset", `POST /reset {}`},
		{"reset --account a", `POST /reset {"account":"a"}`},
		{"account create", `POST /accounts {}`},
		{"account create mine --from b --snapshot s", `POST /accounts {"name":"mine","from":"b","snapshot":"s"}`},
		{"account delete mine", `DELETE /accounts/mine`},
		{"snapshot save s", `POST /snapshots {"name":"s"}`},
		{"snapshot restore s --account a", `POST /snapshots/s/restore?account=a`},
		{"snapshot delete s", `DELETE /snapshots/s`},
		{"clock set 2030-01-31", `PUT /clock {"set":"2030-01-31T00:00:00Z"}`},
		{"clock advance -- -90m", `PUT /clock {"advance":"-1h30m0s"}`},
		{"clock freeze --account a", `PUT /clock?account=a {"frozen":true}`},
		{"clock resume", `PUT /clock {"frozen":false}`},
		{"clock real", `PUT /clock {"real":true}`},
		{"token create t --permission read --expires 5m",
			`POST /tokens {"name":"t","permission":"read","expiresIn":"5m0s"}`},
		{"token create t --vault Office=read,Kitchen",
			`POST /tokens {"name":"t","vaults":{"Kitchen":"read-write","Office":"read"}}`},
		{"token change t --permission none", `PATCH /tokens/t {"permission":""}`},
		{"token change t --no-vaults --expires never",
			`PATCH /tokens/t {"vaults":{},"expiresAt":"0001-01-01T00:00:00Z"}`},
		{"token revoke t", `DELETE /tokens/t`},
		{"fault add f --operation GetVaults,GetVaultItems --times 2 --abort 429 --header Retry-After:1",
			`POST /faults {"name":"f","operations":["GetVaults","GetVaultItems"],"times":2,"abort":{"status":429},"headers":{"Retry-After":"1"}}`},
		{"fault add --delay 1ms..2ms --percentage 5 --seed 1 --per-token",
			`POST /faults {"percentage":5,"seed":1,"per":"token","delay":{"uniform":{"min":"1ms","max":"2ms"}}}`},
		{"fault add --delay 1ms~0.5 --drip 2/3ms --truncate=-1",
			`POST /faults {"delay":{"logNormal":{"median":"1ms","sigma":0.5}},"truncate":-1,"drip":{"bytes":2,"every":"3ms"}}`},
		{"fault add --preset sync-down --lag 2s --vault Office --token ci",
			`POST /faults {"vault":"Office","token":"ci","preset":"sync-down","lag":"2s"}`},
		{"fault remove f", `DELETE /faults/f`},
		{"fault reset", `DELETE /faults`},
		{"journal list --status 4xx --caller ci --limit 5", `GET /journal?caller=ci&limit=5&status=4xx`},
		{"journal clear --account a", `DELETE /journal?account=a`},
		{"journal explain 7", `GET /journal/7/explanation`},
	} {
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			x := newFakeControl(t, http.StatusOK, "{}")
			code, output := x.ctl(t, strings.Fields(tt.args)...)
			if diff := cmp.Diff([]string{tt.request}, x.requests); code != 0 || diff != "" {
				t.Errorf("exit code %d, requests (-want +got):\n%s\n%s", code, diff, output)
			}
		})
	}
}

func TestCtl_EndsWith2IfTheMockRefusesARequest(t *testing.T) {
	t.Parallel()
	x := newFakeControl(t, http.StatusNotFound, `{"status":404,"message":"no account \"x\"; there are: demo"}`)
	code, output := x.ctl(t, "account", "delete", "x")
	if code != cli.ExitUsage || output != "connectmock: no account \"x\"; there are: demo\n" {
		t.Errorf("exit code %d: %s", code, output)
	}
	x = newFakeControl(t, http.StatusUnauthorized, `{"status":401,"message":"the token of the control is wrong"}`)
	code, output = x.ctl(t, "reset")
	if code != cli.ExitUsage || !strings.Contains(output, "the token of the control is wrong") {
		t.Errorf("exit code %d: %s", code, output)
	}
}

func TestCtlVerify_EndsWith1IfRequestsAreMissing(t *testing.T) {
	t.Parallel()
	x := newFakeControl(t, http.StatusOK, `{"ok":false,"problems":["GetVaults: 0 times, not 1"]}`)
	code, output := x.ctl(t, "journal", "verify", "GetVaults=1")
	if code != cli.ExitFailed || output != "GetVaults: 0 times, not 1\n" {
		t.Errorf("exit code %d: %s", code, output)
	}
	want := []string{`POST /journal/verify {"expect":[{"operation":"GetVaults","count":1}]}`}
	if diff := cmp.Diff(want, x.requests); diff != "" {
		t.Error(diff)
	}
}

func TestFaultAdd_ReadsOneFaultOrAListFromAFile(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"operation: GetVaults\nabort: 500\n":    1,
		"- {delay: 1s}\n- {preset: sync-down}":  2,
		`{"connection": "reset"}`:               1,
		"operation: GetVaults\nabrot: 500\n":    0,
		"- {delay: soon}":                       0,
		"operation: [":                          0,
		"just words":                            0,
		"- {delay: {fixed: 1s, unifrom: null}}": 0,
	} {
		name := filepath.Join(t.TempDir(), "faults.yaml")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		x := newFakeControl(t, http.StatusOK, "{}")
		code, output := x.ctl(t, "fault", "add", "-f", name)
		if len(x.requests) != want || (code == 0) != (want > 0) || code != 0 && !strings.Contains(output, name) {
			t.Errorf("%q: exit code %d, %d requests: %s", text, code, len(x.requests), output)
		}
	}
}
