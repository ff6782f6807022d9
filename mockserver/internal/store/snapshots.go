package store

import (
	"errors"
	"fmt"
	"time"
)

// Snapshot is an account that never changes: a seed, which has no Account and is
// the base of layers, or a snapshot of an account. Everything that reads an
// account can read it by its ID, but Account and Accounts do not return it.
type Snapshot struct {
	ID        string // 26 of [A-Z0-9]
	Name      string // unique in its account, if it has one
	Account   string // the account it was taken of; empty for a seed
	CreatedAt time.Time
}

// PutSnapshot adds an empty snapshot without a base. This transaction can write to
// it, later ones cannot. Without an Account it is a seed. It returns ErrExists if
// the id or the name is taken.
func (tx *Tx) PutSnapshot(s Snapshot) error { return tx.addSnapshot(s, "") }

// addSnapshot adds a snapshot over a base, "" for none.
func (tx *Tx) addSnapshot(s Snapshot, base string) error {
	if !tx.writable {
		return errReadOnly
	}
	kind := "seed"
	if s.Account != "" {
		kind = "snapshot"
		if l, err := tx.layer(s.Account); err != nil {
			return err
		} else if l.isSnapshot {
			return fmt.Errorf("account %s: %w", s.Account, errSnapshot)
		}
	}
	var exists bool
	if err := tx.session.queryRow(`SELECT EXISTS (SELECT 1 FROM accounts
		WHERE id = $1 OR (owner = $2 AND owner <> '' AND name = $3))`,
		[]any{s.ID, s.Account, s.Name}, &exists); err != nil {
		return err
	}
	if exists {
		return fmt.Errorf("snapshot %s: %w", s.Name, ErrExists)
	}
	if err := tx.addAccount(kind, Account{ID: s.ID, Name: s.Name, CreatedAt: s.CreatedAt}, base, s.Account); err != nil {
		return err
	}
	if tx.newSnapshots == nil {
		tx.newSnapshots = map[string]bool{}
	}
	tx.newSnapshots[s.ID] = true
	return nil
}

// CreateSnapshot takes a snapshot of an account, with the id as and a name. It
// copies the account's own rows, not those of its base. It returns ErrExists if
// the account has a snapshot of that name.
func (tx *Tx) CreateSnapshot(account, as, name string, now time.Time) error {
	l, err := tx.writableLayer(account)
	if err != nil {
		return err
	}
	if err := tx.appendActivity(); err != nil {
		return err
	}
	if err := tx.addSnapshot(Snapshot{ID: as, Name: name, Account: account, CreatedAt: now}, l.base); err != nil {
		return err
	}
	if err := tx.copyRows(account, as); err != nil {
		return err
	}
	return tx.copyTokens(account, as)
}

// Restore replaces the data of an account with that of a snapshot. If that is the
// account's baseline, its tokens become those it started with (see
// PutSeedToken); if it is a snapshot of the account, they become the snapshot's;
// otherwise they stay. Restore deletes the account's own rows, and copies those
// of a snapshot that has a base.
func (tx *Tx) Restore(account, snapshot string) error {
	if _, err := tx.writableLayer(account); err != nil {
		return err
	}
	var base, owner string
	var isBaseline bool
	err := tx.session.queryRow(`SELECT f.base, f.owner, a.origin = f.id FROM accounts f, accounts a
		WHERE f.id = $1 AND f.kind <> 'served' AND a.id = $2 AND a.kind = 'served'`,
		[]any{snapshot, account}, &base, &owner, &isBaseline)
	if err != nil {
		return fmt.Errorf("snapshot %s: %w", snapshot, err)
	}
	if err := tx.resetTo(account, snapshot, base); err != nil {
		return err
	}
	switch {
	case isBaseline:
		return tx.restoreTokens(account, account)
	case owner == account:
		return tx.restoreTokens(snapshot, account)
	}
	return nil
}

// SetBaseline restores a snapshot and makes it the baseline of the account, which
// a reset restores. The account's tokens stay, and so do those it started with.
// The former baseline is removed if no account needs it.
func (tx *Tx) SetBaseline(account, snapshot string) error {
	if _, err := tx.writableLayer(account); err != nil {
		return err
	}
	return tx.setBaseline(account, snapshot)
}

// setBaseline is SetBaseline for an account that is known to be writable.
func (tx *Tx) setBaseline(account, snapshot string) error {
	var base, before string
	err := tx.session.queryRow(`SELECT f.base, a.origin FROM accounts f, accounts a
		WHERE f.id = $1 AND f.kind <> 'served' AND a.id = $2 AND a.kind = 'served'`,
		[]any{snapshot, account}, &base, &before)
	if err != nil {
		return fmt.Errorf("snapshot %s: %w", snapshot, err)
	}
	if _, err := tx.exec(`UPDATE accounts SET origin = $1 WHERE id = $2`, snapshot, account); err != nil {
		return err
	}
	if err := tx.resetTo(account, snapshot, base); err != nil {
		return err
	}
	return tx.dropUnused(before)
}

