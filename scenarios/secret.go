package scenarios

import (
	"crypto/rand"
)

// secret returns the random value with that name of this run. Reports never show it.
func (s *scenarioRun) secret(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.secrets[name]
	if !ok {
		value = "s3cret-" + rand.Text()
		s.secrets[name] = value
		s.run.redactor.Add(value)
	}
	return value
}
