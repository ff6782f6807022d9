package locate

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
)

// Ready is the ready line: what a program needs that started a server.
type Ready struct {
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

// ReadReady reads the ready file of a server.
func ReadReady(name string) (r Ready, err error) {
	text, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	return r, err
}

// RemoveReady removes the ready file of this start or an earlier one. Pipes and
// devices stay.
func RemoveReady(name string) error {
	if info, err := os.Stat(name); name == "" || err == nil && !info.Mode().IsRegular() {
		return nil
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cli.Usage("--ready-file: %w", err)
	}
	return nil
}
