package store

import (
	"errors"
	"fmt"
)

// An account with a base is a layer. Reads see its own rows and those rows of the
// base for which the layer has no tombstone; writes go to its own rows. The base
// is a snapshot: only the transaction that adds it writes to it. A base has no
// base itself, so that there are never more than two places to look at.
//
// The base of an account is always read in the transaction that needs it, mostly
// in the same statement. It is then never stale, and costs a layer the lookup of
// one row.

// layer says how an account is read and written.
type layer struct {
	base       string // "": none
	isSnapshot bool
}

// layer returns the layer of an account, or ErrNotFound. The transaction caches
// the last one.
func (tx *Tx) layer(account string) (layer, error) {
	if tx.cachedAccount == account && account != "" {
		return tx.cachedLayer, nil
	}
	var l layer
	if err := tx.session.queryRow(`SELECT base, kind <> 'served' FROM accounts WHERE id = $1`,
		[]any{account}, &l.base, &l.isSnapshot); err != nil {
		return layer{}, fmt.Errorf("account %s: %w", account, err)
	}
	tx.cachedAccount, tx.cachedLayer = account, l
	return l, nil
}

// forgetLayer drops the cached layer if it is that of the account.
func (tx *Tx) forgetLayer(account string) {
	if tx.cachedAccount == account {
		tx.cachedAccount = ""
	}
}

// writableLayer returns the layer of an account that is about to be written. It
// returns errSnapshot for a snapshot that another transaction has added.
func (tx *Tx) writableLayer(account string) (layer, error) {
	if !tx.writable {
		return layer{}, errReadOnly
	}
	l, err := tx.layer(account)
	if err == nil && l.isSnapshot && !tx.newSnapshots[account] {
		err = fmt.Errorf("account %s: %w", account, errSnapshot)
	}
	return l, err
}

// baseItem is an item in the base of a layer.
type baseItem struct {
	seq          int64
	vault        string
	hasTombstone bool
	exists       bool
}

// isVisible reports whether the layer shows this item of its base.
func (b baseItem) isVisible() bool { return b.exists && !b.hasTombstone }

// findBaseItem finds the item with that id in the base of an account.
func (tx *Tx) findBaseItem(account string, l layer, id string) (b baseItem, err error) {
	if l.base == "" {
		return b, nil
	}
	err = tx.session.queryRow(`SELECT i.seq, i.vault,
		EXISTS (SELECT 1 FROM hidden h WHERE h.account = $1 AND h.vault = i.vault AND h.seq = i.seq)
		FROM items i WHERE i.account = $2 AND i.id = $3`, []any{account, l.base, id}, &b.seq, &b.vault, &b.hasTombstone)
	if errors.Is(err, ErrNotFound) {
		return b, nil
	}
	b.exists = true
	return b, err
}

// addTombstone hides an item of the base from a layer.
func (tx *Tx) addTombstone(account string, b baseItem) error {
	_, err := tx.exec(`INSERT INTO hidden (account, vault, seq) VALUES ($1, $2, $3)`, account, b.vault, b.seq)
	return err
}

// addFileTombstone hides the files that an item has in the base from a layer.
func (tx *Tx) addFileTombstone(account string, l layer, item string) error {
	if l.base == "" {
		return nil
	}
	_, err := tx.exec(`INSERT INTO hidden_files (account, item) SELECT $1, $2
		WHERE EXISTS (SELECT 1 FROM files WHERE account = $3 AND item = $2) ON CONFLICT DO NOTHING`, account, item, l.base)
	return err
}
