package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// emptyKey is the annotation of a flag whose value may be empty.
const emptyKey = "may-be-empty"

// allowEmpty lets a flag be given with an empty value.
func allowEmpty(flags *pflag.FlagSet, flag string) {
	_ = flags.SetAnnotation(flag, emptyKey, []string{"true"}) // fails only for a flag that is not there
}

// refuseEmptyValues makes every flag refuse an empty value: in a script it is
// most often a variable that is not set, and what the flag would leave out is
// everything or a default. An empty environment variable is one that is not set,
// see applyEnvironment.
func refuseEmptyValues(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Annotations[emptyKey] == nil && canBeEmptyText(f.Value) {
			f.Value = nonEmptyValue{f.Value}
		}
	})
}

// canBeEmptyText tells whether an empty text may pass for a value. Numbers and the
// like refuse it themselves; pflag knows their defaults by their Go types, so
// they cannot be wrapped.
func canBeEmptyText(v pflag.Value) bool {
	if _, wrapped := v.(nonEmptyValue); wrapped {
		return false
	}
	refusing := []string{"bool", "int", "int64", "uint64", "float64", "duration", "count"}
	return !slices.Contains(refusing, v.Type())
}

// nonEmptyValue is a flag's value that must not be empty.
type nonEmptyValue struct{ pflag.Value }

func (f nonEmptyValue) Set(text string) error {
	if strings.TrimSpace(text) == "" {
		return errEmptyValue
	}
	return f.Value.Set(text)
}

var errEmptyValue = errors.New("the value is empty; is a variable not set? Leave the flag out to go without it")

// runsCommandKey is the annotation of a command that runs another: what follows its
// first argument belongs to that one.
const runsCommandKey = "runs-a-command"

// refuseEmptyArguments makes a command refuse empty arguments. The root has none:
// cobra takes them for the names of commands.
func refuseEmptyArguments(c *cobra.Command) {
	check := c.Args
	if check == nil && !c.HasParent() {
		return
	}
	c.Args = func(c *cobra.Command, args []string) error {
		own := args
		if c.Annotations[runsCommandKey] != "" {
			own = args[:min(len(args), 1)]
		}
		for i, text := range own {
			if strings.TrimSpace(text) == "" {
				return fmt.Errorf("argument %d of %s is empty; is a variable not set?", i+1, c.CommandPath())
			}
		}
		if check == nil {
			return nil
		}
		return check(c, args)
	}
}
