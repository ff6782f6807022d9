package store

import (
	"errors"
	"fmt"
)

// FindAccount is the account of that id or, if there is none, of that name; the
// first where it is empty. Frozen ones are not found.
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
