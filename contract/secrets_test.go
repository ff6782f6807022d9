package contract

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/conformance"
	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/report/reporttest"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// Most rules fail on a server with known secrets in its vaults and tokens, so the
// reports show its responses. Nothing that a run writes may have a secret.
func TestRun_WritesNoSecrets(t *testing.T) {
	var secrets []string
	newSecret := func() string {
		secret := fmt.Sprintf("kanarienvogel%02d", len(secrets))
		secrets = append(secrets, secret)
		return secret + `-"quoted" & <é>`
	}
	fixture := fixtures.Demo()
	for v := range fixture.Accounts[0].Vaults {
		vault := &fixture.Accounts[0].Vaults[v]
		for i := range vault.Items {
			it := &vault.Items[i]
			it.Fields = append(it.Fields,
				fixtures.Field{Label: "secret", Type: "CONCEALED", Value: newSecret()},
				fixtures.Field{Label: "code with a secret", Type: "OTP", Value: "otpauth://totp/x?secret=KANARIENVOGELSEE"})
			for f := range it.Fields {
				if it.Fields[f].Purpose == "PASSWORD" && !it.Fields[f].Generate {
					it.Fields[f].Value = newSecret()
					it.Fields[f].PasswordDetails = &fixtures.PasswordDetails{History: []string{newSecret()}}
				}
			}
			for f := range it.Files {
				if it.Files[f].Text != "" {
					it.Files[f].Text = newSecret()
				}
			}
		}
	}
	const token = "kanarienvogeltoken-0123456789-abcdefghij"
	secrets = append(secrets, "kanarienvogeltoken", "KANARIENVOGELSEE")
	target := mockTarget(t, connecttest.WithFixture(fixture), connecttest.WithConfig(func(c *mockserver.Config) {
		c.Tokens = map[string]string{"canary": token}
	}))
	target.Token = token
	for _, signed := range append([]string{target.ReaderToken, target.WriterToken, target.OtherToken},
		target.RefusedTokens...) {
		secrets = append(secrets, signed[strings.LastIndexByte(signed, '.')+1:][:24])
	}
	traffic := &trafficLog{next: target.Client.Transport}
	server := http.Handler(transportHandler{traffic})
	for _, name := range []string{"undeclared-member", "error-has-details", "refusal-repeats-body",
		"refusal-repeats-token", "file-longer", "inline-always"} {
		i := slices.IndexFunc(mutants.All(), func(d mutants.Mutant) bool { return d.Name == name })
		server = mutants.Wrap(server, mutants.All()[i])
	}
	target.Client = &http.Client{Transport: handlerTransport{server}}

	var progress bytes.Buffer
	ledger := &ledgerCopy{name: filepath.Join(t.TempDir(), "ledger")}
	run := mustRun(t, target,
		Options{Ledger: ledger.name, Progress: io.MultiWriter(&progress, ledger), Timing: noWaiting()})
	if run.Count()[report.Fail] < 20 {
		t.Fatalf("too few rules fail: %v", run.Count())
	}
	texts, err := reporttest.WriteAll(run)
	if err != nil {
		t.Fatal(err)
	}
	texts["progress"], texts["ledger"] = progress.String(), ledger.text.String()
	var written [4]strings.Builder
	reports := []*conformance.Report{Conformance(run, ConformanceOptions{Command: "connectmock contract run"})}
	err = errors.Join(reports[0].JSON(&written[0]), reports[0].Statement(&written[1], conformance.Subject{}),
		conformance.HTML(&written[2], reports), WriteDeviations(&written[3], run, time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	texts["conformance"], texts["in-toto"] = written[0].String(), written[1].String()
	texts["matrix"], texts["deviations"] = written[2].String(), written[3].String()
	if !strings.Contains(texts["json"], redact.Mask) {
		t.Error("nothing is masked in the JSON report, so no secrets were shown")
	}
	found := 0
	for _, secret := range secrets {
		if strings.Contains(traffic.text(), secret) {
			found++
		}
		for name, text := range texts {
			for _, form := range secretEncodings(secret) {
				if at := strings.Index(text, form); at >= 0 {
					t.Errorf("%s has %s: ...%s", name, secret, text[max(0, at-80):min(len(text), at+len(form))])
				}
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d of %d secrets were in requests and responses", found, len(secrets))
	}
}

// secretEncodings returns the forms in which a secret may be in a text: as it is,
// URL-encoded, as the numbers of its bytes, and as base64 in the three alignments.
func secretEncodings(core string) []string {
	bytes := strings.Trim(fmt.Sprint([]byte(core)), "[]")
	list := []string{core, url.QueryEscape(core), bytes, strings.ReplaceAll(bytes, " ", ", ")}
	for offset := range 3 {
		text := base64.StdEncoding.EncodeToString([]byte("xyz"[:offset] + core))
		list = append(list, text[4:len(text)-4])
	}
	return list
}

// trafficLog is a transport that records the headers of requests and the bodies of
// responses.
type trafficLog struct {
	next    http.RoundTripper
	mu      sync.Mutex
	content bytes.Buffer
}

func (s *trafficLog) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := s.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(data))
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(&s.content, "%v\n%s\n", r.Header, data)
	return res, err
}

func (s *trafficLog) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.content.String()
}

// ledgerCopy records the text of a ledger, which a run removes when it ends. It reads
// the ledger whenever the run reports progress.
type ledgerCopy struct {
	name string
	text bytes.Buffer
}

func (k *ledgerCopy) Write(p []byte) (int, error) {
	if data, err := os.ReadFile(k.name); err == nil {
		k.text.Write(data)
	}
	return len(p), nil
}
