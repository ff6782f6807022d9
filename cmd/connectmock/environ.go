package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// Annotations of a flag.
const (
	twinKey = "variable"      // its CONNECTMOCK_ variable
	realKey = "real-variable" // the variable a real Connect server reads for the same purpose [D]
)

// twin is the variable of a flag: --ready-file is CONNECTMOCK_READY_FILE.
func twin(flag string) string {
	return "CONNECTMOCK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// asReal lets a flag be set by the variable that a real server reads, after its
// own.
func asReal(flags *pflag.FlagSet, flag, variable string) {
	_ = flags.SetAnnotation(flag, realKey, []string{variable}) // fails only for a flag that is not there
}

// bindEnvironment names each flag's variables and shows them in its help.
func bindEnvironment(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" || f.Name == "version" {
			return
		}
		shown := "$" + twin(f.Name)
		for _, real := range f.Annotations[realKey] {
			shown += ", $" + real
		}
		if f.Annotations == nil {
			f.Annotations = map[string][]string{}
		}
		f.Annotations[twinKey] = []string{twin(f.Name)}
		f.Usage += " [" + shown + "]"
	})
}

// applyEnvironment sets the flags that were not given from their variables. A
// value that can't be used is an error that names the variable.
func applyEnvironment(flags *pflag.FlagSet, sh *shell) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Changed || err != nil {
			return
		}
		for _, name := range append(f.Annotations[twinKey], f.Annotations[realKey]...) {
			value, set := sh.variable(name)
			if !set {
				continue
			}
			if err = flags.Set(f.Name, value); err != nil {
				err = fmt.Errorf("%s: %w", name, reason(err))
			}
			return
		}
	})
	return err
}

// reason is why a value was refused, in words and without a value that may be a
// secret.
func reason(err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return err
	}
	if number := new(strconv.NumError); errors.As(err, &number) {
		if invalid.GetFlag().Value.Type() == "bool" {
			return fmt.Errorf("%q is neither true nor false", number.Num)
		}
		return fmt.Errorf("%q is not a number, or not one that can be used", number.Num)
	}
	return invalid.Unwrap()
}
