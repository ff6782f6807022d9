package store

import (
	"errors"
	"fmt"
	"time"
)

// Account is an isolated data set. It may be a layer over a snapshot, see
// Snapshot.
type Account struct {
	ID   string // 26 of [A-Z0-9]
	Name string
	User string // id of the user who acts in it, 26 of [A-Z0-9]

	// Base is the snapshot that the account is a layer over, empty if there is
	// none. PutAccount also accepts a snapshot of a layer: see SetBaseline.
	Base            string
	CreatedAt       time.Time // stored in whole seconds
	CreatedOnDemand bool      // not part of what the store was filled with
}

const accountColumns = `SELECT id, name, user_id, base, created_at, created FROM accounts WHERE kind = 'served'`

// PutAccount adds an account, or sets the Name and User of the account with that
// id. A new account with a Base is an empty layer over it, or a copy of the
// snapshot if that is one of a layer. It gets none of the snapshot's tokens.
func (tx *Tx) PutAccount(a Account) error {
	if !tx.writable {
		return errReadOnly
	}
	switch present, err := tx.layer(a.ID); {
	case errors.Is(err, ErrNotFound):
	case err != nil:
		return err
	case present.isSnapshot:
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

// addAccount adds a row of any kind to the table of accounts.
func (tx *Tx) addAccount(kind string, a Account, base, owner string) error {
	_, err := tx.exec(`INSERT INTO accounts (id, kind, name, user_id, base, origin, owner, created, created_at)
		VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8)`,
		a.ID, kind, a.Name, a.User, base, owner, a.CreatedOnDemand, a.CreatedAt.Unix())
	tx.forgetLayer(a.ID)
	return err
}

// Account returns the account with that id. It does not find snapshots.
func (tx *Tx) Account(id string) (Account, error) {
	var r accountRow
	if err := tx.session.queryRow(accountColumns+` AND id = $1`, []any{id}, r.dest()...); err != nil {
		return Account{}, fmt.Errorf("account %s: %w", id, err)
	}
	return r.account(), nil
}

// Accounts returns all accounts, without snapshots, in the order they were added.
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

// FindAccount returns the account with that id or, if there is none, with that
// name. For "" it returns the first account. It does not find snapshots.
func (tx *Tx) FindAccount(idOrName string) (Account, error) {
	query, args := accountColumns+` AND id = $1`, []any{idOrName}
	if idOrName == "" {
		query, args = accountColumns+` ORDER BY seq LIMIT 1`, nil
	}
	var r accountRow
	err := tx.session.queryRow(query, args, r.dest()...)
	if errors.Is(err, ErrNotFound) && idOrName != "" {
		err = tx.session.queryRow(accountColumns+` AND name = $1 ORDER BY seq LIMIT 1`, args, r.dest()...)
	}
	if err != nil {
		return Account{}, fmt.Errorf("account %s: %w", idOrName, err)
	}
	return r.account(), nil
}

// accountRow reads a row of accountColumns.
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
