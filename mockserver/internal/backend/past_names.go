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

// maxPastNames bounds how many names of each kind are remembered.
const maxPastNames = 20_000

// pastNames remembers which accounts, tokens and faults this server has had, so
// that a question about one that is gone can be told from a misspelt name. It
// is safe for use by many goroutines.
type pastNames struct {
	mu       sync.Mutex
	accounts *simplelru.LRU[string, string] // ids by id and by name
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

// account returns the id of the account that had this id or name last.
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

// unknownName is the 404 for a name that nothing has. What names the member or
// the kind of thing; known are the names there are.
func unknownName(what, name string, known []string) error {
	const most = 20
	message := fmt.Sprintf("no %s %.*q", what, maxNameBytes, name)
	switch near := nearest.FindSimilar(name, known); {
	case len(near) > 0:
		message += fmt.Sprintf("; did you mean %q?", near[0])
	case len(known) > 0 && len(known) <= most:
		message += "; there are: " + strings.Join(known, ", ")
	}
	return Errorf(404, "%s", message)
}

// journalAccount returns the id of an account that is given by its id or name,
// and "" for "". An account that was deleted is found too, because its
// exchanges may still be in the journal. The error for a name that no account
// ever had is a 404.
func (b *Backend) journalAccount(account string) (id string, err error) {
	if account == "" {
		return "", nil
	}
	err = b.Store.View(context.Background(), func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		id = a.ID
		return err
	})
	if refused := new(controlapi.Error); errors.As(err, &refused) && refused.Status == 404 {
		if past, ok := b.past.account(account); ok {
			return past, nil
		}
	}
	return id, err
}

// checkSelectors refuses names of operations, tokens and faults that never
// existed: nothing is found for a misspelt one, which looks as if nothing had
// happened.
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
	if name == "" || name == mainToken || b.past.hasToken(name) || b.inJournal(controlapi.JournalQuery{Caller: name}) {
		return nil
	}
	return b.Store.View(context.Background(), func(tx *store.Tx) error {
		return checkTokenName(tx, account, name)
	})
}

func (b *Backend) checkFault(name string) error {
	if name == "" || b.past.hasFault(name) || b.inJournal(controlapi.JournalQuery{Fault: name}) {
		return nil
	}
	var names []string
	for _, f := range b.Faults.List("") {
		names = append(names, f.Name)
	}
	return unknownName("fault", name, names)
}

func (b *Backend) inJournal(q controlapi.JournalQuery) bool {
	q.Limit = 1
	page, err := b.Journal.Query(q)
	return err == nil && page.Matched > 0
}

// checkFaultNames refuses a fault of a token or a vault that does not exist: it
// would never strike. Accounts to come have a token of the name mainToken.
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

// checkTokenName looks for a token by its name or id, in an account or, where
// that is empty, in all.
func checkTokenName(tx *store.Tx, account, nameOrID string) error {
	return checkEach(tx, "token", account, nameOrID, func(id string, found func(name, id string)) error {
		tokens, err := tx.Tokens(id)
		for _, t := range tokens {
			found(t.Name, t.ID)
		}
		return err
	})
}

// unknownToken is the 404 for a token that is not known by a name or id. One that
// is a value is not repeated.
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

func checkVaultName(tx *store.Tx, account, nameOrID string) error {
	return checkEach(tx, "vault", account, nameOrID, func(id string, found func(name, id string)) error {
		vaults, err := tx.Vaults(id)
		for _, v := range vaults {
			found(v.Name, v.ID)
		}
		return err
	})
}

// checkEach looks for a name or id in what each reports of an account.
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
