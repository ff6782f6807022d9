package backend

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// maxPastNames is how many names of each kind are remembered.
const maxPastNames = 20_000

// pastNames remembers which accounts, tokens and faults this server has had, so that a query for a deleted one is
// distinguished from one with a misspelt name. It is safe for use by many goroutines.
type pastNames struct {
	mu       sync.Mutex
	accounts *simplelru.LRU[string, string] // ids, by id and by name
	tokens   *simplelru.LRU[string, bool]
	faults   *simplelru.LRU[string, bool]
}

func newPastNames() *pastNames {
	accounts, _ := simplelru.NewLRU[string, string](maxPastNames, nil) // fails only for sizes below 1
	tokens, _ := simplelru.NewLRU[string, bool](maxPastNames, nil)
	faults, _ := simplelru.NewLRU[string, bool](maxPastNames, nil)
	return &pastNames{accounts: accounts, tokens: tokens, faults: faults}
}

func (p *pastNames) addAccount(a store.Account) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.accounts.Add(a.ID, a.ID)
	p.accounts.Add(a.Name, a.ID)
}

// account returns the id of the last account with this id or name.
func (p *pastNames) account(idOrName string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accounts.Get(idOrName)
}

func (p *pastNames) addToken(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tokens.Add(name, true)
}

func (p *pastNames) hasToken(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tokens.Contains(name)
}

func (p *pastNames) addFault(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults.Add(name, true)
}

func (p *pastNames) hasFault(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults.Contains(name)
}

// unknownName returns a 404 for an unknown name. what is the kind of thing, known are the existing names.
func unknownName(what, name string, known []string) error {
	const maxListed = 20
	message := fmt.Sprintf("no %s %.*q", what, maxNameBytes, name)
	switch near := nearest.FindSimilar(name, known); {
	case len(near) > 0:
		message += fmt.Sprintf("; did you mean %q?", near[0])
	case len(known) > 0 && len(known) <= maxListed:
		message += "; there are: " + strings.Join(known, ", ")
	}
	return Errorf(404, "%s", message)
}

// journalAccount returns the id of an account that is given by its id or name, and "" for "". It also finds deleted
// accounts, because their entries may still be in the journal. The error for a name that no account has ever had is a
// 404.
func (b *Backend) journalAccount(account string) (id string, err error) {
	if account == "" {
		return "", nil
	}
	err = b.Store.View(context.Background(), func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		id = a.ID
		return err
	})
	if unknown := new(controlapi.Error); errors.As(err, &unknown) && unknown.Status == 404 {
		if past, ok := b.past.account(account); ok {
			return past, nil
		}
	}
	return id, err
}

// checkSelectors returns an error for names of operations, tokens and faults that have never existed: a misspelt one
// would select nothing, as if nothing had happened.
func (b *Backend) checkSelectors(account string, list ...controlapi.Expectation) error {
	for _, e := range list {
		if err := b.checkOperation(e.Operation); err != nil {
			return err
		}
		if err := b.checkCaller(account, e.Caller); err != nil {
			return err
		}
		if err := b.checkFault(e.Fault); err != nil {
			return err
		}
	}
	return nil
}

func (b *Backend) checkCaller(account, name string) error {
	if name == "" || name == mainToken || b.past.hasToken(name) ||
		b.isInJournal(controlapi.JournalQuery{Caller: name}) {
		return nil
	}
	return b.Store.View(context.Background(), func(tx *store.Tx) error {
		return checkTokenName(tx, account, name)
	})
}

func (b *Backend) checkFault(name string) error {
	if name == "" || b.past.hasFault(name) || b.isInJournal(controlapi.JournalQuery{Fault: name}) {
		return nil
	}
	var names []string
	for _, f := range b.Faults.List("") {
		names = append(names, f.Name)
	}
	return unknownName("fault", name, names)
}

// isInJournal reports whether the query selects an entry.
func (b *Backend) isInJournal(q controlapi.JournalQuery) bool {
	q.Limit = 1
	page, err := b.Journal.Query(q)
	return err == nil && page.Matched > 0
}

// checkFaultNames returns an error for a fault of an unknown token or vault: it would never apply. mainToken is the
// name of a token of every account that is created later.
func (b *Backend) checkFaultNames(ctx context.Context, f controlapi.Fault) error {
	if f.Token == "" && f.Vault == "" {
		return nil
	}
	return b.Store.View(ctx, func(tx *store.Tx) error {
		if f.Token != "" && f.Token != mainToken {
			if err := checkTokenName(tx, f.Account, f.Token); err != nil {
				return err
			}
		}
		if f.Vault == "" {
			return nil
		}
		return checkVaultName(tx, f.Account, f.Vault)
	})
}

// checkTokenName returns an error if there is no token with that name or id in an account, "" for all accounts.
func checkTokenName(tx *store.Tx, account, nameOrID string) error {
	return checkEach(tx, "token", account, nameOrID, func(id string, visit func(name, id string)) error {
		tokens, err := tx.Tokens(id)
		for _, t := range tokens {
			visit(t.Name, t.ID)
		}
		return err
	})
}

// unknownToken returns a 404 for an unknown name or id of a token. It does not repeat the value of a token.
func unknownToken(tx *store.Tx, nameOrID string, names []string) error {
	const how = "a token is given by its name or id, not by its value"
	if strings.HasPrefix(nameOrID, tokenStart) {
		return Errorf(404, how)
	}
	if t, err := tx.TokenByHash(auth.HashPlain(nameOrID)); err == nil {
		return Errorf(404, how+"; this is the value of %q", t.Name)
	}
	return unknownName("token", nameOrID, names)
}

// checkVaultName returns an error if there is no vault with that name or id in an account, "" for all accounts.
func checkVaultName(tx *store.Tx, account, nameOrID string) error {
	return checkEach(tx, "vault", account, nameOrID, func(id string, visit func(name, id string)) error {
		vaults, err := tx.Vaults(id)
		for _, v := range vaults {
			visit(v.Name, v.ID)
		}
		return err
	})
}

// checkEach returns an error if none of the things of an account, "" for all accounts, has the wanted name or id. each
// calls its function for every such thing of one account.
func checkEach(tx *store.Tx, what, account, wanted string, each func(string, func(name, id string)) error) error {
	ids := []string{account}
	if account == "" {
		all, err := tx.Accounts()
		if err != nil {
			return err
		}
		ids = ids[:0]
		for _, a := range all {
			ids = append(ids, a.ID)
		}
	}
	exists := false
	var names []string
	for _, id := range ids {
		err := each(id, func(name, id string) {
			exists = exists || name == wanted || id == wanted
			if !slices.Contains(names, name) && len(names) < 1000 {
				names = append(names, name)
			}
		})
		if err != nil || exists {
			return err
		}
	}
	if what == "token" {
		return unknownToken(tx, wanted, names)
	}
	return unknownName(what, wanted, names)
}
