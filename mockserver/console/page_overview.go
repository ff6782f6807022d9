package console

import (
	"context"
	"errors"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/console/internal/traffic"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// overviewPage shows what runs and what happens.
func overviewPage() page {
	return page{path: "/", title: "Overview", handlers: map[string]handlerFunc{
		"GET /":       getOverview,
		"GET /events": followOverview,
		"POST /token": showToken,
	}}
}

// What the overview shows of long lists.
const (
	shownRefusals   = 8
	shownFaults     = 10
	chartedRequests = 5000 // at most so many, the newest
)

// state is the part of the overview that changes while it is open.
type state struct {
	Status    mockserver.Status
	Health    connect.Health
	Faults    []faultRow
	AllFaults int
	Refusals  []controlapi.Entry // newest first
	Traffic   traffic.Traffic
	NoJournal bool
}

// getOverview shows the overview.
func getOverview(req *request) (*response, error) { return req.overview("") }

// showToken shows the overview with the token in what is to be copied.
func showToken(req *request) (*response, error) { return req.overview(req.about.Token) }

// overview returns the page, with the token of clients or, if that is empty, a placeholder.
func (req *request) overview(token string) (*response, error) {
	now, err := req.state(req.r.Context())
	if err != nil {
		return nil, err
	}
	texts, err := exports(req.about.URL, token)
	if err != nil {
		return nil, err
	}
	return req.render("overview", "Overview", map[string]any{
		"Now": now, "About": req.about, "Exports": texts, "HasToken": token != "",
	}), nil
}

// state returns what the server does at the moment.
func (req *request) state(ctx context.Context) (s state, err error) {
	if s.Status, err = req.server.Status(ctx); err != nil {
		return s, err
	}
	if s.Health, err = req.server.Health(ctx); err != nil {
		return s, err
	}
	if s.Faults, err = req.faultRows(); err != nil {
		return s, err
	}
	s.AllFaults = len(s.Faults)
	s.Faults = s.Faults[:min(s.AllFaults, shownFaults)]
	s.Refusals, _, err = req.newest(controlapi.JournalQuery{Status: "4xx,5xx"}, 0, shownRefusals)
	if refused := new(controlapi.Error); errors.As(err, &refused) {
		s.NoJournal = true // the mock keeps none
		return s, nil
	}
	if err == nil {
		s.Traffic, err = req.traffic(ctx, s.Status.Clock.Now)
	}
	return s, err
}

// overviewPause is the time between two states that an open page gets.
const overviewPause = time.Second

// followOverview sends the state after each request, and at least as often as streams need.
func followOverview(req *request) (*response, error) {
	return events(req, func(ctx context.Context, to *eventStream) error {
		var last uint64
		for ctx.Err() == nil {
			update, err := req.server.FollowJournal(ctx, controlapi.FollowQuery{After: &last}, followWait)
			if refused := new(controlapi.Error); errors.As(err, &refused) {
				pause(ctx, followWait) // no journal is kept
			} else if err != nil {
				return err
			}
			last = update.Last
			now, err := req.state(ctx)
			if err != nil {
				return err
			}
			if err := to.send("", "overview", "now", map[string]any{"View": view{Account: req.query("account")}, "Now": now}); err != nil {
				return err
			}
			pause(ctx, overviewPause)
		}
		return nil
	}), nil
}

// traffic returns the traffic of the minutes before now, by the clocks of the accounts.
func (req *request) traffic(ctx context.Context, now time.Time) (traffic.Traffic, error) {
	journal, err := req.server.Journal(ctx, controlapi.JournalQuery{Since: now.Add(-traffic.Span), Limit: chartedRequests})
	if err != nil {
		return traffic.Traffic{}, err
	}
	t := traffic.Summarize(journal.Entries, now)
	t.IsPart = journal.Matched > len(journal.Entries)
	return t, nil
}
