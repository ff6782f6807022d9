package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/mattn/go-isatty"
)

// Exit codes. exec ends with that of its command.
const (
	exitOK         = 0
	exitFailed     = 1                          // something went wrong while running
	exitUsage      = 2                          // invalid flags, arguments, variables, or files that they name
	exitBrokenPipe = 128 + int(syscall.SIGPIPE) // the reader of the output is gone, as in shells
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

// usageError is an error with exit code 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// exitCode is an error that ends the program with a code and no message.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit status %d", int(c)) }

// reportError writes the message of an error, if there is one, and returns the
// exit code.
func (std *streams) reportError(err error) int {
	var code exitCode
	write := new(fs.PathError)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &write) && write.Path == os.Stdout.Name() && errors.Is(write, syscall.EPIPE):
		return exitBrokenPipe // the reader of standard output has enough, as head does
	case errors.As(err, &code):
		return int(code)
	}
	std.say("%s", strings.TrimRight(err.Error(), "\n"))
	config := new(mockserver.ConfigError)
	if !std.running || errors.As(err, new(usageError)) || errors.As(err, &config) {
		return exitUsage
	}
	return exitFailed
}
