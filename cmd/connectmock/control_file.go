package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// controlNote tells commands of the same machine where the control of a store's
// server is. It holds the control token and is for its owner only.
type controlNote struct {
	URL   string `json:"url"`
	Token string `json:"token"`
	PID   int    `json:"pid"`
}

// controlFile is where the note of a store is kept.
func controlFile(store string) string { return store + ".control" }

func (n controlNote) write(store string) error {
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return writeWhole(controlFile(store), func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
}

// readControl is the note of a store's server. That there is none is
// fs.ErrNotExist.
func readControl(store string) (n controlNote, err error) {
	name := controlFile(store)
	text, err := os.ReadFile(name)
	if err != nil {
		return n, err
	}
	if err := json.Unmarshal(text, &n); err != nil || n.URL == "" || n.Token == "" {
		return n, fmt.Errorf("%s is no note of a running mock; connectmock serve --store %s writes it anew", name, quoted(store))
	}
	return n, nil
}

// removeControl removes the note of a server that ends.
func removeControl(store string) error {
	if err := os.Remove(controlFile(store)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
