package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/connectmock/connectmock/mockserver"
)

// Exit codes. exec ends with that of its command.
const (
	exitOK         = 0
	exitFailed     = 1                          // something went wrong while running
	exitUsage      = 2                          // invalid flags, arguments, variables, or files that they name
	exitBrokenPipe = 128 + int(syscall.SIGPIPE) // the reader of the output is gone, as in shells
)

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

// asUsageError gives every error exit code 2, for commands where 1 means that
// the contract is broken or a check failed.
func asUsageError(err error) error {
	if code := exitCode(0); err == nil || errors.As(err, &code) {
		return err
	}
	return usageError{err}
}
