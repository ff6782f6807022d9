package store

import "fmt"

// DropAccount removes an account with its data, tokens and snapshots, and the
// snapshot it is a layer over if no other account needs it. Activity that is
// recorded for it later is dropped. A snapshot that is the baseline of another
// account loses its name and remains as long as that account. DropAccount
// returns ErrNotFound for the id of a snapshot.
func (tx *Tx) DropAccount(id string) error {
	var base, origin string
	if err := tx.session.queryRow(`SELECT base, origin FROM accounts WHERE id = $1 AND kind = 'served'`,
		[]any{id}, &base, &origin); err != nil {
		return fmt.Errorf("account %s: %w", id, err)
	}
	if err := tx.appendActivity(); err != nil {
		return err
	}
	snapshots, err := tx.Snapshots(id)
	if err != nil {
		return err
	}
	if err := tx.dropRows(id); err != nil {
		return err
	}
	for _, s := range snapshots {
		if err := tx.DropSnapshot(s.ID); err != nil {
			return err
		}
	}
	return tx.dropUnused(base, origin)
}

// DropSnapshot removes a snapshot. One that is the base or baseline of an account
// loses its name, and is removed with the last such account. For a seed that is
// still needed it returns errInUse: a seed is removed with its last account.
func (tx *Tx) DropSnapshot(id string) error {
	var kind string
	if err := tx.session.queryRow(`SELECT kind FROM accounts WHERE id = $1 AND kind <> 'served'`,
		[]any{id}, &kind); err != nil {
		return fmt.Errorf("snapshot %s: %w", id, err)
	}
	if _, err := tx.exec(`UPDATE accounts SET kind = 'seed', name = '', owner = '' WHERE id = $1`, id); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM kept_tokens WHERE account = $1`, id); err != nil {
		return err
	}
	if err := tx.dropUnused(id); err != nil || kind == "snapshot" {
		return err
	}
	if _, err := tx.layer(id); err == nil {
		return fmt.Errorf("snapshot %s: %w", id, errInUse)
	}
	return nil
}
