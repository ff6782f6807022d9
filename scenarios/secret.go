package scenarios

import "crypto/rand"

// secret returns the random value with that name of this run. Reports never show it.
func (p *play) secret(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	value, ok := p.secrets[name]
	if !ok {
		value = "s3cret-" + rand.Text()
		p.secrets[name] = value
		p.of.redactor.Add(value)
	}
	return value
}
