package store

// The statements that copy and delete all rows of an account. A table with rows
// of accounts must be in both.

// copyRows copies all rows except tokens to an empty account.
func (tx *Tx) copyRows(from, to string) error {
	tx.group.written.replace(to)
	for _, query := range []string{
		`INSERT INTO vaults (account, id, place, name, description, type, attribute_version, content_version, items, created_at, updated_at)
		 SELECT $2, id, place, name, description, type, attribute_version, content_version, items, created_at, updated_at
		 FROM vaults WHERE account = $1 ORDER BY coalesce(place, seq)`,
		`INSERT INTO items (account, id, vault, place, title, folded, tags, summary, document)
		 SELECT $2, id, vault, place, title, folded, tags, summary, document FROM items WHERE account = $1 ORDER BY coalesce(place, seq)`,
		`INSERT INTO item_tags (account, vault, folded, seq, tag)
		 SELECT $2, t.vault, t.folded, n.seq, t.tag FROM item_tags t CROSS JOIN items o CROSS JOIN items n
		 WHERE t.account = $1 AND o.seq = t.seq AND n.account = $2 AND n.id = o.id`,
		`INSERT INTO hidden (account, vault, seq) SELECT $2, vault, seq FROM hidden WHERE account = $1`,
		`INSERT INTO hidden_files (account, item) SELECT $2, item FROM hidden_files WHERE account = $1`,
		`INSERT INTO files (account, item, id, content, size) SELECT $2, item, id, content, size FROM files WHERE account = $1`,
		`INSERT INTO chunks (account, content, n, data) SELECT $2, content, n, data FROM chunks WHERE account = $1`,
		`INSERT INTO activity (account, first, count, records) SELECT $2, first, count, records FROM activity WHERE account = $1`,
	} {
		if _, err := tx.exec(query, from, to); err != nil {
			return err
		}
	}
	return nil
}

// clearRows deletes all rows except the account itself and its tokens.
func (tx *Tx) clearRows(account string) error {
	delete(tx.session.tails, account)
	tx.group.pages.beginReplacing()
	for _, query := range []string{
		`DELETE FROM chunks WHERE account = $1`, `DELETE FROM files WHERE account = $1`,
		`DELETE FROM hidden_files WHERE account = $1`, `DELETE FROM hidden WHERE account = $1`,
		`DELETE FROM item_tags WHERE account = $1`, `DELETE FROM items WHERE account = $1`,
		`DELETE FROM vaults WHERE account = $1`, `DELETE FROM activity WHERE account = $1`,
	} {
		if _, err := tx.exec(query, account); err != nil {
			return err
		}
	}
	return nil
}

// dropRows deletes an account and all its rows.
func (tx *Tx) dropRows(account string) error {
	if err := tx.clearRows(account); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM tokens WHERE account = $1`, `DELETE FROM kept_tokens WHERE account = $1`, `DELETE FROM accounts WHERE id = $1`,
	} {
		if _, err := tx.exec(query, account); err != nil {
			return err
		}
	}
	tx.forgetLayer(account)
	return nil
}
