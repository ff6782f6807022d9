package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
)

// ready is what programs that start a server want to know once it answers.
type ready struct {
	URL     string            `json:"url"`
	Token   string            `json:"token"`
	Store   string            `json:"store"`
	PID     int               `json:"pid"`
	Version string            `json:"version"` // of connectmock
	Tokens  map[string]string `json:"tokens"`  // every signed token of the store by its name, whatever its state

	Control      string `json:"control,omitempty"` // URL of the control; none where it is off
	ControlToken string `json:"controlToken,omitempty"`
}

// ready is one line of JSON.
func (m *mock) ready(ctx context.Context) ([]byte, error) {
	r := ready{
		URL: m.url, Token: m.token, Store: m.settings.store, PID: os.Getpid(), Version: readBuild().version,
		Tokens: map[string]string{}, Control: m.control.url(),
	}
	if m.control != nil {
		r.ControlToken = m.control.token
	}
	tokens, err := m.server.AllTokens(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tokens {
		if t.Value != "" {
			r.Tokens[t.Name] = t.Value
		}
	}
	text, err := json.Marshal(r)
	return append(text, '\n'), err
}

// writeReady writes the ready line to a file that is there whole or not at all:
// who waits for it may read it as soon as it sees it. It holds tokens and is for
// its owner only.
func (m *mock) writeReady(ctx context.Context, name string) error {
	if name == "" {
		return nil
	}
	text, err := m.ready(ctx)
	if err != nil {
		return err
	}
	err = writeFileAtomic(name, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err != nil {
		return usage("--ready-file: %w", err)
	}
	return nil
}

// removeOwnReady removes the ready file at the end, unless it is that of another
// server by now.
func (m *mock) removeOwnReady() error {
	name := m.settings.readyFile
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		var there ready
		text, err := os.ReadFile(name)
		if err == nil && json.Unmarshal(text, &there) == nil && (there.PID != os.Getpid() || there.URL != m.url) {
			return nil
		}
	}
	return removeReady(name)
}

// removeReady removes the ready file, of an earlier start or of this one. Pipes
// and devices stay.
func removeReady(name string) error {
	if info, err := os.Stat(name); name == "" || err == nil && !info.Mode().IsRegular() {
		return nil
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usage("--ready-file: %w", err)
	}
	return nil
}
