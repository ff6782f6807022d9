package cliflag

import (
	"fmt"
	"strconv"

	"github.com/spf13/pflag"
)

// MockOnly is the value of --allow-writes that exec sets: a server which is not the mock
// of the known control is only read from, even if a vault is named.
const MockOnly = "mock"

// Writes is the value of --allow-writes. The zero value allows no writes.
type Writes struct{ Allowed, OnlyMock bool }

// Bind adds the flag; usage says what it allows.
func (w *Writes) Bind(f *pflag.FlagSet, usage string) {
	f.VarPF(w, "allow-writes", "", usage+"; =mock: only on the mock whose control is known, where --vault may be left out").
		NoOptDefVal = "true"
}

func (w *Writes) Set(text string) error {
	if text == MockOnly {
		*w = Writes{Allowed: true, OnlyMock: true}
		return nil
	}
	allowed, err := strconv.ParseBool(text)
	if err != nil {
		return fmt.Errorf("%q is not true, false or %s", text, MockOnly)
	}
	*w = Writes{Allowed: allowed}
	return nil
}

func (w *Writes) String() string {
	if w.OnlyMock {
		return MockOnly
	}
	return strconv.FormatBool(w.Allowed)
}

func (w *Writes) Type() string { return "bool" } // so that help shows no value

// IsForAnyServer reports whether items may be created on any server. What is created on the
// mock of exec needs no list for a later clean-up.
func (w *Writes) IsForAnyServer() bool { return w.Allowed && !w.OnlyMock }
