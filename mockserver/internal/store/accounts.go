package store

import "fmt"

// Account is one world: nothing crosses from one to another.
type Account struct {
	ID   string // 26 of [A-Z0-9]
	Name string
	User string // who acts in it, 26 of [A-Z0-9]
}

const accountColumns = `SELECT id, name, user_id FROM accounts`

// PutAccount adds an account or renames it.
func (tx *Tx) PutAccount(a Account) error {
	_, err := tx.exec(`INSERT INTO accounts (id, name, user_id) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, user_id = excluded.user_id`, a.ID, a.Name, a.User)
	return err
}

// Account is the account of that id.
func (tx *Tx) Account(id string) (Account, error) {
	var a Account
	if err := tx.session.get(accountColumns+` WHERE id = $1`, []any{id}, &a.ID, &a.Name, &a.User); err != nil {
		return Account{}, fmt.Errorf("account %s: %w", id, err)
	}
	return a, nil
}

// Accounts are all accounts in the order they were added.
func (tx *Tx) Accounts() ([]Account, error) {
	var all []Account
	err := tx.session.each(accountColumns+` ORDER BY seq`, nil, func(scan func(...any) error) error {
		var a Account
		err := scan(&a.ID, &a.Name, &a.User)
		all = append(all, a)
		return err
	})
	return all, err
}
