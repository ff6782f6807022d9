package store

import (
	"context"
	"errors"
	"slices"
)

// group is a transaction that several updates share: a commit takes far longer
// than the statements of one update, so that concurrent updates are committed
// together.
//
// No update is the leader. Each one takes the writer, runs in the open group or
// opens one, passes the writer on, and waits for it again behind the others.
// When it gets the writer back and the group is not committed yet, all waiting
// updates have joined, and it commits the group. Callers that need the writer
// exclusively get it with no open group.
type group struct {
	session   *session
	queue     *queue
	retention *Retention
	pages     *pageCache
	files     *storeFiles     // checked before the commit; nil in memory
	updates   int             // number of updates that succeeded
	titles    *titles         // learns what was written
	written   writtenTitles   // by the updates
	log       []entry         // recorded by the updates, not appended yet
	taken     []entry         // taken from the queue and appended, not committed yet
	committed chan<- struct{} // of the store
	done      chan struct{}   // closed when the group has ended
	err       error           // why nothing was committed; valid after done is closed
}

// begin opens a group in the writer's session.
func (s *Store) begin(session *session) error {
	if _, err := session.exec(s.dialect.beginWrite); err != nil {
		return err
	}
	session.group = &group{session: session, queue: s.queue, retention: s.retention,
		pages: s.pages, files: s.files, titles: s.titles, committed: s.committed, done: make(chan struct{})}
	return nil
}

// run runs an update in the group. If the update returns an error or panics, its
// changes are undone. The first update needs no savepoint: run then rolls the
// transaction back.
func (g *group) run(ctx context.Context, fn func(*Tx) error) (err error) {
	if g.updates > 0 {
		if _, err := g.session.exec("SAVEPOINT one"); err != nil {
			return err
		}
	}
	log, taken, kept := g.log, len(g.taken), false
	defer func() {
		if !kept {
			g.undo(log, taken, err)
		}
	}()
	tx := &Tx{ctx: ctx, session: g.session, writable: true, group: g}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.passLog(); err != nil {
		return err
	}
	if g.updates > 0 {
		if _, err := g.session.exec("RELEASE one"); err != nil {
			return err
		}
	}
	g.updates++
	kept = true
	return nil
}

// passLog passes the records of the transaction to the group. If the transaction
// has added snapshots they are written at once: later it is not allowed.
func (tx *Tx) passLog() error {
	if len(tx.newSnapshots) == 0 {
		tx.group.log = append(tx.group.log, tx.log...)
		return nil
	}
	if err := tx.appendActivity(); err != nil {
		return err
	}
	for snapshot := range tx.newSnapshots {
		delete(tx.session.tails, snapshot)
	}
	return nil
}

// undo restores the group to its state before the update that failed: its log,
// and the number of records taken from the queue.
func (g *group) undo(log []entry, taken int, cause error) {
	if cause == nil {
		cause = errors.New("store: an update panicked")
	}
	if g.updates == 0 {
		g.end(cause)
		return
	}
	for _, statement := range []string{"ROLLBACK TO one", "RELEASE one"} {
		if _, err := g.session.exec(statement); err != nil {
			g.end(cause) // the engine has rolled everything back, as it does when the disk is full
			return
		}
	}
	clear(g.session.tails)
	g.queue.putBack(slices.Clone(g.taken[taken:]))
	g.log, g.taken = log, slices.Clip(g.taken[:taken])
}

// commit commits the group together with queued activity.
func (g *group) commit() {
	err := (&Tx{session: g.session, writable: true, group: g}).appendActivity()
	if err == nil {
		err = g.files.check()
	}
	if err == nil {
		g.pages.beginCommit()
		g.titles.beginCommit(&g.written)
		_, err = g.session.exec("COMMIT")
		g.titles.endCommit()
	}
	g.end(err)
}

// end ends the group and wakes its updates. With an error nothing is committed.
func (g *group) end(err error) {
	g.pages.end() // first: a reader that finds the queue empty must find the new records
	if err == nil {
		g.queue.stored(g.taken)
		select {
		case g.committed <- struct{}{}:
		default:
		}
	} else {
		g.session.exec("ROLLBACK") // fails if the engine has rolled back already
		clear(g.session.tails)
		g.queue.putBack(g.taken)
	}
	g.err = err
	g.session.group = nil
	close(g.done)
}
