package store

import "context"

// Image returns the content of a store in memory, for Options.Image of others. It must not be called for one in a file.
func (s *Store) Image(ctx context.Context) (*Image, error) {
	session, err := s.writer.take(ctx)
	if err != nil {
		return nil, explain(s.path, err)
	}
	defer s.writer.put(session)
	return findMemoryFile(s.memoryFile).image(), nil
}
