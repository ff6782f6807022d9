package mockserver

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Journal returns the newest exchanges that a query selects, oldest first. The
// account may be given by its name, also after it was deleted. The errors are
// *controlapi.Error: 400 for a query that can't be answered, 404 for an account,
// token or fault that never existed while the server ran, 409 where no journal
// is kept.
func (s *Server) Journal(q controlapi.JournalQuery) (controlapi.Journal, error) {
	empty := controlapi.Journal{Entries: []controlapi.Entry{}}
	err := s.journalled()
	if err != nil {
		return empty, err
	}
	if q.Account, err = s.journalAccount(q.Account); err != nil {
		return empty, err
	}
	selector := controlapi.Expectation{Operation: q.Operation, Caller: q.Caller, Fault: q.Fault}
	if err := s.checkSelectors(q.Account, selector); err != nil {
		return empty, err
	}
	return s.journal.Query(q)
}

// ClearJournal removes the exchanges of an account, given by id or name, or of
// all where it is empty. Ids go on. An account that never existed is a 404.
func (s *Server) ClearJournal(account string) error {
	id, err := s.journalAccount(account)
	if err != nil {
		return err
	}
	s.clearJournal(id)
	return nil
}

func (s *Server) clearJournal(account string) {
	if s.journal != nil {
		s.journal.Clear(account)
	}
}

// VerifyJournal says whether what happened is what should have. Its errors are
// those of Journal: about the verification itself, never about what happened.
func (s *Server) VerifyJournal(v controlapi.Verification) (controlapi.VerifyResult, error) {
	err := s.journalled()
	if err != nil {
		return controlapi.VerifyResult{}, err
	}
	if v.Account, err = s.journalAccount(v.Account); err != nil {
		return controlapi.VerifyResult{}, err
	}
	if err := s.checkSelectors(v.Account, v.Expect...); err != nil {
		return controlapi.VerifyResult{}, err
	}
	return s.journal.Verify(v)
}

// journalled is nil if there is a journal.
func (s *Server) journalled() error {
	if s.journal == nil {
		return refuse(http.StatusConflict, "this server keeps no journal: start it with a journal size of 1 or more")
	}
	return nil
}

// checkOperation refuses an operation that this server does not have.
func (s *Server) checkOperation(id string) error {
	if id == "" || s.operations[id] != nil {
		return nil
	}
	known := slices.Sorted(maps.Keys(s.operations))
	if near := nearest.FindSimilar(id, known); len(near) > 0 {
		return refuse(http.StatusBadRequest, "operation %.80q is unknown; did you mean %s?", id, near[0])
	}
	return refuse(http.StatusBadRequest, "operation %.80q is unknown; there are: %s", id, strings.Join(known, ", "))
}