// resetTo replaces the data of an account with that of a snapshot, which has that
// base.
func (tx *Tx) resetTo(account, snapshot, base string) error {
	l, err := tx.layer(account)
	if err != nil {
		return err
	}
	if err := tx.appendActivity(); err != nil { // records that were accepted before are deleted too
		return err
	}
	if err := tx.clearRows(account); err != nil {
		return err
	}
	newBase := base
	if base == "" {
		newBase = snapshot
	}
	if newBase != l.base {
		if _, err := tx.exec(`UPDATE accounts SET base = $1 WHERE id = $2`, newBase, account); err != nil {
			return err
		}
		tx.forgetLayer(account)
		if err := tx.dropUnused(l.base); err != nil {
			return err
		}
	}
	if base == "" {
		return nil
	}
	return tx.copyRows(snapshot, account)
}

// Baseline returns the id of the snapshot that the account started from, or
// ErrNotFound.
func (tx *Tx) Baseline(account string) (string, error) {
	var origin string
	err := tx.session.queryRow(`SELECT origin FROM accounts WHERE id = $1`, []any{account}, &origin)
	if err == nil && origin == "" {
		err = ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("baseline of account %s: %w", account, err)
	}
	return origin, nil
}

// Snapshots returns the snapshots of an account, sorted by name.
func (tx *Tx) Snapshots(account string) ([]Snapshot, error) {
	var all []Snapshot
	if account == "" {
		return nil, nil
	}
	err := tx.session.each(`SELECT id, name, owner, created_at FROM accounts
		WHERE owner = $1 AND owner <> '' ORDER BY name`,
		[]any{account}, func(scan func(...any) error) error {
			var s Snapshot
			var created int64
			err := scan(&s.ID, &s.Name, &s.Account, &created)
			s.CreatedAt = time.Unix(created, 0).UTC()
			all = append(all, s)
			return err
		})
	return all, err
}

// FindSnapshot returns the snapshot of an account with that name, or ErrNotFound.
func (tx *Tx) FindSnapshot(account, name string) (Snapshot, error) {
	s := Snapshot{Name: name, Account: account}
	var created int64
	err := tx.session.queryRow(`SELECT id, created_at FROM accounts WHERE owner = $1 AND owner <> '' AND name = $2`,
		[]any{account, name}, &s.ID, &created)
	if err != nil {
		return Snapshot{}, fmt.Errorf("snapshot %s of account %s: %w", name, account, err)
	}
	s.CreatedAt = time.Unix(created, 0).UTC()
	return s, nil
}

// ChangedItemIDs returns the ids of the items that may differ between two accounts,
// each once, in no order. For two layers over the same base these are the items
// that one of them has written.
func (tx *Tx) ChangedItemIDs(one, other string) ([]string, error) {
	var roots [2]string
	for i, account := range []string{one, other} {
		l, err := tx.layer(account)
		if err != nil {
			return nil, err
		}
		if roots[i] = l.base; l.base == "" {
			roots[i] = account
		}
	}
	query := `SELECT id FROM items WHERE account = $1 UNION SELECT id FROM items WHERE account = $2
		UNION SELECT id FROM items WHERE account = $3 UNION SELECT id FROM items WHERE account = $4`
	if roots[0] == roots[1] {
		query = `SELECT id FROM items WHERE account = $1 AND account <> $3 UNION SELECT id FROM items WHERE account = $2 AND account <> $4
			UNION SELECT i.id FROM hidden h JOIN items i ON i.seq = h.seq WHERE h.account IN ($1, $2)`
	}
	var ids []string
	err := tx.session.each(query, []any{one, other, roots[0], roots[1]}, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// dropUnused removes those of the given snapshots that have no name and are
// neither the base nor the baseline of an account.
func (tx *Tx) dropUnused(ids ...string) error {
	for _, id := range ids {
		if id == "" {
			continue
		}
		var base string
		err := tx.session.queryRow(`SELECT base FROM accounts a WHERE id = $1 AND kind = 'seed'
			AND NOT EXISTS (SELECT 1 FROM accounts WHERE base = $1 AND base <> '')
			AND NOT EXISTS (SELECT 1 FROM accounts WHERE origin = $1 AND origin <> '')`, []any{id}, &base)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := tx.dropRows(id); err != nil {
			return err
		}
		if err := tx.dropUnused(base); err != nil {
			return err
		}
	}
	return nil
}
