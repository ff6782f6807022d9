package main

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

// streams connects a command with its environment. Tests replace it.
type streams struct {
	in        io.Reader
	out, err  io.Writer
	environ   []string                                // as os.Environ
	listen    func(addr string) (net.Listener, error) // nil: net.Listen
	noSignals bool                                    // another command of this process handles signals
	running   bool                                    // arguments and flags are valid: later errors are not about them
}

// say writes a message for people to standard error.
func (std *streams) say(format string, args ...any) {
	fmt.Fprintf(std.err, "connectmock: "+format+"\n", args...)
}

// print writes the result of a command to standard output.
func (std *streams) print(text string) error {
	_, err := io.WriteString(std.out, text)
	return err
}

// printJSON writes a value as indented JSON.
func (std *streams) printJSON(value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return std.print(string(text) + "\n")
}

// variable returns an environment variable. An empty one counts as not set,
// because compose files pass variables that way.
func (std *streams) variable(name string) (value string, set bool) {
	for _, entry := range std.environ {
		if k, v, _ := strings.Cut(entry, "="); k == name {
			value = v // the last one counts, as in os/exec
		}
	}
	return value, value != ""
}

// read returns the text of a file as UTF-8. "-" is standard input.
func (std *streams) read(name string) ([]byte, error) {
	if name != "-" {
		return readFile(name)
	}
	data, err := io.ReadAll(std.in)
	return toUTF8(name, data, err)
}

// readFile returns the text of a file as UTF-8.
func readFile(name string) ([]byte, error) {
	data, err := os.ReadFile(name)
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

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	if w, is := stream.(*nonblockingWriter); is {
		stream = w.to
	}
	f, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
