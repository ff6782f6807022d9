package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
)

// startSuites starts a mock whose console runs the suites. A run waits until the test lets it go on.
func startSuites(t *testing.T) (b *browser, goOn chan struct{}) {
	t.Helper()
	return startSuitesWith(t, mockserver.Config{Seed: 7})
}

// startSuitesWith is startSuites for a mock with a configuration.
func startSuitesWith(t *testing.T, config mockserver.Config) (b *browser, goOn chan struct{}) {
	t.Helper()
	goOn = make(chan struct{})
	wait := func(ctx context.Context) error {
		select {
		case <-goOn:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	result := func(headline string, passed bool) *SuiteResult {
		return &SuiteResult{
			Headline: headline, Passed: passed, Took: time.Second,
			Cases:    []Case{{ID: "vaults/list", Title: "<b>Lists</b>", State: "fail", Text: "expected 200\ngot 503", Bad: true}},
			Coverage: []CoverageLine{{Operation: "GetVaults", Status: "200", Seen: 3}},
			Write: func(w io.Writer, format string) error {
				_, err := fmt.Fprintf(w, "the report as %s", format)
				return err
			},
		}
	}
	b = startWithSuites(t, config, &Suites{
		Rules: func() []Rule {
			return []Rule{{"vaults/list", "Vaults", "MUST", "It lists vaults.", "[documented] documented", []string{"GetVaults"}}}
		},
		RunContract: func(ctx context.Context, rules []string, onProgress func(int, int)) (*SuiteResult, error) {
			if len(rules) == 1 && rules[0] == "nothing" {
				return nil, errors.New(`no rule matches "nothing"`)
			}
			if len(rules) == 1 && rules[0] == "panic" {
				panic("the suite is broken")
			}
			onProgress(1, 2)
			return result(fmt.Sprintf("1 fail of %v", rules), false), wait(ctx)
		},
		Scenarios: func() ([]Scenario, error) {
			return []Scenario{{Name: "slow", Title: "A slow one", About: "It is slow.", Text: "id: slow\n"}}, nil
		},
		RunScenario: func(ctx context.Context, name, text string, onStep func(Step)) (*SuiteResult, error) {
			onStep(Step{"slow", "step 1", "Read", "begun"})
			onStep(Step{"slow", "step 1", "Read", "done"})
			onStep(Step{"slow", "step 2", "Write", "begun"})
			if err := wait(ctx); err != nil {
				return nil, err
			}
			return result("1 pass: "+name+text, true), nil
		},
	})
	b.get(Mount+openPath+"?"+linkParameter+"="+linkSecret).expect(200, "Scenarios", "Contract")
	return b, goOn
}

// waitFor loads a page until it contains a text.
func (b *browser) waitFor(path, want string) *document {
	b.t.Helper()
	for {
		if page := b.get(path); page.contains(want) {
			return page
		}
		if b.t.Context().Err() != nil {
			b.t.Fatalf("%s never contained %q", path, want)
		}
	}
}

func TestContract_RunsAndKeepsTheReport(t *testing.T) {
	t.Parallel()
	b, goOn := startSuites(t)
	b.get("/contract/report?format=html").expect(404, "run the contract first")
	b.get("/contract").submit("/contract/run", "rules", "vaults/* items/get").
		expect(200, "Running the contract", "connectmock contract run --target http://127.0.0.1:8080 --control http://127.0.0.1:8081 --allow-writes=mock --rule 'vaults/*' --rule items/get")
	b.waitFor("/contract", "1 of 2").submit("/contract/run").expect(409, "A run is under way")
	close(goOn)
	b.waitFor("/contract", "1 fail of [vaults/* items/get]").
		expect(200, "vaults/list", "<b>Lists</b>", "expected 200", "GetVaults", "!<b>Lists")
	for format, name := range map[string]string{
		"html": "contract.html", "json": "contract.json", "markdown": "contract.md", "junit": "contract.xml",
	} {
		report := b.get("/contract/report?format="+format).expect(200, "the report as "+format)
		if got := report.header.Get("Content-Disposition"); got != "attachment; filename="+name {
			t.Errorf("%s: got %q, want it saved as %s", format, got, name)
		}
	}
	b.get("/contract/report?format=exe").expect(404)
	b.get("/contract/rules").expect(200, "vaults/list", "MUST", "It lists vaults.", "[documented] documented")
	b.get("/contract/rules?operation=GetVaults").expect(200, "Rules of the contract that call GetVaults", "vaults/list")
	b.get("/contract/rules?operation=GetVaultById").expect(200, "No rule", "!vaults/list")
}

func TestContract_SaysWhyNothingWasRun(t *testing.T) {
	t.Parallel()
	b, _ := startSuites(t)
	b.get("/contract").submit("/contract/run", "rules", "nothing").expect(200)
	b.waitFor("/contract", `no rule matches "nothing"`)
	b.get("/contract").submit("/contract/run", "rules", "panic").expect(200)
	b.waitFor("/contract", "panic: the suite is broken")
}

func TestScenarios_ShowStepsWhileTheyRun(t *testing.T) {
	t.Parallel()
	b, goOn := startSuites(t)
	b.get("/scenarios").expect(200, "A slow one", "It is slow.").submit("/scenarios/run", "name", "slow").
		expect(200, "Running slow", "connectmock scenario run library --id slow --target")
	b.waitFor("/scenarios", "begun step 2 Write").expect(200, "done step 1 Read")
	close(goOn)
	b.waitFor("/scenarios", "slow: 1 pass: slow in 1s")
	b.get("/scenarios/source?name=slow").expect(200, "id: slow")
	b.get("/scenarios/source?name=none").expect(404, "no such scenario")
	b.get("/scenarios").submit("/scenarios/run", "name", "", "text", "id: own").expect(200, "Running your scenario")
	b.waitFor("/scenarios", "1 pass: id: own")
	b.get("/scenarios").submit("/scenarios/run", "name", "", "text", "").expect(400, "Choose a scenario, or write one")
}

func TestScenarios_BeginWithARequest(t *testing.T) {
	t.Parallel()
	b, _ := startSuites(t)
	b.callMock(b.firstToken(), "GET", "/v1/vaults?filter=title+eq+%22x%22", "")
	link := attribute(b.get("/requests/1").expect(200, "What the contract promises of GetVaults").all("a", "class", "button")[1], "href")
	b.get(strings.TrimSuffix(link, "#own")).expect(200, "title: What request 1 did", "steps: - id: request-1 call: GetVaults with:")
	b.get("/scenarios?request=99").expect(404)
}

func TestScenarios_CanBeStopped(t *testing.T) {
	t.Parallel()
	b, _ := startSuites(t)
	b.get("/scenarios").submit("/scenarios/run", "name", "slow")
	b.waitFor("/scenarios", "begun step 2").submit("/scenarios/stop").expect(200, "Stopped the run", "context canceled")
}

func TestConsole_HasNoPagesOfSuitesWithoutThem(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	b.get("/contract").expect(404, "no such page")
	b.get("/").expect(200, "!/scenarios")
}
