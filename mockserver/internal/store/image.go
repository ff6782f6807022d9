package store

import (
	"context"
	"strconv"
)

// imager is what a connection of the driver can do with a whole database.
type imager interface {
	Serialize() ([]byte, error)
	Deserialize([]byte) error
}

// imagePages is how many pages of a database that started from an image are kept beside its bytes.
const imagePages = 32

// Image returns the bytes of the database, for Options.Image of other stores in memory.
func (s *Store) Image(ctx context.Context) (data []byte, err error) {
	session, err := s.writer.take(ctx)
	if err != nil {
		return nil, explain(s.path, err)
	}
	defer s.writer.put(session)
	err = session.conn.Raw(func(conn any) (err error) {
		data, err = conn.(imager).Serialize()
		return err
	})
	return data, explain(s.path, err)
}

// restore replaces the empty database of a session by an image. The bytes are then the database, in one piece, and its
// pages in memory only a cache of them.
func (s *session) restore(image []byte) error {
	err := s.conn.Raw(func(conn any) error { return conn.(imager).Deserialize(image) })
	if err != nil {
		return err
	}
	_, err = s.conn.ExecContext(context.Background(), "PRAGMA cache_size = "+strconv.Itoa(imagePages))
	return err
}
