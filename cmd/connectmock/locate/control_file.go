// Package locate finds a mock that runs: by flags, by the file that a mock writes beside its store or for --ready-file,
// and by the variables of clients. It also writes and removes these files, and
// starts no mock.
package locate

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

// ControlOff is the address of a control that is off.
const ControlOff = "off"

// ControlFile is the content of the file beside a store by which commands on the
// same machine find its server and the control of it. It holds tokens and only its
// owner can read it.
type ControlFile struct {
	URL   string `json:"url"`
	Token string `json:"token"`
	PID   int    `json:"pid"`

	Host        string `json:"host"`                // URL of Connect
	ClientToken string `json:"clientToken"`         // for clients, as the ready line has it
	Authority   string `json:"authority,omitempty"` // of a self-made certificate, PEM
}

// ControlPath returns the path of a store's control file: beside the database
// itself if the store is a symbolic link.
func ControlPath(store string) string {
	if info, err := os.Lstat(store); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		store = mockserver.StoreFile(store)
	}
	return store + ".control"
}

func (f ControlFile) Write(store string) error {
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return cli.WriteTextAtomic(ControlPath(store), append(text, '\n'))
}

// readControlFile returns fs.ErrNotExist if there is no file.
func readControlFile(store string) (f ControlFile, err error) {
	name := ControlPath(store)
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

// RemoveOwn removes the file when its server ends. It leaves the file of another
// server, which may have the store's name after the database was replaced.
func (f ControlFile) RemoveOwn(store string) error {
	if current, err := readControlFile(store); err == nil && current != f {
		return nil
	}
	return RemoveControlFile(store)
}

// RemoveControlFile removes the control file of a store, if there is one.
func RemoveControlFile(store string) error {
	if err := os.Remove(ControlPath(store)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
