package console

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// clockPage shows the clocks and changes them.
func clockPage() page {
	return page{path: "/clock", title: "Clock", handlers: map[string]handlerFunc{
		"GET /clock":  showClock,
		"POST /clock": changeClock,
	}}
}

// maxClocks is how many accounts the page shows. Others are typed.
const maxClocks = 20

// clockRow is the clock of an account.
type clockRow struct {
	Account controlapi.Account
	Clock   controlapi.Clock
}

func showClock(req *request) (*response, error) {
	ctx := req.r.Context()
	now, err := req.server.Clock(ctx, "")
	if err != nil {
		return nil, err
	}
	accounts, err := req.server.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	var rows []clockRow
	for _, account := range accounts[:min(len(accounts), maxClocks)] {
		clock, err := req.server.Clock(ctx, account.ID)
		if err != nil {
			return nil, err
		}
		rows = append(rows, clockRow{account, clock})
	}
	return req.render("clock", "Clock", map[string]any{
		"Now": now, "Rows": rows, "More": len(accounts) - len(rows), "Of": req.query("of"),
	}), nil
}

func changeClock(req *request) (*response, error) {
	of, text := req.form("of"), req.form("value")
	change, words, err := clockChange(req.form("do"), text)
	if err != nil {
		return nil, err
	}
	clock, err := req.server.SetClock(req.r.Context(), of, change)
	if err != nil {
		return nil, err
	}
	whose := "The server's clock"
	if of != "" {
		whose = "The clock of " + of
	}
	told := fmt.Sprintf("%s is at %s now%s.", whose, clock.Now.UTC().Format(time.RFC3339), stopped(clock))
	words = slices.Concat([]string{"clock", words[0], "--account", of}, words[1:])
	return done(req.link("/clock", "of", of), session.Notice{Text: told, Ctl: command.Ctl(words...)}), nil
}

func stopped(c controlapi.Clock) string {
	if c.Frozen {
		return ", stopped"
	}
	return ""
}

// clockChange returns the change that a button asks for, and the words of connectmock ctl clock that make it.
func clockChange(do, text string) (change controlapi.ClockChange, words []string, err error) {
	yes, no := true, false
	switch do {
	case "freeze":
		return controlapi.ClockChange{Frozen: &yes}, []string{"freeze"}, nil
	case "resume":
		return controlapi.ClockChange{Frozen: &no}, []string{"resume"}, nil
	case "real":
		return controlapi.ClockChange{Real: true}, []string{"real"}, nil
	case "advance":
		d, err := time.ParseDuration(text)
		if err != nil {
			return change, nil, invalid("%q is not a duration as 30s, 90m or -24h", text)
		}
		return controlapi.ClockChange{Advance: controlapi.Duration(d)}, advanceWords(text), nil
	case "set":
		moment, err := parseMoment(text)
		if err != nil {
			return change, nil, err
		}
		return controlapi.ClockChange{Set: moment}, []string{"set", moment.Format(time.RFC3339)}, nil
	}
	return change, nil, invalid("the clock can't %q: it can advance, set, freeze, resume and real", do)
}

// advanceWords keeps a negative duration from looking like a flag.
func advanceWords(text string) []string {
	if strings.HasPrefix(text, "-") {
		return []string{"advance", "--", text}
	}
	return []string{"advance", text}
}

// parseMoment parses a moment, by default of UTC.
func parseMoment(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, time.DateOnly} {
		if moment, err := time.Parse(layout, text); err == nil {
			return moment, nil
		}
	}
	return time.Time{}, invalid("%q is not a moment as 2030-01-31 or 2030-01-31T12:00:00Z", text)
}

// invalid returns the error for a form that can't be carried out.
func invalid(format string, args ...any) error {
	return &controlapi.Error{Status: http.StatusBadRequest, Message: fmt.Sprintf(format, args...)}
}
