package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/connectmock/connectmock/mockserver"
)

// controlNote tells commands of the same machine where the control of a store's
// server is. It holds the control token and is for its owner only.
type controlNote struct {
	URL   string `json:"url"`
	Token string `json:"token"`
	PID   int    `json:"pid"`
}

// controlFile is where the note of a store is kept: beside the file itself,
// where a symbolic link leads to it.
func controlFile(store string) string {
	if info, err := os.Lstat(store); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		store = mockserver.StoreFile(store)
	}
	return store + ".control"
}

func (n controlNote) write(store string) error {
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return writeFileAtomic(controlFile(store), func(w io.Writer) error {
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
		return n, fmt.Errorf("%s is no note of a running mock; connectmock serve --store %s writes it anew", name, shellQuote(store))
	}
	return n, nil
}

// removeOwn removes the note of a server that ends, and leaves that of another:
// the store's file may have been replaced, and another server have it.
func (n controlNote) removeOwn(store string) error {
	if there, err := readControl(store); err == nil && there != n {
		return nil
	}
	return removeControl(store)
}

// removeControl removes the note of a server that is no more.
func removeControl(store string) error {
	if err := os.Remove(controlFile(store)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
