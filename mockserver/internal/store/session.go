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

// maxFilterStatements bounds the prepared statements of filters on a connection:
// their text depends on what clients send.
const maxFilterStatements = 64

// session is a connection with its prepared statements. One goroutine uses it at
// a time.
//
// Statements run with a background context, except those that may take long: a
// context that can end costs a goroutine for each statement.
type session struct {
	conn             *sql.Conn
	statements       map[string]*sql.Stmt
	filterStatements *lru.Cache[string, *sql.Stmt]
	tails            map[string]*tail // the writer's only, see activity_log.go
	group            *group           // the writer's only: the open transaction

	keepJournal *atomic.Bool // do not remove the journal's files at the end
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
		conn: conn, statements: map[string]*sql.Stmt{}, filterStatements: filters, tails: map[string]*tail{},
		keepJournal: keepJournal,
	}, nil
}

// statement returns the prepared statement of a constant text.
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

// filterStatement returns the prepared statement of a text made from a filter.
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

// exec runs a statement and returns the number of changed rows.
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

// queryRow reads the only row of a query into dest. It returns ErrNotFound if
// there is none.
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

// each calls visit for each row of a query, with a function that reads the row.
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

// execAll runs statements without keeping them prepared.
func (s *session) execAll(queries ...string) error {
	for _, query := range queries {
		if _, err := s.conn.ExecContext(context.Background(), query); err != nil {
			return err
		}
	}
	return nil
}

// commitGroup commits the open group, if there is one.
func (s *session) commitGroup() {
	if s.group != nil {
		s.group.commit()
	}
}

// shrinkMemory closes the statements and makes the engine free its caches.
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
	_ = s.closeStatements() // the connection is closed as well
	if s.keepJournal.Load() {
		return errors.Join(s.conn.Raw(persistJournal), s.conn.Close())
	}
	return s.conn.Close()
}

// persistJournal keeps the engine from removing the WAL and its index when the
// last connection closes: it would remove them by name.
func persistJournal(connection any) error {
	control, ok := connection.(sqlite.FileControl)
	if !ok {
		return errors.New("store: the engine cannot keep its journal")
	}
	_, err := control.FileControlPersistWAL("main", 1)
	return err
}
