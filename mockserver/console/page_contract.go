package console

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// contractPage runs the contract against this mock and shows the last report.
func contractPage() page {
	return page{path: "/contract", title: "Contract", handlers: map[string]handlerFunc{
		"GET /contract":        showContract,
		"GET /contract/rules":  showRules,
		"GET /contract/events": func(req *request) (*response, error) { return followJob(req, req.contractJob, "/contract") },
		"GET /contract/report": getReport,
		"POST /contract/run":   runContract,
		"POST /contract/stop":  stopContract,
	}}
}

func showContract(req *request) (*response, error) {
	return req.render("contract", "Contract", map[string]any{
		"Job": req.contractJob.view(), "Rules": len(req.suites.Rules()), "Pattern": req.query("rules"),
	}), nil
}

// ruleGroup are the rules of a tag.
type ruleGroup struct {
	Tag   string
	Rules []Rule
}

func showRules(req *request) (*response, error) {
	var groups []ruleGroup
	operation, title := req.query("operation"), "Rules of the contract"
	if operation != "" {
		title += " that call " + operation
	}
	for _, r := range req.suites.Rules() {
		if operation != "" && !slices.Contains(r.Operations, operation) {
			continue
		}
		if len(groups) == 0 || groups[len(groups)-1].Tag != r.Tag {
			groups = append(groups, ruleGroup{Tag: r.Tag})
		}
		last := &groups[len(groups)-1]
		last.Rules = append(last.Rules, r)
	}
	return req.render("rules", title, groups), nil
}

func runContract(req *request) (*response, error) {
	patterns := strings.FieldsFunc(req.form("rules"), func(r rune) bool { return r == ',' || r == ' ' })
	status, err := req.server.Status(req.r.Context())
	if err != nil {
		return nil, err
	}
	job, what := req.contractJob, "the contract"
	words := []string{"contract", "run", "--target", req.about.URL, "--control", req.about.Control, "--allow-writes=mock"}
	if status.Version != mockserver.DefaultConnectVersion {
		words = append(words, "--against-version", status.Version)
	}
	for _, pattern := range patterns {
		words = append(words, "--rule", pattern)
	}
	err = job.start(what, func(ctx context.Context) (*SuiteResult, error) {
		return req.suites.RunContract(ctx, patterns, job.progress)
	})
	if err != nil {
		return nil, err
	}
	return done(req.link("/contract"), session.Notice{Text: "Running " + what + ".", Ctl: command.Line(words...)}), nil
}

func stopContract(req *request) (*response, error) {
	req.contractJob.cancel()
	return done(req.link("/contract"), session.Notice{Text: "Stopped the run."}), nil
}

// formats are the reports that can be saved, with their media types.
var formats = map[string]string{
	"html": "text/html; charset=utf-8", "json": "application/json", "markdown": "text/markdown; charset=utf-8",
	"junit": "application/xml",
}

// extensions are those of formats that are not named like their files.
var extensions = map[string]string{"markdown": "md", "junit": "xml"}

// getReport saves the last report. It is never shown here: its page brings a style sheet of its own.
func getReport(req *request) (*response, error) {
	format := req.query("format")
	v := req.contractJob.view()
	if formats[format] == "" || v.Result == nil {
		return nil, &controlapi.Error{Status: http.StatusNotFound, Message: "there is no such report: run the contract first"}
	}
	extension := format
	if extensions[format] != "" {
		extension = extensions[format]
	}
	return download("contract."+extension, formats[format], func(w io.Writer) error {
		return v.Result.Write(w, format)
	}), nil
}
