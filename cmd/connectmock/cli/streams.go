// Package cli connects the commands with their user: what they read and write, how they fail, and how they are stopped.
// It does not know what any command does.
package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/mattn/go-isatty"
)

// Streams connects a command with its environment. Tests replace it.
type Streams struct {
	In        io.Reader
	Out, Err  io.Writer
	Environ   []string                                // as os.Environ
	Listen    func(addr string) (net.Listener, error) // nil: net.Listen
	NoSignals bool                                    // another command of this process handles signals
	Running   bool                                    // arguments and flags are valid: later errors are not about them
}

// Say writes a message for people to standard error.
func (std *Streams) Say(format string, args ...any) {
	fmt.Fprintf(std.Err, "connectmock: "+format+"\n", args...)
}

// Print writes the result of a command to standard output.
func (std *Streams) Print(text string) error {
	_, err := io.WriteString(std.Out, text)
	return err
}

// PrintJSON writes a value as indented JSON.
func (std *Streams) PrintJSON(value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return std.Print(string(text) + "\n")
}

// Variable returns an environment variable. An empty one counts as not set,
// because compose files pass variables that way.
func (std *Streams) Variable(name string) (value string, set bool) {
	value, _ = std.lookup(name)
	return value, value != ""
}

// IsBlank reports whether an environment variable is there, but empty or only spaces.
func (std *Streams) IsBlank(name string) bool {
	value, found := std.lookup(name)
	return found && strings.TrimSpace(value) == ""
}

// lookup returns the value of an environment variable, and whether it is there.
func (std *Streams) lookup(name string) (value string, found bool) {
	for _, entry := range std.Environ {
		if k, v, _ := strings.Cut(entry, "="); k == name {
			value, found = v, true // the last one counts, as in os/exec
		}
	}
	return value, found
}

// Read returns the text of a file, of bounded size, as UTF-8. "-" is standard input.
func (std *Streams) Read(name string) ([]byte, error) {
	if name != "-" {
		return ReadFile(name)
	}
	data, err := textenc.ReadAll("standard input", std.In)
	return toUTF8(name, data, err)
}

// ReadFile returns the text of a file, of bounded size, as UTF-8.
func ReadFile(name string) ([]byte, error) {
	data, err := textenc.ReadFile(name)
	return toUTF8(name, data, err)
}

func toUTF8(name string, data []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	if data, err = textenc.ToUTF8(data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// IsTerminal reports whether a stream is a terminal.
func IsTerminal(stream any) bool {
	if w, is := stream.(*nonblockingWriter); is {
		stream = w.to
	}
	f, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
