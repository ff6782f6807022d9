package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Exit codes. exec ends with that of its command.
const (
	ExitOK         = 0
	ExitFailed     = 1                          // something went wrong while running
	ExitUsage      = 2                          // invalid flags, arguments, variables, or files that they name
	ExitBrokenPipe = 128 + int(syscall.SIGPIPE) // the reader of the output is gone, as in shells
)

// usageError is an error with exit code 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// Usage returns an error with exit code 2, formatted as by fmt.Errorf.
func Usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// ExitCode is an error that ends the program with a code and no message.
type ExitCode int

func (c ExitCode) Error() string { return fmt.Sprintf("exit status %d", int(c)) }

// ReportError writes the message of an error, if there is one, and returns the
// exit code.
func (std *Streams) ReportError(err error) int {
	var code ExitCode
	write := new(fs.PathError)
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &write) && write.Path == os.Stdout.Name() && errors.Is(write, syscall.EPIPE):
		return ExitBrokenPipe // the reader of standard output has enough, as head does
	case errors.As(err, &code):
		return int(code)
	}
	std.Say("%s", strings.TrimRight(err.Error(), "\n"))
	if !std.Running || errors.As(err, new(usageError)) {
		return ExitUsage
	}
	return ExitFailed
}

// AsUsageError gives every error exit code 2, for commands where 1 means that
// the contract is broken or a check failed.
func AsUsageError(err error) error {
	if code := ExitCode(0); err == nil || errors.As(err, &code) {
		return err
	}
	return usageError{err}
}
