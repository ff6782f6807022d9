package console

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// scenariosPage shows the scenarios of the library and runs one.
func scenariosPage() page {
	return page{path: "/scenarios", title: "Scenarios", handlers: map[string]handlerFunc{
		"GET /scenarios":        showScenarios,
		"GET /scenarios/source": showScenario,
		"GET /scenarios/events": followScenario,
		"POST /scenarios/run":   runScenario,
		"POST /scenarios/stop":  stopScenario,
	}}
}

func showScenarios(req *request) (*response, error) {
	list, err := req.suites.Scenarios()
	if err != nil {
		return nil, err
	}
	text, err := req.scenarioOf(req.query("request"))
	if err != nil {
		return nil, err
	}
	return req.render("scenarios", "Scenarios", map[string]any{
		"Library": list, "Job": req.scenarioJob.view(), "Text": text,
	}), nil
}

// scenarioOf returns a scenario with the request that has a number in the journal as its step, "" for no number.
func (req *request) scenarioOf(number string) (string, error) {
	id, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return "", nil
	}
	explanation, err := req.server.Explain(req.r.Context(), id)
	if err != nil {
		return "", err
	}
	kept, err := req.exchange(id)
	if err != nil {
		return "", err
	}
	step := command.ScenarioStep(explanation.Entry, kept)
	if step == "" {
		return "", nil
	}
	return fmt.Sprintf("scenario: 1\nid: mine\ntitle: What request %d did\nsteps:\n", id) +
		"  " + strings.ReplaceAll(strings.TrimSuffix(step, "\n"), "\n", "\n  ") + "\n", nil
}

func showScenario(req *request) (*response, error) {
	list, err := req.suites.Scenarios()
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		if s.Name == req.query("name") {
			return req.render("scenario_source", s.Title, s), nil
		}
	}
	return nil, &controlapi.Error{Status: http.StatusNotFound, Message: "the library has no such scenario"}
}

func runScenario(req *request) (*response, error) {
	name, text := req.form("name"), req.r.PostFormValue("text")
	if name == "" && text == "" {
		return nil, invalid("choose a scenario, or write one")
	}
	job, what := req.scenarioJob, name
	words := []string{"scenario", "run", "library", "--id", name}
	if name == "" {
		what, words = "your scenario", []string{"scenario", "run", "FILE"}
	}
	same := command.Line(append(words, "--target", req.about.URL, "--control", req.about.Control)...)
	err := job.start(what, func(ctx context.Context) (*SuiteResult, error) {
		return req.suites.RunScenario(ctx, name, text, job.step)
	})
	if err != nil {
		return nil, err
	}
	return done(req.link("/scenarios"), session.Notice{Text: "Running " + what + ".", Ctl: same}), nil
}

func stopScenario(req *request) (*response, error) {
	req.scenarioJob.cancel()
	return done(req.link("/scenarios"), session.Notice{Text: "Stopped the run."}), nil
}

func followScenario(req *request) (*response, error) {
	return followJob(req, req.scenarioJob, "/scenarios")
}

// followJob sends the state of a job to its page, which has a path.
func followJob(req *request, j *job, path string) (*response, error) {
	return events(req, func(ctx context.Context, to *eventStream) error {
		return j.follow(ctx, func(v jobView) error {
			return to.send("", "scenarios", "job", map[string]any{"Job": v, "Path": path, "View": view{CSRF: req.session.CSRF}})
		})
	}), nil
}
