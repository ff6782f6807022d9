package store

import "context"

// Reset removes all accounts with their data, queued activity, and all meta
// values except the signing key, so that tokens remain valid. Readers of files
// get ErrNotFound.
func (s *Store) Reset(ctx context.Context) error {
	session, err := s.writer.take(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	defer s.writer.put(session)
	err = s.updateExclusive(ctx, session, func(tx *Tx) error {
		tx.group.taken = append(tx.group.taken, tx.group.queue.take()...) // they count as stored after the commit
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
		tx.group.pages.beginReplacing()
		return nil
	})
	if err != nil || !s.dialect.vacuum {
		return explain(s.path, err)
	}
	// VACUUM fails if another process uses the file. Its free space is then used
	// again later.
	if err := session.execAll("VACUUM"); err != nil {
		s.log.Warn("store not shrunk after reset", "store", s.path, "error", explain(s.path, err))
	}
	return explain(s.path, s.files.remember(session))
}
