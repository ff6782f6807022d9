package store

import "context"

// Reset empties the store: all accounts with all they have, and the meta values
// except the signing key, so that tokens made before stay good. Activity that is still queued goes too. Files being read end with ErrNotFound.
func (s *Store) Reset(ctx context.Context) error {
	session, err := s.writer.take(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	defer s.writer.put(session)
	err = s.updateExclusive(ctx, session, func(tx *Tx) error {
		tx.group.taken = append(tx.group.taken, tx.group.queue.take()...) // with the commit they count as stored
		for _, query := range []string{
			`DELETE FROM chunks`, `DELETE FROM files`, `DELETE FROM item_tags`, `DELETE FROM items`,
			`DELETE FROM vaults`, `DELETE FROM hidden`, `DELETE FROM hidden_files`, `DELETE FROM tokens`,
			`DELETE FROM kept_tokens`, `DELETE FROM activity`, `DELETE FROM accounts`,
			`DELETE FROM meta WHERE key <> 'signing-key'`,
		} {
			if _, err := tx.exec(query); err != nil {
				return err
			}
		}
		clear(session.tails)
		return nil
	})
	if err != nil || !s.dialect.vacuum {
		return explain(s.path, err)
	}
	// The space is given back if nobody else is using the file; if somebody is,
	// it is used again instead.
	if err := session.execAll("VACUUM"); err != nil {
		s.log.Warn("store not shrunk after reset", "store", s.path, "error", explain(s.path, err))
	}
	return explain(s.path, s.files.remember(session))
}
