package store

import (
	"context"
	"time"
)

// look is how often changes by other processes are looked for.
const watchInterval = 100 * time.Millisecond

// watch calls changed after another process has written since last. The writer's
// connection is the one to ask: to the others, its own commits are foreign.
func (s *Store) watch(ctx context.Context, last int64, changed func()) {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		_ = s.files.check() // it tells of what is missing
		switch now, err := s.dataVersion(ctx); {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.log.Error("cannot see changes by other processes", "store", s.path, "error", explain(s.path, err))
		case now != last:
			last = now
			changed()
		}
	}
}

// dataVersion is a number that changes when another connection commits.
func (s *Store) dataVersion(ctx context.Context) (version int64, err error) {
	session, err := s.writer.take(ctx)
	if err != nil {
		return 0, err
	}
	defer s.writer.put(session)
	return version, session.queryRow(`PRAGMA data_version`, nil, &version)
}
