package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Annotations of a flag.
const (
	variableKey       = "variable"      // its CONNECTMOCK_ variable
	serverVariableKey = "real-variable" // the variable a real Connect server or its clients read for the same purpose [D]
	setByKey          = "set-by"        // the variable it was set by; none: the command line
)

// variableName is the variable of a flag: --ready-file is CONNECTMOCK_READY_FILE.
func variableName(flag string) string {
	return "CONNECTMOCK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// bindServerVariable lets a flag be set by the variable that a real server reads, after its
// own.
func bindServerVariable(flags *pflag.FlagSet, flag, variable string) {
	_ = flags.SetAnnotation(flag, serverVariableKey, []string{variable}) // fails only for a flag that is not there
}

// bindOnlyVariable lets a flag be set by that variable alone: its twin means something
// else to another command.
func bindOnlyVariable(flags *pflag.FlagSet, flag, variable string) {
	_ = flags.SetAnnotation(flag, variableKey, []string{variable})
}

// unbindVariables takes the variables from the flags of a command and of those below
// it: what is asked for once is no setting, and a variable that another command
// reads must not slip into it.
func unbindVariables(c *cobra.Command) {
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		_ = c.Flags().SetAnnotation(f.Name, variableKey, []string{}) // fails only for a flag that is not there
	})
	for _, sub := range c.Commands() {
		unbindVariables(sub)
	}
}

// onCommandLine tells whether a flag was given where everybody on the machine
// can read it.
func onCommandLine(f *pflag.Flag) bool { return f.Changed && f.Annotations[setByKey] == nil }

// bindEnvironment names each flag's variables and shows them in its help.
func bindEnvironment(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" || f.Name == "version" {
			return
		}
		if f.Annotations == nil {
			f.Annotations = map[string][]string{}
		}
		if f.Annotations[variableKey] == nil {
			f.Annotations[variableKey] = []string{variableName(f.Name)}
		}
		if names := variables(f); len(names) > 0 {
			f.Usage += " [$" + strings.Join(names, ", $") + "]"
		}
	})
}

// variables are those that set a flag, the first that has a value counts.
func variables(f *pflag.Flag) []string {
	return slices.Concat(f.Annotations[variableKey], f.Annotations[serverVariableKey])
}

// applyEnvironment sets the flags that were not given from their variables. A
// value that can't be used is an error that names the variable.
func applyEnvironment(flags *pflag.FlagSet, std *streams) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Changed || err != nil {
			return
		}
		for _, name := range variables(f) {
			value, set := std.variable(name)
			if value = trimInvisible(value); !set || value == "" {
				continue
			}
			if err = flags.Set(f.Name, value); err != nil {
				err = fmt.Errorf("%s: %w", name, flagErrorReason(err))
			}
			f.Annotations[setByKey] = []string{name}
			return
		}
	})
	return err
}

// trimInvisible returns a value without white space, no-break spaces and byte
// order marks at its ends: those of a line of a file that Windows wrote, or of
// what was copied from a page.
func trimInvisible(value string) string {
	return strings.TrimFunc(value, func(r rune) bool {
		return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' // IsSpace has the no-break space
	})
}

// flagErrorReason is why a value was refused, in words and without a value that may be a
// secret.
func flagErrorReason(err error) error {
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
