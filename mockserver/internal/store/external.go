package store

import (
	"context"
	"time"
)

// watchInterval is the time between checks for changes by other processes.
const watchInterval = 100 * time.Millisecond

// watch calls changed when the data version differs from last because another
// process has written. It asks the writer's connection: for any other one the
// writer's commits count as external.
func (s *Store) watch(ctx context.Context, last int64, changed func()) {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		_ = s.files.check() // it logs missing files
		switch now, err := s.dataVersion(ctx); {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.log.Error("cannot detect changes by other processes", "store", s.path, "error", explain(s.path, err))
		case now != last:
			last = now
			s.pages.clear()
			s.titles.clear()
			changed()
		}
	}
}

// dataVersion returns a number that changes when another connection commits.
func (s *Store) dataVersion(ctx context.Context) (version int64, err error) {
	session, err := s.writer.take(ctx)
	if err != nil {
		return 0, err
	}
	defer s.writer.put(session)
	return version, session.queryRow(`PRAGMA data_version`, nil, &version)
}
