package contract

import (
	"fmt"

	"github.com/connectmock/connectmock/openapi/connect"
)

// trail is how a rule finds its own requests in the log: by a user agent nobody
// else has, among the records that were not there before. However many requests
// others make meanwhile, none of its own is lost sight of.
type trail struct {
	session *session
	agent   string
	before  int64 // records the log had when the trail began; 0 where the server does not say
}

// trail begins one. Requests leave a record on it that are sent with its mark.
func (s *session) trail() trail {
	p, _ := s.window(1, 0)
	return trail{session: s, agent: s.unique("agent"), before: p.total}
}

func (t trail) mark() option { return header("User-Agent", t.agent) }

// records waits until the log has as many records of the trail, and answers
// all there are, newest first.
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

// since is the newest records, newest first, back to that place from the oldest
// at least. A page is followed by the one before it until they get there; what
// comes in meanwhile moves pages, but not places. Of a server that does not
// count its records it is one page.
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
