package exchange

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/redact"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestQuote_IsReadUnchangedByAShell(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh to ask: ", err)
	}
	check := func(t interface{ Fatalf(string, ...any) }, text string) {
		out, err := exec.Command(sh, "-c", "printf %s "+quote(text)).Output()
		if err != nil || string(out) != text {
			t.Fatalf("%q came back as %q, %v", text, out, err)
		}
	}
	for _, text := range []string{``, `'`, `''`, `$HOME "x" \ ` + "`id`\n\n", `!@#;&|<>*?[]{}~`, "ö€😀", `-n`, `%s`} {
		check(t, text)
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, strings.ReplaceAll(rapid.String().Draw(t, "text"), "\x00", ""))
	})
}

// shellWords returns the arguments that curl gets from a shell.
func shellWords(t *testing.T, line string) []string {
	t.Helper()
	script := `curl() { for word in "$@"; do printf '%s\0' "$word"; done; }` + "\n" + line + "\n"
	cmd := exec.Command("sh", "-c", script)
	cmd.Env = []string{"OP_CONNECT_HOST=http://the host", "OP_CONNECT_TOKEN=tok en", "OP_CONNECT_READER_TOKEN=rea der"}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("sh cannot read %s: %v", line, err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

func TestCurl_RunsInAShell(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh to ask: ", err)
	}
	for name, test := range map[string]struct {
		exchange Exchange
		want     []string
	}{
		"get": {
			Exchange{Method: "GET", URL: `http://127.0.0.1:8080/v1/vaults?filter=title%20eq%20%22it's%22`,
				RequestHeader: http.Header{"Authorization": {"Bearer $OP_CONNECT_TOKEN"}, "User-Agent": {"x"}}},
			[]string{"http://the host/v1/vaults?filter=title%20eq%20%22it's%22", "-H", "Authorization: Bearer tok en"},
		},
		"another token, a base path": {
			Exchange{Method: "DELETE", URL: "https://host/connect/v1/x", basePath: "/connect",
				RequestHeader: http.Header{"Authorization": {"Bearer $OP_CONNECT_READER_TOKEN"}}},
			[]string{"-X", "DELETE", "http://the host/v1/x", "-H", "Authorization: Bearer rea der"},
		},
		"a bad credential stays bad": {
			Exchange{Method: "GET", URL: "http://h", RequestHeader: http.Header{"Authorization": {redact.Mask}}},
			[]string{"http://the host", "-H", "Authorization: [redacted]"},
		},
		"one that was never redacted": {
			Exchange{Method: "GET", URL: "http://h/", RequestHeader: http.Header{"Authorization": {`Bearer $(id)"`}}},
			[]string{"http://the host/", "-H", "Authorization: Bearer tok en"},
		},
		"body": {
			Exchange{Method: "POST", URL: "http://h/v1/x", RequestBody: []byte("@{\"a\":\"it's\"}\n"), RequestSize: 15,
				RequestHeader: http.Header{"Content-Type": {"application/json"}, "X-Empty": {""}}},
			[]string{"-X", "POST", "http://the host/v1/x", "-H", "Content-Type: application/json", "-H", "X-Empty;", "--data-raw", "@{\"a\":\"it's\"}\n"},
		},
		"body without a type, odd path": {
			Exchange{Method: "PUT", URL: "http://h/v1/../[x]", RequestBody: []byte("x"), RequestSize: 1},
			[]string{"-X", "PUT", "--globoff", "--path-as-is", "http://the host/v1/../[x]", "-H", "Content-Type:", "--data-raw", "x"},
		},
		"head": {Exchange{Method: "HEAD", URL: "http://h/heartbeat"}, []string{"--head", "http://the host/heartbeat"}},
		"body that was cut": {
			Exchange{Method: "PUT", URL: "http://h/", RequestBody: []byte("xx"), RequestSize: 9, RequestCut: true, RequestHeader: http.Header{"Content-Type": {"x"}}},
			[]string{"-X", "PUT", "http://the host/", "-H", "Content-Type: x"},
		},
		"body that is no text": {
			*Redact(&Exchange{Method: "PUT", URL: "http://h/", RequestBody: []byte("\xff"), RequestSize: 1, RequestHeader: http.Header{"Content-Type": {"x"}}}, new(redact.Redactor)),
			[]string{"-X", "PUT", "http://the host/", "-H", "Content-Type: x"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := append([]string{"-sS", "-i"}, test.want...)
			if diff := cmp.Diff(want, shellWords(t, Curl(&test.exchange))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
