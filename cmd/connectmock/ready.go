package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/connectmock/connectmock/cmd/connectmock/buildinfo"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
)

// ready is the ready line: what a program needs that started a server.
type ready struct {
	URL     string            `json:"url"`
	Token   string            `json:"token"`
	Store   string            `json:"store"`
	PID     int               `json:"pid"`
	Version string            `json:"version"` // of connectmock
	Tokens  map[string]string `json:"tokens"`  // every signed token of the store by its name, in any state

	Control      string `json:"control,omitempty"` // URL of the control; empty if it is off
	ControlToken string `json:"controlToken,omitempty"`
	Console      string `json:"console,omitempty"` // opens the console once; empty if it is off
}

// ready returns one line of JSON.
func (m *mock) ready(ctx context.Context) (string, error) {
	r := ready{
		URL: m.url, Token: m.token, Store: m.settings.store, PID: os.Getpid(), Version: buildinfo.Read().Version,
		Tokens: map[string]string{}, Control: m.control.url(), Console: m.consoleAddress(),
	}
	if m.control != nil {
		r.ControlToken = m.control.token
	}
	tokens, err := m.server.AllTokens(ctx)
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
func (m *mock) writeReady(ctx context.Context, name string) error {
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
func (m *mock) removeOwnReady() error {
	name := m.settings.readyFile
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		var current ready
		text, err := os.ReadFile(name)
		if err == nil && json.Unmarshal(text, &current) == nil && (current.PID != os.Getpid() || current.URL != m.url) {
			return nil
		}
	}
	return removeReady(name)
}

// removeReady removes the ready file of this start or an earlier one. Pipes and
// devices stay.
func removeReady(name string) error {
	if info, err := os.Stat(name); name == "" || err == nil && !info.Mode().IsRegular() {
		return nil
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cli.Usage("--ready-file: %w", err)
	}
	return nil
}
