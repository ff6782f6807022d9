package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/pflag"
)

// mockOnly is the value of --allow-writes that exec sets: a server which is not the mock
// of the known control is only read from, even if a vault is named.
const mockOnly = "mock"

// writesFlag is the value of --allow-writes. The zero value allows no writes.
type writesFlag struct{ allowed, onlyMock bool }

// bind adds the flag; usage says what it allows.
func (w *writesFlag) bind(f *pflag.FlagSet, usage string) {
	f.VarPF(w, "allow-writes", "", usage+"; =mock: only on the mock whose control is known, where --vault may be left out").
		NoOptDefVal = "true"
}

func (w *writesFlag) Set(text string) error {
	if text == mockOnly {
		*w = writesFlag{allowed: true, onlyMock: true}
		return nil
	}
	allowed, err := strconv.ParseBool(text)
	if err != nil {
		return fmt.Errorf("%q is not true, false or %s", text, mockOnly)
	}
	*w = writesFlag{allowed: allowed}
	return nil
}

func (w *writesFlag) String() string {
	if w.onlyMock {
		return mockOnly
	}
	return strconv.FormatBool(w.allowed)
}

func (w *writesFlag) Type() string { return "bool" } // so that help shows no value

// isForAnyServer reports whether items may be created on any server. What is created on the
// mock of exec needs no list for a later clean-up.
func (w *writesFlag) isForAnyServer() bool { return w.allowed && !w.onlyMock }
