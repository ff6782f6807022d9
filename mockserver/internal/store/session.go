package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"
	"modernc.org/sqlite"
)

// maxFilterStatements bounds the statements a connection keeps for filters, whose text
// depends on what clients send.
const maxFilterStatements = 64

// session is one connection and the statements prepared on it. One goroutine
// uses it at a time.
//
// Statements run with a background context, except those that may run for
// long: a context that can end costs a goroutine for each statement.
type session struct {
	conn             *sql.Conn
	statements       map[string]*sql.Stmt
	filterStatements *lru.Cache[string, *sql.Stmt]
	tails            map[string]*tail // the writer's only, see log.go
	group            *group           // the writer's only: the transaction under way

	keepJournal *atomic.Bool // the engine must not remove the journal's files when it closes
}

func newSession(ctx context.Context, db *sql.DB, keepJournal *atomic.Bool) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	filters, err := lru.NewWithEvict(maxFilterStatements, func(_ string, st *sql.Stmt) { st.Close() })
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &session{
		conn: conn, statements: map[string]*sql.Stmt{}, filterStatements: filters, tails: map[string]*tail{}, keepJournal: keepJournal,
	}, nil
}

// prepared is the statement of a text that is a constant of this package.
func (s *session) statement(query string) (*sql.Stmt, error) {
	if st, ok := s.statements[query]; ok {
		return st, nil
	}
	st, err := s.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	s.statements[query] = st
	return st, nil
}

// shaped is the statement of a text that was put together.
func (s *session) filterStatement(query string) (*sql.Stmt, error) {
	if st, ok := s.filterStatements.Get(query); ok {
		return st, nil
	}
	st, err := s.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	s.filterStatements.Add(query, st)
	return st, nil
}

// exec runs a statement and says how many rows it changed.
func (s *session) exec(query string, args ...any) (int64, error) {
	st, err := s.statement(query)
	if err != nil {
		return 0, err
	}
	result, err := st.Exec(args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// get reads the one row of a query into dest; ErrNotFound if there is none.
func (s *session) queryRow(query string, args []any, dest ...any) error {
	st, err := s.statement(query)
	if err != nil {
		return err
	}
	err = st.QueryRow(args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// each calls visit for each row of a query, with the function that reads it.
func (s *session) each(query string, args []any, visit func(scan func(dest ...any) error) error) error {
	st, err := s.statement(query)
	if err != nil {
		return err
	}
	return visitAll(context.Background(), st, args, visit)
}

func visitAll(ctx context.Context, st *sql.Stmt, args []any, visit func(scan func(dest ...any) error) error) error {
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := visit(rows.Scan); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// once runs statements that are not worth keeping.
func (s *session) execAll(queries ...string) error {
	for _, query := range queries {
		if _, err := s.conn.ExecContext(context.Background(), query); err != nil {
			return err
		}
	}
	return nil
}

// finish commits the group that is open, if one is.
func (s *session) commitGroup() {
	if s.group != nil {
		s.group.commit()
	}
}

// settle closes the statements and lets the engine free what it can.
func (s *session) shrinkMemory() error {
	return errors.Join(s.closeStatements(), s.execAll("PRAGMA shrink_memory"))
}

func (s *session) closeStatements() error {
	var errs []error
	for _, st := range s.statements {
		errs = append(errs, st.Close())
	}
	clear(s.statements)
	s.filterStatements.Purge()
	return errors.Join(errs...)
}

func (s *session) close() error {
	s.commitGroup()
	_ = s.closeStatements() // their connection goes too
	if s.keepJournal.Load() {
		return errors.Join(s.conn.Raw(persistJournal), s.conn.Close())
	}
	return s.conn.Close()
}

// persistJournal makes the engine leave the WAL and its index where they are
// when the last connection closes. It removes them by name.
func persistJournal(connection any) error {
	control, ok := connection.(sqlite.FileControl)
	if !ok {
		return errors.New("store: the engine cannot keep its journal")
	}
	_, err := control.FileControlPersistWAL("main", 1)
	return err
}
