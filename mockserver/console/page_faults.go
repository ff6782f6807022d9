package console

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/forms"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// faultsPage shows the faults in force and the presets, and adds and removes faults.
func faultsPage() page {
	return page{path: "/faults", title: "Faults", handlers: map[string]handlerFunc{
		"GET /faults":         func(req *request) (*response, error) { return req.showFaults(nil, nil) },
		"GET /faults/events":  followFaults,
		"POST /faults/add":    addFault,
		"POST /faults/remove": removeFault,
		"POST /faults/reset":  resetFaults,
	}}
}

// faultRow is a fault in words.
type faultRow struct {
	Name, Requests, Frequency, Effects string
	Matched, Applied                   int
	Left                               int // how often it still applies; only if Limited
	Limited                            bool
	JSON                               controlapi.Fault // as it was added
}

// showFaults returns the page. A form that could not be carried out is filled in as it was, with its problem; nil: the
// address of the page fills it in.
func (req *request) showFaults(form forms.Fault, problem error) (*response, error) {
	rows, err := req.faultRows()
	if err != nil {
		return nil, err
	}
	status, err := req.server.Status(req.r.Context())
	if err != nil {
		return nil, err
	}
	if form == nil {
		form = forms.ReadFault(req.r.URL.Query())
	}
	resp := req.render("faults", "Faults", map[string]any{
		"Faults": rows, "Presets": faults.Presets(), "Operations": status.Operations, "Form": form, "Problem": problem,
		"Open": len(form) > 0,
	})
	if problem != nil {
		resp.status = http.StatusBadRequest
	}
	return resp, nil
}

func (req *request) faultRows() (rows []faultRow, err error) {
	list, err := req.server.Faults(req.r.Context(), "")
	for _, f := range list {
		rows = append(rows, faultRow{
			Name: f.Name, Requests: strings.ReplaceAll(faults.RequestsText(f), ",", ", "), Frequency: faults.FrequencyText(f),
			Effects: faults.EffectsText(f), Matched: f.Matched, Applied: f.Struck,
			Left: max(f.Times-f.Struck, 0), Limited: f.Times > 0 && f.Per == "", JSON: withoutCounts(f),
		})
	}
	return rows, err
}

// withoutCounts returns a fault as it was added.
func withoutCounts(f controlapi.Fault) controlapi.Fault {
	f.Matched, f.Struck = 0, 0
	return f
}

// followFaults sends the counts of the faults, at once because they may have changed since the page was rendered, and
// after each request that the mock gets.
func followFaults(req *request) (*response, error) {
	return events(req, func(ctx context.Context, to *eventStream) error {
		start, err := req.server.FollowJournal(ctx, controlapi.FollowQuery{}, 0)
		if err == nil {
			err = req.sendFaults(to)
		}
		for last := start.Last; err == nil && ctx.Err() == nil; {
			update, failed := req.server.FollowJournal(ctx, controlapi.FollowQuery{After: &last}, followWait)
			if failed != nil {
				return failed
			}
			last = update.Last
			if len(update.Entries) == 0 {
				err = to.keepAlive()
			} else {
				err = req.sendFaults(to)
			}
		}
		return err
	}), nil
}

// sendFaults sends the table of the faults.
func (req *request) sendFaults(to *eventStream) error {
	rows, err := req.faultRows()
	if err != nil {
		return err
	}
	return to.send("", "faults", "table", map[string]any{"Rows": rows, "View": view{CSRF: req.session.CSRF}})
}

func addFault(req *request) (*response, error) {
	form := forms.ReadFault(req.r.PostForm)
	fault, same, err := form.Read()
	var added controlapi.Fault
	if err == nil {
		added, err = req.server.AddFault(req.r.Context(), fault)
	}
	if rejected := new(controlapi.Error); err != nil && (errors.As(err, &rejected) || errors.As(err, new(*forms.FieldError))) {
		return req.showFaults(form, err)
	}
	if err != nil {
		return nil, err
	}
	return done(req.link("/faults"), session.Notice{Text: "Added the fault " + added.Name + ".", Ctl: same}), nil
}

func removeFault(req *request) (*response, error) {
	name := req.form("name")
	if err := req.server.RemoveFault(req.r.Context(), name); err != nil {
		return nil, err
	}
	return done(req.link("/faults"), session.Notice{
		Text: "Removed the fault " + name + ".", Ctl: command.Ctl("fault", "remove", name),
	}), nil
}

func resetFaults(req *request) (*response, error) {
	if err := req.server.ResetFaults(req.r.Context(), ""); err != nil {
		return nil, err
	}
	return done(req.link("/faults"), session.Notice{Text: "Removed all faults.", Ctl: command.Ctl("fault", "reset")}), nil
}
