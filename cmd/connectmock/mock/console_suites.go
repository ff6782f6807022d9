package mock

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/console"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios"
)

// consoleSuites returns the suites that the console of a mock runs against it, as any client does: over its address,
// with tokens, and with its control. Both work in accounts of their own, which they delete.
func (m *Mock) consoleSuites() *console.Suites {
	go func() { _, _ = readLibrary() }() // before its page is opened
	return &console.Suites{
		Rules:       consoleRules,
		RunContract: m.runContractInConsole,
		Scenarios:   consoleScenarios,
		RunScenario: m.runScenarioInConsole,
	}
}

// consoleRules returns the rules of the contract.
func consoleRules() (list []console.Rule) {
	for _, r := range contract.Rules() {
		list = append(list, console.Rule{
			ID: r.ID, Tag: r.Tag, Level: string(r.Level), Text: r.Text, Evidence: r.Evidence, Operations: r.Operations,
		})
	}
	return list
}

// runContractInConsole runs the rules that match, all for none, in a new account with the demo data, so that they find
// the same whatever the user's data is, and leave it as it is.
func (m *Mock) runContractInConsole(
	ctx context.Context, rules []string, onProgress func(done, total int),
) (*console.SuiteResult, error) {
	o := contract.Options{
		Rules:    rules,
		OnResult: func(done, total int, _ report.Result) { onProgress(done, total) },
	}
	if version := m.settings.connectVersion; version != mockserver.DefaultConnectVersion {
		o.AgainstVersion = version
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	name := "contract-" + strings.ToLower(rand.Text()[:8])
	account, err := m.Server.CreateAccount(ctx, controlapi.NewAccount{Name: name})
	if err != nil {
		return nil, err
	}
	run, err := m.runContractIn(ctx, account, o)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if err := m.Server.DeleteAccount(ctx, account.ID); err != nil && run != nil {
		run.Errors = append(run.Errors, "the account of the run was not deleted: "+err.Error())
	}
	if run == nil {
		return nil, err
	}
	if err != nil {
		run.Errors = append(run.Errors, err.Error())
	}
	return consoleResult(run), nil
}

// runContractIn loads the demo data into an account and runs the rules there.
func (m *Mock) runContractIn(
	ctx context.Context, account controlapi.Account, o contract.Options,
) (*report.Run, error) {
	if _, err := m.Server.LoadFixture(ctx, account.ID, fixtures.DemoWithoutTokens(), false); err != nil {
		return nil, err
	}
	client := m.ownClient(true)
	defer client.CloseIdleConnections()
	return contract.Run(ctx, contract.Target{
		Name: "this mock", URL: m.url, Token: account.Token, AllowWrites: true, OnlyMock: true,
		Control: m.ControlClient(), Client: client,
	}, o)
}

// readLibrary returns the scenarios of the library. They are parsed once, which takes longer than a page may.
var readLibrary = sync.OnceValues(func() ([]*scenarios.Scenario, error) {
	return scenarios.LoadDir(scenarios.Library(), ".")
})

// consoleScenarios returns the scenarios of the library.
func consoleScenarios() (list []console.Scenario, err error) {
	all, err := readLibrary()
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		text, err := fs.ReadFile(scenarios.Library(), s.File)
		if err != nil {
			return nil, err
		}
		list = append(list, console.Scenario{Name: s.ID, Title: s.Title, About: strings.TrimSpace(s.About), Text: string(text)})
	}
	return list, nil
}

// runScenarioInConsole runs a scenario of the library, or the text of one if there is no name. Each has an account of
// its own.
func (m *Mock) runScenarioInConsole(
	ctx context.Context, name, text string, onStep func(console.Step),
) (*console.SuiteResult, error) {
	s, err := findScenario(name, text)
	if err != nil {
		return nil, err
	}
	run, err := scenarios.Run(ctx, scenarios.Target{
		Name: "this mock", URL: m.url, Token: m.Token, AllowWrites: true, Control: m.ControlClient(),
		Client: m.ownClient(false),
	}, []*scenarios.Scenario{s}, scenarios.Options{
		Parallel: 1, // so that the steps are in order
		OnStep: func(s scenarios.Step) {
			onStep(console.Step{Scenario: s.Scenario, Name: s.Name, Title: s.Title, State: string(s.State)})
		},
	})
	if err != nil {
		return nil, err
	}
	return consoleResult(run), nil
}

