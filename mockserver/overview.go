package mockserver

import "context"

// Overview is what a server holds and how it was understood, for consoles.
type Overview struct {
	Seeded     bool     // the store was empty and was filled
	Operations int      // served from the document
	Invented   []string // operations answered from their schema: method and path
	Unserved   []string // operations we know that the document or the version of Connect lacks
	Vaults     int
	Items      int
}

// Overview counts what the store holds, but for the worlds made since.
func (s *Server) Overview(ctx context.Context) (Overview, error) {
	now, err := s.backend.Status(ctx)
	return Overview{
		Seeded: now.Seeded, Operations: len(s.backend.Operations()), Invented: s.api.Synthesized(), Unserved: s.api.Unserved(),
		Vaults: now.Vaults, Items: now.Items,
	}, err
}
