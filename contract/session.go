package contract

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
)

// session runs the check of one rule: it sends the requests, makes the assertions
// and lists the items that the check created.
type session struct {
	*shared
	ctx     context.Context
	scope   *exchange.Scope
	created []createdItem // newest last

	accounts []string // ids of accounts that the check created through the control of a mock

	mu        sync.Mutex
	responses []*response // the last few, newest last
	newItems  newItems
}

// A check ends early by a panic with one of these values.
type (
	assertionFailure struct{ text string } // the server breaks the rule
	infraError       struct{ err error }   // the suite or the network failed
)

func (f assertionFailure) Error() string { return f.text }

// abort ends the check because the suite or the network failed.
func abort(err error) { panic(infraError{err}) }

// interruption is the error of a check that did not end before the run did.
type interruption struct{ cause error }

func (i interruption) Error() string { return i.cause.Error() }

// rememberResponse adds a response to those that a failure can name.
func (s *session) rememberResponse(res *response) {
	const maxResponses = 20
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.responses) == maxResponses {
		s.responses = slices.Delete(s.responses, 0, 1)
	}
	s.responses = append(s.responses, res)
}

// newestResponses returns the last responses, newest first.
func (s *session) newestResponses() []*response {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.Clone(s.responses)
	slices.Reverse(list)
	return list
}

// fail ends the check because the server breaks the rule. It adds the last
// response to a text that does not name it.
func (s *session) fail(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if newest := s.newestResponses(); len(newest) > 0 && !strings.Contains(text, newest[0].request) {
		text += fmt.Sprintf("\n  the last response: %s", newest[0])
	}
	panic(assertionFailure{text})
}

// runCheck runs a check. It returns nil if the check passes, an assertionFailure if
// the server breaks the rule, an interruption if the run ended first, and another error
// if the suite or the network failed.
func (s *session) runCheck(check func(*session)) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case assertionFailure:
			err = p
		case infraError:
			err = p.err
		default:
			// A bug in a rule ends this check, not the run.
			err = suite.PanicError(p)
		}
		// Responses to requests that were cancelled prove nothing.
		if err != nil && s.ctx.Err() != nil {
			err = interruption{context.Cause(s.ctx)}
		}
	}()
	check(s)
	if s.scope == nil {
		return nil
	}
	if e := s.scope.FirstViolation(); e != nil {
		return assertionFailure{fmt.Sprintf("%s %s returned %d, and the response breaks the document: %s",
			e.Method, e.URL, e.Status, e.Violations[0])}
	}
	return nil
}

// exchanges returns the recorded exchanges of the session.
func (s *session) exchanges() []*exchange.Exchange {
	if s.scope == nil {
		return nil
	}
	return s.scope.Exchanges()
}

// vault returns the id of the vault that the rules use.
func (s *session) vault() string { return s.server.vault.ID }

// tag is a tag of every item that the suite creates; see Sweep.
const tag = "connectmock-contract"

// uniqueName returns a name that no other run and no other rule uses.
func (s *session) uniqueName(name string) string {
	return fmt.Sprintf("%s %s %s", runPrefix(s.id), name, s.nextNumber())
}

// runPrefix returns the beginning of the titles of a run, which is also a tag of its
// items.
func runPrefix(runID string) string { return tag + "-" + runID }

// create creates an item with a unique title and the tags of the suite, and returns it.
// The next request for the item waits until the server finds it. The item is in the
// ledger before any assertion and is deleted after the check.
func (s *session) create(in connect.ItemInput) connect.Item {
	it := s.tryCreate(in).expectStatus(200).item()
	s.expectSoon(createdItem{Vault: s.vault(), ID: it.ID})
	return it
}