// findScenario returns a scenario of the library by its name, or that of a text without a name.
func findScenario(name, text string) (*scenarios.Scenario, error) {
	if name == "" {
		return scenarios.Load(scenarioText(text), scenarioFile)
	}
	all, err := readLibrary()
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, s := range all {
		if s.ID == name {
			return s, nil
		}
		ids = append(ids, s.ID)
	}
	return nil, fmt.Errorf("the library has no scenario %q%s", name, nearest.HintSimilar(name, ids))
}

// scenarioFile is the name of a text in messages about its mistakes.
const scenarioFile = "your-scenario.yaml"

// scenarioText is a folder with a scenario, beside the library, whose fragments it may include.
type scenarioText string

// Open opens the text, or a file of the library.
func (s scenarioText) Open(name string) (fs.File, error) {
	if name == scenarioFile {
		return openText{strings.NewReader(string(s))}, nil
	}
	return scenarios.Library().Open(name)
}

// openText is the text of a scenario as an open file.
type openText struct{ *strings.Reader }

// Stat returns an error: nothing needs to know more than the text.
func (openText) Stat() (fs.FileInfo, error) { return nil, errors.ErrUnsupported }

// Close does nothing.
func (openText) Close() error { return nil }

// consoleResult returns a run as the console shows it.
func consoleResult(run *report.Run) *console.SuiteResult {
	out := &console.SuiteResult{
		Headline: run.Headline() + ". " + run.Verdict(), Passed: run.ExitCode() == report.Kept, Took: run.Took.Round(10 * time.Millisecond),
		Write: func(w io.Writer, format string) error { return report.Writers()[format](w, run) },
	}
	for _, problem := range run.Problems() {
		out.Cases = append(out.Cases, console.Case{ID: "run", State: "problem", Text: problem, Bad: true})
	}
	for _, state := range report.States() {
		for _, x := range run.Results {
			if x.State == state && state != report.Pass && state != report.Disabled {
				out.Cases = append(out.Cases, consoleCase(x))
			}
		}
	}
	for _, row := range run.Coverage {
		out.Coverage = append(out.Coverage, console.CoverageLine{
			Operation: row.Operation, Status: row.Status, Seen: row.Attempts, Reason: row.Reason,
		})
	}
	return out
}

// consoleCase returns what did not pass as the console shows it.
func consoleCase(x report.Result) console.Case {
	parts := slices.DeleteFunc([]string{x.Reason, x.Failure}, func(text string) bool { return text == "" })
	return console.Case{
		ID: x.ID, Title: x.Title, State: string(x.State), Text: strings.Join(parts, "\n"), Curl: x.Curl,
		Bad: slices.Contains([]report.State{report.Fail, report.UnexpectedPass, report.Error, report.NotRun}, x.State),
	}
}

// ControlClient returns a client of the control of this mock.
func (m *Mock) ControlClient() *controlapi.Client {
	return &controlapi.Client{URL: m.control.url(), Token: m.control.token}
}

// ownClient returns a client that talks to this mock and to no other server, whoever signed its certificate: the
// certificate itself is known.
func (m *Mock) ownClient(keepAlive bool) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy, transport.DisableKeepAlives = nil, !keepAlive
	if m.settings.TLS.on() {
		own := m.http.TLSConfig.Certificates[0].Certificate[0]
		transport.TLSClientConfig = &tls.Config{
			InsecureSkipVerify: true, // VerifyConnection compares the certificate
			VerifyConnection: func(state tls.ConnectionState) error {
				if len(state.PeerCertificates) == 0 || !slices.Equal(state.PeerCertificates[0].Raw, own) {
					return errors.New("another server has the address of this mock: it has another certificate")
				}
				return nil
			},
		}
	}
	return &http.Client{Transport: transport}
}
