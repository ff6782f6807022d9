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

// shell is all a command has of the world outside, so that tests can give it
// another one.
type shell struct {
	in       io.Reader
	out, err io.Writer
	environ  []string                                // as os.Environ
	listen   func(addr string) (net.Listener, error) // nil: net.Listen
	running  bool                                    // arguments and flags were understood; errors from now on are not about them
}

// say tells people something on standard error; standard output is for what was
// asked for.
func (sh *shell) say(format string, args ...any) {
	fmt.Fprintf(sh.err, "connectmock: "+format+"\n", args...)
}

// print writes what was asked for, in one piece, to standard output.
func (sh *shell) print(text string) error {
	_, err := io.WriteString(sh.out, text)
	return err
}

// printJSON writes a value as indented JSON.
func (sh *shell) printJSON(value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return sh.print(string(text) + "\n")
}

// variable is an environment variable. One without a value counts as not set,
// as compose files leave them.
func (sh *shell) variable(name string) (value string, set bool) {
	for _, entry := range sh.environ {
		if k, v, _ := strings.Cut(entry, "="); k == name {
			value = v // the last one counts, as in os/exec
		}
	}
	return value, value != ""
}

// read returns the text of the named file, of standard input for "-", as UTF-8.
func (sh *shell) read(name string) ([]byte, error) {
	data, err := sh.readBytes(name)
	if err != nil {
		return nil, err
	}
	if data, err = textenc.ToUTF8(data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

func (sh *shell) readBytes(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(sh.in)
	}
	return os.ReadFile(name)
}

// terminal says whether a person reads (or types) at the other end.
func terminal(stream any) bool {
	if w, is := stream.(*steadyWriter); is {
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

// readerGone tells whether an error is that nobody reads standard output any
// more.
func readerGone(err error) bool {
	write := new(fs.PathError)
	return errors.As(err, &write) && write.Path == os.Stdout.Name() && errors.Is(write, syscall.EPIPE)
}

// end tells what went wrong, if anything did, and is the code to end with.
func (sh *shell) end(err error) int {
	var code exitCode
	switch {
	case err == nil:
		return exitOK
	case readerGone(err):
		return exitBrokenPipe // the reader has what it wanted; see head
	case errors.As(err, &code):
		return int(code)
	}
	sh.say("%s", strings.TrimRight(err.Error(), "\n"))
	mistake, misconfigured := new(usageError), new(mockserver.ConfigError)
	if !sh.running || errors.As(err, mistake) || errors.As(err, &misconfigured) {
		return exitUsage
	}
	return exitFailed
}
