package scenarios

import "crypto/rand"

// secret is a value of that name, made up for this run of the scenario and
// never shown.
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
