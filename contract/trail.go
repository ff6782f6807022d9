package contract

import (
	"fmt"

	"github.com/connectmock/connectmock/openapi/connect"
)

// trail finds the requests of a rule in the activity log: by a unique user agent,
// among the records that are newer than the trail. It finds them however many
// requests others make meanwhile.
type trail struct {
	session *session
	agent   string
	before  int64 // records the log had when the trail began; 0 where the server does not say
}

// trail returns a new trail. It finds requests that are sent with its mark.
func (s *session) trail() trail {
	p, _ := s.window(1, 0)
	return trail{session: s, agent: s.unique("agent"), before: p.total}
}

func (t trail) mark() option { return header("User-Agent", t.agent) }

// records waits until the log has that many records of the trail and returns all
// of them, newest first.
func (t trail) records(times int) (own []connect.Activity) {
	t.session.eventually(func() error {
		own = nil
		for _, r := range t.session.since(t.before) {
			if r.Actor.UserAgent == t.agent {
				own = append(own, r)
			}
		}
		if len(own) < times {
			return fmt.Errorf("the log has %d records of %d requests", len(own), times)
		}
		return nil
	})
	return own
}

// since returns the records of the log, newest first, at least back to place,
// which is counted from the oldest. It reads page after page: new records move
// the pages, but not the places. If the server does not count its records it
// returns one page.
func (s *session) since(place int64) []connect.Activity {
	const limit = 500
	p, counted := s.window(limit, 0)
	list := p.records
	for reached := p.oldest(); counted && len(p.records) > 0 && reached > place+1; {
		if p, counted = s.window(limit, p.total-reached+1); !counted {
			break
		}
		for i, r := range p.records {
			if p.at(i) < reached {
				list = append(list, r)
			}
		}
		if p.oldest() >= reached {
			break // it gets no older
		}
		reached = p.oldest()
	}
	return list
}
