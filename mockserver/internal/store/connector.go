package store

import (
	"context"
	"database/sql/driver"
	"sync/atomic"

	"modernc.org/sqlite"
)

// connector opens the connections of a store. The engine makes an empty database
// where there is no file: that is wanted once, when the store is opened. Later the
// file was removed, and an empty one in its place would serve reads and hide
// from storeFiles what has happened.
type connector struct {
	driver.Connector                  // makes the file if there is none
	existing         driver.Connector // fails if there is none
	createsNoFile    atomic.Bool      // use existing
}

func newConnector(d dialect) (*connector, error) {
	c := &connector{}
	var err error
	if c.Connector, err = sqlite.NewConnector(d.dsn); err != nil || !d.external {
		c.existing = c.Connector
		return c, err
	}
	c.existing, err = sqlite.NewConnector(d.dsn + "&mode=rw")
	return c, err
}

func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	if c.createsNoFile.Load() {
		return c.existing.Connect(ctx)
	}
	return c.Connector.Connect(ctx)
}
