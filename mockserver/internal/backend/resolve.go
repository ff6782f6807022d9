package backend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Callers give accounts, tokens, vaults and items by id or name. Here is the one place that finds them. The error for an
// unknown one is a 404 with similar names.

// maxNames is how many names are compared with an unknown one.
const maxNames = 1000

// accountID returns the id of the account with that id or name, and "" for "".
func (b *Backend) accountID(ctx context.Context, idOrName string) (id string, err error) {
	if idOrName == "" {
		return "", nil
	}
	err = b.store.View(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, idOrName)
		id = a.ID
		return err
	})
	return id, err
}

// pastAccountID is accountID that also finds deleted accounts.
func (b *Backend) pastAccountID(ctx context.Context, idOrName string) (string, error) {
	id, err := b.accountID(ctx, idOrName)
	if unknown := new(controlapi.Error); errors.As(err, &unknown) && unknown.Status == 404 {
		if past, ok := b.past.account(idOrName); ok {
			return past, nil
		}
	}
	return id, err
}

// findAccount returns the account with that id or name, the first account for "".
func findAccount(tx *store.Tx, idOrName string) (store.Account, error) {
	a, err := tx.FindAccount(idOrName)
	if !errors.Is(err, store.ErrNotFound) {
		return a, err
	}
	all, err := tx.Accounts()
	if err != nil {
		return a, err
	}
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Name
	}
	return a, unknownName("account", idOrName, names)
}

// findSnapshot returns the account's snapshot with that name.
func findSnapshot(tx *store.Tx, a store.Account, name string) (store.Snapshot, error) {
	s, err := tx.FindSnapshot(a.ID, name)
	if !errors.Is(err, store.ErrNotFound) {
		return s, err
	}
	all, err := tx.Snapshots(a.ID)
	if err != nil {
		return store.Snapshot{}, err
	}
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.Name
	}
	if len(names) == 0 {
		return store.Snapshot{}, Errorf(404, "account %q has no snapshot %.*q, nor any other", a.Name, maxNameBytes, name)
	}
	return store.Snapshot{}, Errorf(404, "account %q has no snapshot %.*q%s",
		a.Name, maxNameBytes, name, nearest.HintWithList(name, names))
}

// findToken returns the token with that id or name that is not revoked, of an account or, for "", of the first account
// that has one.
func findToken(tx *store.Tx, account, idOrName string) (auth.Token, error) {
	if account != "" {
		a, err := findAccount(tx, account)
		if err != nil {
			return auth.Token{}, err
		}
		account = a.ID
	}
	return findTokenOf(tx, account, idOrName, func(t auth.Token) bool { return t.RevokedAt.IsZero() })
}

// findTokenOf returns the token with that id or name of those that match, of the account with that id or, for "", of
// the first account that has one.
func findTokenOf(tx *store.Tx, account, idOrName string, match func(auth.Token) bool) (auth.Token, error) {
	id := func(t auth.Token) string { return t.ID }
	name := func(t auth.Token) string { return t.Name }
	list := func(account string) ([]auth.Token, error) {
		tokens, err := tx.Tokens(account)
		return slices.DeleteFunc(tokens, func(t auth.Token) bool { return !match(t) }), err
	}
	t, names, err := find(tx, account, idOrName, list, id, name)
	if errors.Is(err, ErrNotFound) {
		err = unknownToken(tx, idOrName, names)
	}
	return t, err
}

// findVault returns the vault with that id or name, of the account with that id or, for "", of the first account that
// has one.
func findVault(tx *store.Tx, account, idOrName string) (connect.Vault, error) {
	id := func(v connect.Vault) string { return v.ID }
	name := func(v connect.Vault) string { return v.Name }
	v, names, err := find(tx, account, idOrName, tx.Vaults, id, name)
	if errors.Is(err, ErrNotFound) {
		err = unknownName("vault", idOrName, names)
	}
	return v, err
}

// findItem returns the id of the item with that id or title in a vault. The error is a 409 if several have the title.
func findItem(tx *store.Tx, account string, vault connect.Vault, idOrTitle string) (string, error) {
	if _, err := tx.ItemJSON(account, vault.ID, idOrTitle); !errors.Is(err, store.ErrNotFound) {
		return idOrTitle, err
	}
	title := filter.Compare{Attribute: filter.Title, Op: filter.Eq, Value: idOrTitle}
	found, _, err := findLabels(tx, account, vault.ID, &filter.Filter{Root: title, CaseSensitive: true})
	switch {
	case err != nil:
		return "", err
	case len(found) == 1:
		return found[0].ID, nil
	case len(found) > 1:
		ids := make([]string, min(len(found), 10))
		for i := range ids {
			ids[i] = found[i].ID
		}
		return "", Errorf(409, "%d items of vault %q have the title %.*q; give one of their ids: %s",
			len(found), vault.Name, maxNameBytes, idOrTitle, strings.Join(ids, ", "))
	}
	_, titles, err := findLabels(tx, account, vault.ID, nil)
	if err != nil {
		return "", err
	}
	return "", unknownName("item", idOrTitle, titles)
}

// findLabels returns the first items of a vault that a filter selects, and their different titles.
func findLabels(tx *store.Tx, account, vault string, f *filter.Filter) (found []Labels, titles []string, err error) {
	seen := map[string]bool{}
	err = tx.Summaries(account, vault, f, func(summary []byte) error {
		if len(found) == maxNames {
			return nil
		}
		var it Labels
		if err := json.Unmarshal(summary, &it); err != nil {
			return err
		}
		found = append(found, it)
		if !seen[it.Title] {
			seen[it.Title] = true
			titles = append(titles, it.Title)
		}
		return nil
	})
	return found, titles, err
}

// find returns the first thing with that id or name of an account or, for "", of all accounts. The error is ErrNotFound
// if there is none; names are then the existing ones.
func find[T any](
	tx *store.Tx, account, idOrName string, list func(account string) ([]T, error), id, name func(T) string,
) (found T, names []string, err error) {
	accounts := []store.Account{{ID: account}}
	if account == "" {
		if accounts, err = tx.Accounts(); err != nil {
			return found, nil, err
		}
	}
	for _, a := range accounts {
		things, err := list(a.ID)
		if err != nil {
			return found, nil, err
		}
		for _, thing := range things {
			if id(thing) == idOrName || name(thing) == idOrName {
				return thing, nil, nil
			}
			if len(names) < maxNames && !slices.Contains(names, name(thing)) {
				names = append(names, name(thing))
			}
		}
	}
	return found, names, ErrNotFound
}

// unknownName returns a 404 for an unknown name. what is the kind of thing, known are the existing names.
func unknownName(what, name string, known []string) error {
	const maxListed = 20
	message := fmt.Sprintf("no %s %.*q", what, maxNameBytes, name)
	switch near := nearest.FindSimilar(name, known); {
	case len(near) > 0:
		message += "; " + nearest.DidYouMean(near[0])
	case len(known) > 0 && len(known) <= maxListed:
		message += "; there are: " + strings.Join(known, ", ")
	}
	return Errorf(404, "%s", message)
}

// unknownToken returns a 404 for an unknown name or id of a token. It does not repeat the value of a token.
func unknownToken(tx *store.Tx, idOrName string, names []string) error {
	const how = "a token is given by its name or id, not by its value"
	if strings.HasPrefix(idOrName, tokenStart) {
		return Errorf(404, how)
	}
	if t, err := tx.TokenByHash(auth.HashPlain(idOrName)); err == nil {
		return Errorf(404, how+"; this is the value of %q", t.Name)
	}
	return unknownName("token", idOrName, names)
}
