package report

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/openapi"
)

// canary returns a secret that every encoding changes, and its unique core. Reports are searched for the core, so that
// a partly masked secret is found too.
func canary(n int) (value, core string) {
	core = fmt.Sprintf("kanarienvogel%02d", n)
	return `"<` + core + `>'/+ & ö` + "\n" + core + "-2", core
}

// The run has secrets wherever it can have them, in every encoding. No format of the report may contain one.
func TestRedacted_HasNoSecrets(t *testing.T) {
	t.Parallel()
	secrets := new(redact.Redactor)
	var cores []string
	newSecret := func() string {
		value, core := canary(len(cores))
		cores = append(cores, core)
		secrets.Add(value)
		return value
	}
	encoded := func(s string) string {
		quoted, _ := json.Marshal(s)
		return strings.Join([]string{
			s, string(quoted), fmt.Sprintf("%q", s), url.QueryEscape(s), url.PathEscape(s),
			base64.StdEncoding.EncodeToString([]byte("x" + s)), base64.URLEncoding.EncodeToString([]byte("xy" + s)),
			base64.StdEncoding.EncodeToString([]byte(s)), "indented:\n    " + strings.ReplaceAll(s, "\n", "\n    "),
		}, " | ")
	}

	inPath, inQuery, inHeader, inBody, inAnswer, inAnswerHeader := newSecret(), newSecret(), newSecret(), newSecret(), newSecret(), newSecret()
	inFailure, inReason, inWarning, inError, inTarget, inToken := newSecret(), newSecret(), newSecret(), newSecret(), newSecret(), "token-"+"kanarienvogelT"
	learnt, credential := "kanarienvogelL-learnt", "kanarienvogelC-credential"
	cores = append(cores, "kanarienvogelT", "kanarienvogelL", "kanarienvogelC")
	secrets.AddToken(inToken, "OP_CONNECT_TOKEN")

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Echo", url.QueryEscape(inAnswerHeader))
		w.Header().Set("Set-Cookie", "session=kanarienvogelC")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"echo": encoded(inAnswer), "token": inToken,
			"fields": []any{map[string]any{"type": "CONCEALED", "value": learnt}},
		})
	}))
	defer server.Close()
	document, err := openapi.Connect()
	if err != nil {
		t.Fatal(err)
	}
	recorder := &exchange.Recorder{Document: document, Redactor: secrets}
	scope := recorder.Scope()
	send := func(authorization string) {
		address := server.URL + "/v1/vaults/" + url.PathEscape(inPath) + "?filter=" + url.QueryEscape(inQuery)
		body, _ := json.Marshal(map[string]string{"v": inBody, "w": encoded(inBody)})
		req, err := http.NewRequest("POST", address, strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", authorization)
		req.Header.Set("X-Secret", base64.StdEncoding.EncodeToString([]byte(inHeader)))
		res, err := (&http.Client{Transport: recorder}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
	}
	send("Bearer " + inToken)
	send("Basic " + credential)
	if _, err := (&http.Client{Transport: recorder}).Get("http://127.0.0.1:1/" + url.PathEscape(inPath)); err == nil {
		t.Fatal("the port is closed")
	}

	run := sample()
	for _, e := range scope.Exchanges() {
		run.Results[1].Exchanges = append(run.Results[1].Exchanges, e)
		run.Results[1].Curl = append(run.Results[1].Curl, exchange.Curl(e))
	}
	raw := &exchange.Exchange{ // one that nobody has redacted yet
		Method: "POST", URL: server.URL + "/" + url.PathEscape(inPath), RequestHeader: http.Header{"Authorization": {"Bearer " + inToken}},
		RequestBody: []byte(encoded(inBody)), Status: 200, ResponseBody: []byte(encoded(inAnswer)), Violations: []string{encoded(inAnswer)},
	}
	run.Results[1].Exchanges = append(run.Results[1].Exchanges, raw)
	run.Results[1].Curl = append(run.Results[1].Curl, exchange.Curl(raw))
	run.Results[1].Failure = encoded(inFailure) + inToken + learnt
	run.Results[1].Expected = encoded(inFailure)
	run.Results[3].Reason = encoded(inReason)
	run.Warnings, run.Errors = []string{encoded(inWarning)}, []string{encoded(inError) + credential}
	run.Target = "https://user:kanarienvogelC@example.com/" + url.PathEscape(inTarget)
	run.Capabilities[0].Why, run.Coverage[0].Reason = encoded(inReason), encoded(inReason)

	if !strings.Contains(string(write(t, "json", run)), "kanarienvogel") {
		t.Fatal("the run has no canaries")
	}
	redacted := run.Redacted(secrets)
	for form := range writers() {
		artefact := string(write(t, form, redacted))
		for _, core := range cores {
			// Base64 hides the core from a plain search: look for its stable middle.
			for offset := range 3 {
				text := base64.StdEncoding.EncodeToString([]byte("xyz"[:offset] + core))
				if strings.Contains(artefact, text[4:len(text)-4]) {
					t.Errorf("%s holds %s in base64", form, core)
				}
			}
			if at := strings.Index(artefact, core); at >= 0 {
				t.Errorf("%s holds %s: ...%s", form, core, artefact[max(0, at-60):at+len(core)])
			}
		}
		if !strings.Contains(artefact, "OP_CONNECT_TOKEN") || !strings.Contains(artefact, redact.Mask) {
			t.Errorf("%s does not show where the secrets were", form)
		}
	}
	if strings.Contains(run.Redacted(secrets).Results[3].Reason, "kanarienvogel") || !strings.Contains(run.Results[3].Reason, "kanarienvogel") {
		t.Error("Redacted must change a copy")
	}
}
