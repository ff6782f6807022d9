package contract

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
)

// session is the check of one rule: its requests, its assertions and the items it
// created.
type session struct {
	run     *run
	ctx     context.Context
	scope   *exchange.Scope
	created []createdItem // newest last

	mu      sync.Mutex
	answers []*answer // the newest of them, newest last
}

// A check ends early by a panic with one of these: failed if the contract is
// broken, infraError if the check could not find out.
type (
	failed     struct{ text string }
	infraError struct{ err error }
)

// probe returns a session without a rule, for finding capabilities and cleaning up.
func (r *run) probe(ctx context.Context) *session {
	return &session{run: r, ctx: ctx}
}

// remember keeps a response, so that a failure can name it.
func (s *session) remember(a *answer) {
	const most = 20
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.answers) == most {
		s.answers = slices.Delete(s.answers, 0, 1)
	}
	s.answers = append(s.answers, a)
}

// newest returns the responses that are remembered, newest first.
func (s *session) newest() []*answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.Clone(s.answers)
	slices.Reverse(list)
	return list
}

// fail ends the check: the contract is broken. The text gets the last response
// if it does not name it.
func (s *session) fail(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if newest := s.newest(); len(newest) > 0 && !strings.Contains(text, newest[0].what) {
		text += fmt.Sprintf("\n  the last response: %s", newest[0])
	}
	panic(failed{text})
}

// attempt runs a check and returns nil for a pass, a *failure if the contract is
// broken and any other error if the suite or the network failed.
func (s *session) attempt(check func(*session)) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case failed:
			err = &failure{p.text}
		case infraError:
			err = p.err
		default:
			// A mistake in a rule ends this check, not the run.
			err = fmt.Errorf("the rule itself broke: %v, at %s", p, place())
		}
		// Responses to requests that were cancelled prove nothing.
		if err != nil && s.ctx.Err() != nil {
			err = fmt.Errorf("interrupted: %w", context.Cause(s.ctx))
		}
	}()
	check(s)
	for _, e := range s.exchanges() {
		for _, violation := range e.Violations {
			return &failure{fmt.Sprintf("%s %s was answered %d, and the answer breaks the document: %s", e.Method, e.URL, e.Status, violation)}
		}
	}
	return nil
}

// place returns the file and line of the panic that is being recovered.
func place() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	panicked := false
	for {
		f, more := frames.Next()
		switch inRuntime := strings.HasPrefix(f.Function, "runtime."); {
		case inRuntime:
			panicked = true
		case panicked:
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}

// failure is a broken contract.
type failure struct{ text string }

func (f *failure) Error() string { return f.text }

func (s *session) exchanges() []*exchange.Exchange {
	if s.scope == nil {
		return nil
	}
	return s.scope.Exchanges()
}

// vault returns the id of the vault to work in.
func (s *session) vault() string { return s.run.found.vault.ID }

// tag marks everything the suite creates; see Sweep.
const tag = "connectmock-contract"

// unique returns a title that no other run and no other rule uses.
func (s *session) unique(name string) string {
	return fmt.Sprintf("%s %s %s", prefix(s.run.id), name, s.run.next())
}

func prefix(runID string) string { return tag + "-" + runID }

// create creates an item with a unique title and tags. The item is in the ledger
// before anything is asserted and is deleted when the check is over. create
// returns when the item can be read.
func (s *session) create(in connect.ItemInput) connect.Item {
	a := s.tryCreate(in).expect(200)
	it := a.item()
	s.eventually(func() error {
		if got := s.do("GetVaultItemById", item(it.ID)); got.Status != 200 {
			return fmt.Errorf("the new item %s is answered %d", it.ID, got.Status)
		}
		return nil
	})
	return it
}

// tryCreate sends the request of create and returns the response, whatever it is.
func (s *session) tryCreate(in connect.ItemInput, options ...option) *answer {
	if in.Title == "" {
		in.Title = s.unique("item")
	}
	if in.Vault == nil {
		in.Vault = &connect.VaultRef{ID: s.vault()}
	}
	in.Tags = append(in.Tags, tag, prefix(s.run.id))
	return s.do("CreateVaultItem", append([]option{body(in)}, options...)...)
}

// track enters an item that a response says was created; try calls it for every
// create, so that no assertion can come before it.
func (s *session) track(vault string, a *answer) {
	var it struct {
		ID string `json:"id"`
	}
	if a.Status >= 300 || a.decode(&it) != nil || !connect.IsID(it.ID) {
		return
	}
	s.created = append(s.created, createdItem{Vault: vault, ID: it.ID})
	if err := s.run.ledger.Add(createdItem{Vault: vault, ID: it.ID}); err != nil {
		panic(infraError{fmt.Errorf("the ledger can't be written, so nothing more is made: %w", err)})
	}
}

// cleanUp deletes the items that the check created, newest first, and nothing
// else. Each item has its own time limit, so that a slow server can take long for
// many of them. Once one is left over, each of the others is tried only once.
func (s *session) cleanUp(ctx context.Context) error {
	var errs []error
	limit := s.run.timing.Within + s.run.timing.Request
	patience := s.run.timing.Within
	for i := len(s.created) - 1; i >= 0; i-- {
		one, cancel := context.WithTimeout(ctx, limit)
		err := s.run.probe(one).remove(s.created[i], patience)
		cancel()
		if err != nil && len(errs) == 0 {
			ctx, cancel = context.WithTimeout(ctx, limit)
			defer cancel()
			patience = 0
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	s.created = nil
	return errors.Join(errs...)
}

// remove deletes an item of the ledger. Real servers answer 500 to concurrent
// deletes in one vault [R terraform pull request 295], so it retries.
func (s *session) remove(m createdItem, within time.Duration) error {
	for until := time.Now().Add(within); ; {
		last := !time.Now().Before(until)
		a, err := s.try("DeleteVaultItem", vault(m.Vault), item(m.ID))
		switch {
		case err == nil && (a.Status == 204 || a.Status == 404):
			return s.run.ledger.Remove(m)
		case s.ctx.Err() != nil || last:
			if err == nil {
				err = fmt.Errorf("answered %d", a.Status)
			}
			return fmt.Errorf("item %s in vault %s is left over: %w", m.ID, m.Vault, err)
		}
		if err := suite.Sleep(s.ctx, s.run.timing.Every); err != nil {
			return err
		}
	}
}

// eventually calls look until it returns nil and fails the check if it does not
// in time: real servers show a change up to seconds later. The last call begins
// when the time is over, however long those before it took.
func (s *session) eventually(look func() error) {
	for until := time.Now().Add(s.run.timing.Within); ; {
		last := !time.Now().Before(until)
		err := look()
		switch {
		case err == nil:
			return
		case last:
			s.fail("not within %s: %v", s.run.timing.Within, err)
		}
		if err := suite.Sleep(s.ctx, s.run.timing.Every); err != nil {
			panic(infraError{err})
		}
	}
}
