package backend

import (
	"context"
	"sync"

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

// checkSelectors returns an error for names of operations, tokens and faults that have never existed: a misspelt one
// would select nothing, as if nothing had happened.
func (b *Backend) checkSelectors(ctx context.Context, account string, list ...controlapi.Expectation) error {
	for _, e := range list {
		if err := b.checkOperation(e.Operation); err != nil {
			return err
		}
		if err := b.checkCaller(ctx, account, e.Caller); err != nil {
			return err
		}
		if err := b.checkFault(e.Fault); err != nil {
			return err
		}
	}
	return nil
}

func (b *Backend) checkCaller(ctx context.Context, account, name string) error {
	if name == "" || name == mainToken || b.past.hasToken(name) ||
		b.isInJournal(controlapi.JournalQuery{Caller: name}) {
		return nil
	}
	return b.store.View(ctx, func(tx *store.Tx) error {
		_, err := findTokenOf(tx, account, name, anyToken)
		return err
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
	return b.store.View(ctx, func(tx *store.Tx) error {
		if f.Token != "" && f.Token != mainToken {
			if _, err := findTokenOf(tx, f.Account, f.Token, anyToken); err != nil {
				return err
			}
		}
		if f.Vault == "" {
			return nil
		}
		_, err := findVault(tx, f.Account, f.Vault)
		return err
	})
}

// anyToken matches revoked tokens too.
func anyToken(auth.Token) bool { return true }
