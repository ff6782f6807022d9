package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/mockserver"
)

// controlOff is the address of a control that is off.
const controlOff = "off"

// controlFile is the content of the file beside a store by which commands on the
// same machine find its server and the control of it. It holds tokens and only its
// owner can read it.
type controlFile struct {
	URL   string `json:"url"`
	Token string `json:"token"`
	PID   int    `json:"pid"`

	Host        string `json:"host"`                // URL of Connect
	ClientToken string `json:"clientToken"`         // for clients, as the ready line has it
	Authority   string `json:"authority,omitempty"` // of a self-made certificate, PEM
}

// controlPath returns the path of a store's control file: beside the database
// itself if the store is a symbolic link.
func controlPath(store string) string {
	if info, err := os.Lstat(store); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		store = mockserver.StoreFile(store)
	}
	return store + ".control"
}

func (f controlFile) write(store string) error {
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return cli.WriteTextAtomic(controlPath(store), append(text, '\n'))
}

// readControlFile returns fs.ErrNotExist if there is no file.
func readControlFile(store string) (f controlFile, err error) {
	name := controlPath(store)
	text, err := os.ReadFile(name)
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(text, &f); err != nil || f.URL == "" || f.Token == "" {
		return f, fmt.Errorf("%s is not the control file of a running mock; connectmock serve --store %s replaces it",
			name, environment.ShellQuote(store))
	}
	return f, nil
}

// removeOwn removes the file when its server ends. It leaves the file of another
// server, which may have the store's name after the database was replaced.
func (f controlFile) removeOwn(store string) error {
	if current, err := readControlFile(store); err == nil && current != f {
		return nil
	}
	return removeControlFile(store)
}

func removeControlFile(store string) error {
	if err := os.Remove(controlPath(store)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
