package mockserver

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Journal is the newest exchanges that a query selects, oldest first. The
// account may be given by its name. The errors are *controlapi.Error: 400 for a
// query that can't be answered, 409 where no journal is kept.
func (s *Server) Journal(q controlapi.JournalQuery) (controlapi.Journal, error) {
	err := s.journalled(q.Operation)
	if err != nil {
		return controlapi.Journal{Entries: []controlapi.Entry{}}, err
	}
	if q.Account, err = s.accountNamed(q.Account); err != nil {
		return controlapi.Journal{}, err
	}
	return s.journal.Query(q)
}

// ClearJournal forgets the exchanges of an account, given by id or name, and
// "" those of all. Ids go on.
func (s *Server) ClearJournal(account string) {
	if id, err := s.accountNamed(account); err == nil {
		account = id
	}
	s.clearJournal(account)
}

func (s *Server) clearJournal(account string) {
	if s.journal != nil {
		s.journal.Clear(account)
	}
}

// VerifyJournal says whether what happened is what should have. Its errors are
// those of Journal: about the verification itself, never about what happened.
func (s *Server) VerifyJournal(v controlapi.Verification) (controlapi.Verified, error) {
	operations := make([]string, len(v.Expect))
	for i, e := range v.Expect {
		operations[i] = e.Operation
	}
	err := s.journalled(operations...)
	if err != nil {
		return controlapi.Verified{}, err
	}
	if v.Account, err = s.accountNamed(v.Account); err != nil {
		return controlapi.Verified{}, err
	}
	return s.journal.Verify(v)
}

// journalled is nil if there is a journal and the operations are this server's.
func (s *Server) journalled(operations ...string) error {
	if s.journal == nil {
		return refuse(http.StatusConflict, "this server keeps no journal: start it with a journal size of 1 or more")
	}
	for _, id := range operations {
		if id == "" || s.operations[id] != nil {
			continue
		}
		known := slices.Sorted(maps.Keys(s.operations))
		if near := nearest.Texts(id, known); len(near) > 0 {
			return refuse(http.StatusBadRequest, "operation %.80q is unknown; did you mean %s?", id, near[0])
		}
		return refuse(http.StatusBadRequest, "operation %.80q is unknown; there are: %s", id, strings.Join(known, ", "))
	}
	return nil
}

// accountNamed is the id of an account that is given by its id or name. Of an
// account that is gone the entries may still be there: its id stays as it is.
func (s *Server) accountNamed(account string) (string, error) {
	if account == "" {
		return "", nil
	}
	err := s.store.View(context.Background(), func(tx *store.Tx) error {
		a, err := tx.FindAccount(account)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		account = a.ID
		return err
	})
	return account, err
}
