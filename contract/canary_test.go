package contract

import (
	"bytes"
	"encoding/base64"
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

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/report/reporttest"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// The vaults and the tokens of a server have known secrets, and most rules fail on
// it, so that its responses are shown. Nothing that a run writes may have a secret.
func TestRun_WritesNoSecrets(t *testing.T) {
	var cores []string
	plant := func() string {
		core := fmt.Sprintf("kanarienvogel%02d", len(cores))
		cores = append(cores, core)
		return core + `-"quoted" & <é>`
	}
	world := fixtures.Demo()
	for v := range world.Accounts[0].Vaults {
		vault := &world.Accounts[0].Vaults[v]
		for i := range vault.Items {
			it := &vault.Items[i]
			it.Fields = append(it.Fields,
				fixtures.Field{Label: "planted", Type: "CONCEALED", Value: plant()},
				fixtures.Field{Label: "planted code", Type: "OTP", Value: "otpauth://totp/x?secret=KANARIENVOGELSEE"})
			for f := range it.Fields {
				if it.Fields[f].Purpose == "PASSWORD" && !it.Fields[f].Generate {
					it.Fields[f].Value = plant()
					it.Fields[f].PasswordDetails = &fixtures.PasswordDetails{History: []string{plant()}}
				}
			}
			for f := range it.Files {
				if it.Files[f].Text != "" {
					it.Files[f].Text = plant()
				}
			}
		}
	}
	const token = "kanarienvogeltoken-0123456789-abcdefghij"
	cores = append(cores, "kanarienvogeltoken", "KANARIENVOGELSEE")
	target := mockTarget(t, connecttest.WithFixture(world), connecttest.WithConfig(func(c *mockserver.Config) {
		c.Tokens = map[string]string{"canary": token}
	}))
	target.Token = token
	for _, signed := range append([]string{target.ReaderToken, target.WriterToken, target.OtherToken},
		target.RefusedTokens...) {
		cores = append(cores, signed[strings.LastIndexByte(signed, '.')+1:][:24])
	}
	seen := &trafficLog{next: target.Client.Transport}
	server := http.Handler(transportHandler{seen})
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
		t.Fatalf("too few rules fail to show much: %v", run.Count())
	}
	artefacts, err := reporttest.WriteAll(run)
	if err != nil {
		t.Fatal(err)
	}
	artefacts["progress"], artefacts["ledger"] = progress.String(), ledger.text.String()
	if !strings.Contains(artefacts["json"], redact.Mask) {
		t.Error("nothing is masked in the JSON report: the secrets never got near it")
	}
	found := 0
	for _, core := range cores {
		if strings.Contains(seen.text(), core) {
			found++
		}
		for name, artefact := range artefacts {
			for _, form := range spellings(core) {
				if at := strings.Index(artefact, form); at >= 0 {
					t.Errorf("%s holds %s: ...%s", name, core, artefact[max(0, at-80):min(len(artefact), at+len(form))])
				}
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d of %d secrets ever came over the wire", found, len(cores))
	}
}

// spellings returns the forms in which a secret may be in a text: as it is, as the
// numbers of its bytes, and as base64 in each of the three alignments.
func spellings(core string) []string {
	bytes := strings.Trim(fmt.Sprint([]byte(core)), "[]")
	list := []string{core, url.QueryEscape(core), bytes, strings.ReplaceAll(bytes, " ", ", ")}
	for offset := range 3 {
		text := base64.StdEncoding.EncodeToString([]byte("xyz"[:offset] + core))
		list = append(list, text[4:len(text)-4])
	}
	return list
}

// trafficLog records all requests and responses.
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

// ledgerCopy records the text of a ledger, which the run removes at its end. It reads
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
