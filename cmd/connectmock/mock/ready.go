package mock

import (
	"context"
	"encoding/json"
	"os"

	"github.com/connectmock/connectmock/cmd/connectmock/buildinfo"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
)

// ready returns one line of JSON.
func (m *Mock) ready(ctx context.Context) (string, error) {
	r := locate.Ready{
		URL: m.url, Token: m.Token, Store: m.settings.Store, PID: os.Getpid(), Version: buildinfo.Read().Version,
		Tokens: map[string]string{}, Control: m.control.url(), Console: m.consoleAddress(),
	}
	if m.control != nil {
		r.ControlToken = m.control.token
	}
	tokens, err := m.Server.AllTokens(ctx)
	if err != nil {
		return "", err
	}
	for _, t := range tokens {
		if t.Value != "" {
			r.Tokens[t.Name] = t.Value
		}
	}
	text, err := json.Marshal(r)
	return string(text) + "\n", err
}

// writeReady writes the ready file, all of it at once: a program that waits for it
// reads it as soon as it exists. Only its owner can read it, because it contains
// tokens.
func (m *Mock) writeReady(ctx context.Context, name string) error {
	if name == "" {
		return nil
	}
	text, err := m.ready(ctx)
	if err != nil {
		return err
	}
	if err := cli.WriteTextAtomic(name, []byte(text)); err != nil {
		return cli.Usage("--ready-file: %w", err)
	}
	return nil
}

// removeOwnReady removes the ready file, unless another server has replaced it.
func (m *Mock) removeOwnReady() error {
	name := m.settings.ReadyFile
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		if current, err := locate.ReadReady(name); err == nil && (current.PID != os.Getpid() || current.URL != m.url) {
			return nil
		}
	}
	return locate.RemoveReady(name)
}