// tryCreate sends the request of create and returns any response.
func (s *session) tryCreate(in connect.ItemInput, options ...option) *response {
	if in.Title == "" {
		in.Title = s.uniqueName("item")
	}
	if in.Vault == nil {
		in.Vault = &connect.VaultRef{ID: s.vault()}
	}
	in.Tags = append(in.Tags, tag, runPrefix(s.id))
	return s.do("CreateVaultItem", append([]option{body(in)}, options...)...)
}

// track adds the item that a response says was created to the ledger. try calls it
// for each create, so no assertion can come first.
func (s *session) track(vault string, res *response) {
	var it struct {
		ID string `json:"id"`
	}
	if res.Status >= 300 || res.decode(&it) != nil || !connect.IsID(it.ID) {
		return
	}
	s.created = append(s.created, createdItem{Vault: vault, ID: it.ID})
	if err := s.ledger.Add(createdItem{Vault: vault, ID: it.ID}); err != nil {
		abort(fmt.Errorf("the ledger can't be written, so no more items are created: %w", err))
	}
}

// cleanUp deletes the items that the check created, newest first, and its accounts.
func (s *session) cleanUp(ctx context.Context) error {
	created, notFound := s.created, s.newItems
	s.created, s.newItems = nil, nil
	if s.ctx.Err() != nil {
		notFound = nil // the run is over, so it does not wait for them
	}
	began := time.Now()
	err := s.deleter(notFound).DeleteAll(ctx, created)
	if err != nil {
		s.patience.giveUp(cleaningUp, began)
	}
	return errors.Join(err, s.deleteAccounts())
}

// deleteRemaining tries once more to delete the items that rules could not delete, the
// first one with the whole patience, and the others if that succeeds.
func (r *shared) deleteRemaining(ctx context.Context, within time.Duration) {
	remaining := r.ledger.Items()
	d := r.deleter(nil)
	d.Within = within
	for len(remaining) > 0 {
		if d.Delete(ctx, remaining[0]) != nil {
			return // the results of the rules have the errors, and the ledger has the items
		}
		remaining = remaining[1:]
	}
}

// deleter returns the deleter for items in the ledger of the run. A 404 for one of
// notFound means that it is too early, for any other item that it does not exist.
func (r *shared) deleter(notFound newItems) suite.ItemDeleter {
	within, _ := r.patience.limit(cleaningUp)
	return suite.ItemDeleter{
		Ledger: r.ledger, Within: within, Every: r.patience.every, Request: r.request,
		Send: func(ctx context.Context, it createdItem) (int, error) {
			s := r.newSession(ctx)
			s.newItems = slices.Clone(notFound)
			s.scope = r.recorder.Scope() // otherwise the exchange belongs to the rules that run now
			defer s.scope.Close()
			res, err := s.try("DeleteVaultItem", vault(it.Vault), item(it.ID))
			if err != nil {
				return 0, err
			}
			if res.Status >= 500 {
				r.deletesAlone.Store(true)
			}
			return res.Status, nil
		},
	}
}

// eventually calls look until it returns nil. The check fails if it does not within
// Timing.Within, or less if the run has learnt that this server is faster: real servers
// show a change up to seconds later. The last call begins when that time is over,
// however long the calls before it took.
func (s *session) eventually(look func() error) {
	began := time.Now()
	kind := "" // unknown before the first look
	for {
		waited := time.Since(began)
		limit, reason := s.patience.limit(kind)
		err := look()
		kind = s.newestOperation()
		switch {
		case err == nil:
			s.patience.succeed(kind, waited)
			return
		case waited >= limit:
			s.patience.giveUp(kind, began)
			if reason != "" {
				reason = " (" + reason + ")"
			}
			s.fail("not within %s%s: %v", limit, reason, err)
		}
		if err := sleep.For(s.ctx, s.patience.every); err != nil {
			abort(err)
		}
	}
}

// newestOperation returns the operation of the last response, "" if there is none.
func (s *session) newestOperation() string {
	if newest := s.newestResponses(); len(newest) > 0 {
		return newest[0].operation
	}
	return ""
}
