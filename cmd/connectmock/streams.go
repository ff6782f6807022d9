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

// The codes a command ends with. exec passes on those of its command.
const (
	exitOK         = 0
	exitFailed     = 1                          // something went wrong while running
	exitBrokenPipe = 128 + int(syscall.SIGPIPE) // the reader of the output is gone, as shells have it
	exitUsage      = 2                          // what was asked for can't be done: flags, arguments, variables, the files they name
)

// streams is all a command has of the world outside, so that tests can give it
// another one.
type streams struct {
	in       io.Reader
	out, err io.Writer
	environ  []string                                // as os.Environ
	listen   func(addr string) (net.Listener, error) // nil: net.Listen
	running  bool                                    // arguments and flags were understood; errors from now on are not about them
}

// say tells people something on standard error; standard output is for what was
// asked for.
func (std *streams) say(format string, args ...any) {
	fmt.Fprintf(std.err, "connectmock: "+format+"\n", args...)
}

// print writes what was asked for, in one piece, to standard output.
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

// variable is an environment variable. One without a value counts as not set,
// as compose files leave them.
func (std *streams) variable(name string) (value string, set bool) {
	for _, entry := range std.environ {
		if k, v, _ := strings.Cut(entry, "="); k == name {
			value = v // the last one counts, as in os/exec
		}
	}
	return value, value != ""
}

// read returns the text of the named file, of standard input for "-", as UTF-8.
func (std *streams) read(name string) ([]byte, error) {
	data, err := std.readBytes(name)
	if err != nil {
		return nil, err
	}
	if data, err = textenc.ToUTF8(data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

func (std *streams) readBytes(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(std.in)
	}
	return os.ReadFile(name)
}

// isTerminal says whether a person reads (or types) at the other end.
func isTerminal(stream any) bool {
	if w, is := stream.(*nonblockingWriter); is {
		stream = w.to
	}
	f, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// usageError is a mistake in what was asked for.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// exitCode ends the program with a code and without a word.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit status %d", int(c)) }

// isReaderGone tells whether an error is that nobody reads standard output any
// more.
func isReaderGone(err error) bool {
	write := new(fs.PathError)
	return errors.As(err, &write) && write.Path == os.Stdout.Name() && errors.Is(write, syscall.EPIPE)
}

// end tells what went wrong, if anything did, and is the code to end with.
func (std *streams) end(err error) int {
	var code exitCode
	switch {
	case err == nil:
		return exitOK
	case isReaderGone(err):
		return exitBrokenPipe // the reader has what it wanted; see head
	case errors.As(err, &code):
		return int(code)
	}
	std.say("%s", strings.TrimRight(err.Error(), "\n"))
	mistake, misconfigured := new(usageError), new(mockserver.ConfigError)
	if !std.running || errors.As(err, mistake) || errors.As(err, &misconfigured) {
		return exitUsage
	}
	return exitFailed
}
