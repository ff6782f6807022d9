package store

import (
	"errors"
	"fmt"
	"time"
)

// Account is one world: nothing crosses from one to another. It may be a layer
// over a frozen account, see Frozen.
type Account struct {
	ID   string // 26 of [A-Z0-9]
	Name string
	User string // who acts in it, 26 of [A-Z0-9]

	// Base is the frozen account below it, empty if there is none. When adding
	// one it may be a snapshot of a layer too: see Start.
	Base            string
	CreatedAt       time.Time // kept in whole seconds
	CreatedOnDemand bool      // on demand, and not with the store's first filling
}

const accountColumns = `SELECT id, name, user_id, base, created_at, created FROM accounts WHERE kind = 'served'`

// PutAccount adds an account, or gives the one of that id its Name and User and
// leaves the rest. One with a Base is an empty layer over it, or a copy of the
// snapshot that Base names, without the snapshot's tokens.
func (tx *Tx) PutAccount(a Account) error {
	if !tx.writable {
		return errReadOnly
	}
	switch there, err := tx.layer(a.ID); {
	case errors.Is(err, ErrNotFound):
	case err != nil:
		return err
	case there.frozen:
		return fmt.Errorf("account %s: %w", a.ID, errSnapshot)
	default:
		_, err := tx.exec(`UPDATE accounts SET name = $1, user_id = $2 WHERE id = $3`, a.Name, a.User, a.ID)
		return err
	}
	if err := tx.addAccount("served", a, "", ""); err != nil || a.Base == "" {
		return err
	}
	return tx.setBaseline(a.ID, a.Base)
}

// addAccount adds a row of accounts, of whichever kind.
func (tx *Tx) addAccount(kind string, a Account, base, owner string) error {
	_, err := tx.exec(`INSERT INTO accounts (id, kind, name, user_id, base, origin, owner, created, created_at)
		VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8)`, a.ID, kind, a.Name, a.User, base, owner, a.CreatedOnDemand, a.CreatedAt.Unix())
	tx.forgetLayer(a.ID)
	return err
}

// Account is the account of that id. Frozen ones are not found.
func (tx *Tx) Account(id string) (Account, error) {
	var r accountRow
	if err := tx.session.queryRow(accountColumns+` AND id = $1`, []any{id}, r.dest()...); err != nil {
		return Account{}, fmt.Errorf("account %s: %w", id, err)
	}
	return r.account(), nil
}

// Accounts are all accounts but the frozen ones, in the order they were added.
func (tx *Tx) Accounts() ([]Account, error) {
	var all []Account
	err := tx.session.each(accountColumns+` ORDER BY seq`, nil, func(scan func(...any) error) error {
		var r accountRow
		err := scan(r.dest()...)
		all = append(all, r.account())
		return err
	})
	return all, err
}

// accountRow is a row of accountColumns.
type accountRow struct {
	a       Account
	created int64
}

func (r *accountRow) dest() []any {
	return []any{&r.a.ID, &r.a.Name, &r.a.User, &r.a.Base, &r.created, &r.a.CreatedOnDemand}
}

func (r *accountRow) account() Account {
	r.a.CreatedAt = time.Unix(r.created, 0).UTC()
	return r.a
}
