package store

import (
	"context"
	"errors"
	"slices"
)

// group is the transaction that updates share: a commit costs far more than the
// statements of one update, so those who come meanwhile are committed together.
//
// Nobody leads. Who has the writer runs its update in the group that is open, or
// opens one, gives the writer to who waits for it, and queues up behind them:
// when it has the writer again and the group is not committed yet, all who could
// join have, and it commits for all. Who wants the writer to itself gets it with
// no group open.
type group struct {
	session   *session
	queue     *queue
	retention *Retention
	committed chan struct{} // told of the commit
	files     *storeFiles   // whether the files are where they were; nil in memory
	updates   int           // in it that stand
	log       []entry       // recorded by them, not yet appended
	taken     []entry       // from the queue, appended, not committed
	done      chan struct{} // closed at the end
	err       error         // why nothing of it has happened; to be read when it is done
}

func (s *Store) begin(session *session) error {
	if _, err := session.exec(s.dialect.beginWrite); err != nil {
		return err
	}
	session.group = &group{session: session, queue: s.queue, retention: s.retention, committed: s.committed, files: s.files, done: make(chan struct{})}
	return nil
}

// run runs one update. If it answers an error, or panics, nothing of it is left.
// The first needs no savepoint: the transaction is its own.
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

// leave hands what the transaction has recorded to the group. What it recorded
// for an account that is frozen from now on is written while it may be.
func (tx *Tx) passLog() error {
	if len(tx.newSnapshots) == 0 {
		tx.group.log = append(tx.group.log, tx.log...)
		return nil
	}
	if err := tx.appendActivity(); err != nil {
		return err
	}
	for frozen := range tx.newSnapshots {
		delete(tx.session.tails, frozen)
	}
	return nil
}

// undo makes the group what it was before the update that failed, with that log
// and that many taken.
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

// commit ends the group; the activity accepted before it goes along.
func (g *group) commit() {
	err := (&Tx{session: g.session, writable: true, group: g}).appendActivity()
	if err == nil {
		err = g.files.check()
	}
	if err == nil {
		_, err = g.session.exec("COMMIT")
	}
	g.end(err)
}

// end tells everybody how the group ended. If it failed nothing has happened.
func (g *group) end(err error) {
	if err == nil {
		g.queue.stored(g.taken)
		signal(g.committed)
	} else {
		g.session.exec("ROLLBACK") // fails if the engine has rolled back already
		clear(g.session.tails)
		g.queue.putBack(g.taken)
	}
	g.err = err
	g.session.group = nil
	close(g.done)
}
