package activity

import (
	"fmt"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/openapi/connect"
)

// uniqueAgent is a user agent that only one rule sends, to find the records of its
// requests in the activity log among those of other clients.
type uniqueAgent struct {
	session       *check.Session
	name          string
	recordsBefore int64 // number of records in the log before the first request; 0 if unknown
}

// newUniqueAgent returns a new user agent. It reads the length of the log.
func newUniqueAgent(s *check.Session) uniqueAgent {
	p, _ := tryReadPage(s, 1, 0)
	return uniqueAgent{session: s, name: s.UniqueName("agent"), recordsBefore: p.total}
}

// header returns the option that sends the user agent.
func (u uniqueAgent) header() call.Option { return call.Header("User-Agent", u.name) }

// records waits until the log has at least n records of the user agent and returns
// all of them, newest first.
func (u uniqueAgent) records(n int) (records []connect.Activity) {
	u.session.Eventually(func() error {
		records = nil
		for _, r := range recordsSince(u.session, u.recordsBefore) {
			if r.Actor.UserAgent == u.name {
				records = append(records, r)
			}
		}
		if len(records) < n {
			return fmt.Errorf("the log has %d records of %d requests", len(records), n)
		}
		return nil
	})
	return records
}

// recordsSince returns the newest records of the log, newest first, at least those
// after place, which is counted from the oldest record. It reads page by page: new
// records move the pages, but not the places. It returns one page if the server does
// not count its records.
func recordsSince(s *check.Session, place int64) []connect.Activity {
	limit := int64(100) // a few times as many as the rules that run at the same time add meanwhile
	p, counted := tryReadPage(s, limit, 0)
	list := p.records
	for reached := p.oldestPlace(); counted && len(p.records) > 0 && reached > place+1; {
		total := p.total
		if p, counted = tryReadPage(s, limit, total-reached+1); !counted {
			break
		}
		for i, r := range p.records {
			if p.place(i) < reached {
				list = append(list, r)
			}
		}
		switch {
		case p.oldestPlace() < reached:
			reached = p.oldestPlace()
		case p.total <= total || limit > 10_000:
			return list // the pages do not go further back
		default:
			limit *= 2 // so many new records that they fill the page
		}
	}
	return list
}
