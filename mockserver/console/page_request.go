package console

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// getRequest shows one exchange, and why it was refused.
func getRequest(req *request) (*response, error) {
	id, err := strconv.ParseUint(req.r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, &controlapi.Error{Status: http.StatusNotFound, Message: "a request has a number"}
	}
	explanation, err := req.server.Explain(req.r.Context(), id)
	if err != nil {
		return nil, err
	}
	evidence, err := req.faultEvidence(explanation.Entry)
	if err != nil {
		return nil, err
	}
	e := explanation.Entry
	kept, err := req.exchange(id)
	if err != nil {
		return nil, err
	}
	verification, err := req.verification(e)
	if err != nil {
		return nil, err
	}
	return req.render("request", "Request "+strconv.FormatUint(id, 10), map[string]any{
		"Entry": e, "Explanation": explanation, "Check": checkText(explanation.Check), "Evidence": evidence,
		"Exchange": kept, "HasSuites": req.suites != nil, "Verification": verification,
		"Curl": command.Curl(e, kept), "Step": command.ScenarioStep(e, kept), "FaultCommand": command.FailNext(e),
		"Ctl": command.Ctl("journal", "explain", strconv.FormatUint(id, 10)),
	}), nil
}

// exchange returns the headers and bodies of a request, nil if the mock keeps none.
func (req *request) exchange(id uint64) (*controlapi.Exchange, error) {
	found, err := req.server.Exchange(req.r.Context(), id)
	if refused := new(controlapi.Error); errors.As(err, &refused) && refused.Status == http.StatusConflict {
		return nil, nil
	}
	return &found, err
}

// checkText returns what a check of a request looks at, in words.
func checkText(check string) string {
	return map[string]string{
		"route":        "no operation has this method and path",
		"authenticate": "the token",
		"fault":        "a fault that is in force",
		"address":      "the ids and parameters, against the document",
		"authorize":    "the scope and permissions of the token",
		"body":         "the body, against the document",
		"handle":       "what the operation itself requires",
	}[check]
}

// evidence is how it is known that real servers behave as a fault does.
type evidence struct{ Fault, About, Evidence, Finds string }

// faultEvidence returns the evidence of the presets among the faults that applied to a request. A fault that was
// removed meanwhile has none.
func (req *request) faultEvidence(e controlapi.Entry) (list []evidence, err error) {
	if len(e.Faults) == 0 {
		return nil, nil
	}
	present, err := req.server.Faults(req.r.Context(), "")
	if err != nil {
		return nil, err
	}
	for _, f := range present {
		for _, p := range faults.Presets() {
			if p.Name == f.Preset && slices.Contains(e.Faults, f.Name) {
				list = append(list, evidence{f.Name, p.About, p.Evidence, p.Finds})
			}
		}
	}
	return list, nil
}
