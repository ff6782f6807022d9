// Package check is the language in which rules are written. A Session sends the requests
// of a check, makes its assertions, waits for changes and deletes the items that the
// check created. A Run has what the checks of a run share.
package check

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/internal/suite/cleanup"
)

// Session runs the check of one rule: it sends the requests, makes the assertions
// and lists the items that the check created.
type Session struct {
	*Run
	Ctx     context.Context
	Scope   *exchange.Scope
	created []cleanup.Item // newest last

	accounts []string // ids of accounts that the check created through the control of a mock

	mu        sync.Mutex
	responses []*Response // the last few, newest last
	newItems  newItems
}

// rememberResponse adds a response to those that a failure can name.
func (s *Session) rememberResponse(res *Response) {
	const maxResponses = 20
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.responses) == maxResponses {
		s.responses = slices.Delete(s.responses, 0, 1)
	}
	s.responses = append(s.responses, res)
}

// newestResponses returns the last responses, newest first.
func (s *Session) newestResponses() []*Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.Clone(s.responses)
	slices.Reverse(list)
	return list
}

// RunCheck runs a check. It returns nil if the check passes, a Failure if
// the server breaks the rule, an Interruption if the run ended first, and another error
// if the suite or the network failed.
func (s *Session) RunCheck(check func(*Session)) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case Failure:
			err = p
		case infraError:
			err = p.err
		default:
			// A bug in a rule ends this check, not the run.
			err = suite.PanicError(p)
		}
		// Responses to requests that were cancelled prove nothing.
		if err != nil && s.Ctx.Err() != nil {
			err = Interruption{context.Cause(s.Ctx)}
		}
	}()
	check(s)
	if s.Scope == nil {
		return nil
	}
	if e := s.Scope.FirstViolation(); e != nil {
		return Failure{fmt.Sprintf("%s %s returned %d, and the response breaks the document: %s",
			e.Method, e.URL, e.Status, e.Violations[0])}
	}
	return nil
}

// Exchanges returns the recorded exchanges of the session.
func (s *Session) Exchanges() []*exchange.Exchange {
	if s.Scope == nil {
		return nil
	}
	return s.Scope.Exchanges()
}
