package cliflag

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// ownPrefix starts the names of our variables.
const ownPrefix = "CONNECTMOCK_"

// Annotations of a flag.
const (
	variableKey       = "variable"      // its CONNECTMOCK_ variable
	serverVariableKey = "real-variable" // the variable of a real Connect server or its clients for the same purpose [D]
	setByKey          = "set-by"        // the variable it was set by; none: the command line
)

// VariableName returns the variable of a flag: CONNECTMOCK_READY_FILE for
// --ready-file.
func VariableName(flag string) string {
	return ownPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// BindServerVariable lets a variable of a real server set a flag, after the
// flag's own variable.
func BindServerVariable(flags *pflag.FlagSet, flag, variable string) {
	_ = flags.SetAnnotation(flag, serverVariableKey, []string{variable}) // fails only for an unknown flag
}

// BindOnlyVariable replaces the variable of a flag whose usual one means
// something else to another command.
func BindOnlyVariable(flags *pflag.FlagSet, flag, variable string) {
	_ = flags.SetAnnotation(flag, variableKey, []string{variable}) // fails only for an unknown flag
}

// UnbindVariable removes the variable of a flag.
func UnbindVariable(flags *pflag.FlagSet, flag string) {
	_ = flags.SetAnnotation(flag, variableKey, []string{}) // fails only for an unknown flag
}

// UnbindVariables removes the variables from the flags of a command and those
// below it, so that a variable for another command has no effect on them.
func UnbindVariables(c *cobra.Command) {
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) { UnbindVariable(c.Flags(), f.Name) })
	for _, sub := range c.Commands() {
		UnbindVariables(sub)
	}
}

// SetBy returns the variable that set a flag, or an empty text.
func SetBy(f *pflag.Flag) string { return FirstArg(f.Annotations[setByKey]) }

// OnCommandLine reports whether a flag was given on the command line, where
// everybody on the machine can read it.
func OnCommandLine(f *pflag.Flag) bool { return f.Changed && SetBy(f) == "" }

// bindEnvironment names the variables of each flag and shows them in its help.
func bindEnvironment(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" || f.Name == "version" {
			return
		}
		if f.Annotations == nil {
			f.Annotations = map[string][]string{}
		}
		if f.Annotations[variableKey] == nil {
			f.Annotations[variableKey] = []string{VariableName(f.Name)}
		}
		if names := Variables(f); len(names) > 0 {
			f.Usage += " [$" + strings.Join(names, ", $") + "]"
		}
	})
}

// Variables returns the variables that set a flag. The first with a value
// counts.
func Variables(f *pflag.Flag) []string {
	return slices.Concat(f.Annotations[variableKey], f.Annotations[serverVariableKey])
}

// ApplyEnvironment sets the flags that were not given from their variables. The
// error about an invalid value names the variable.
func ApplyEnvironment(flags *pflag.FlagSet, std *cli.Streams) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Changed || err != nil {
			return
		}
		for _, name := range Variables(f) {
			value, set := std.Variable(name)
			if value = TrimInvisible(value); !set || value == "" {
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

// TrimInvisible removes white space, no-break spaces and byte order marks at the
// ends of a value: files from Windows and text copied from web pages have them.
func TrimInvisible(value string) string {
	return strings.TrimFunc(value, func(r rune) bool {
		return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' // IsSpace includes the no-break space
	})
}

// flagErrorReason returns why a value was refused, without a value that may be a
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
		return fmt.Errorf("%q is not a number, or out of range", number.Num)
	}
	if invalid.GetFlag().Value.Type() == "duration" {
		return fmt.Errorf("%q is not a duration as 500ms, 30s or 10m", invalid.GetValue())
	}
	return invalid.Unwrap()
}

// WarnUnknownVariables warns about variables that start like ours and are
// unknown: most often they are misspelt. It is no error, because other versions
// of this program may share the environment. Values are not shown.
func WarnUnknownVariables(root *cobra.Command, std *cli.Streams) {
	known := KnownVariables(root)
	var unknown []string
	for _, entry := range std.Environ {
		name, value, _ := strings.Cut(entry, "=")
		suffix, own := strings.CutPrefix(name, ownPrefix)
		ofTests := suffix == "PUBLISHED_SPEC" || strings.HasPrefix(suffix, "TEST_") || strings.HasPrefix(suffix, "BENCH_")
		if own && value != "" && !slices.Contains(known, name) && !ofTests {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range slices.Compact(unknown) {
		hint := "connectmock serve --help lists the variables"
		if near := nearestVariable(name, known); near != "" {
			hint = nearest.DidYouMean(near)
		}
		std.Say("the variable %s is unknown and has no effect; %s", cli.Printable(name), hint)
	}
}

// KnownVariables returns the variables of all flags of a command and those below
// it.
func KnownVariables(c *cobra.Command) (names []string) {
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, Variables(f)...) })
	c.PersistentFlags().VisitAll(func(f *pflag.Flag) { names = append(names, Variables(f)...) })
	for _, sub := range c.Commands() {
		names = append(names, KnownVariables(sub)...)
	}
	return names
}

// nearestVariable returns the most similar variable, or an empty text. It
// compares without the prefix, which would make all names similar.
func nearestVariable(name string, known []string) string {
	var ends []string
	for _, k := range known {
		if end, own := strings.CutPrefix(k, ownPrefix); own {
			ends = append(ends, end)
		}
	}
	if end := nearest.Word(strings.TrimPrefix(name, ownPrefix), ends); end != "" {
		return ownPrefix + end
	}
	return ""
}

// VisibleToken ends the help of flags for tokens.
const VisibleToken = "; better set by the variable, because other users of the machine can see flags"

// IsTokenFlag reports whether the value of a flag is a token.
func IsTokenFlag(f *pflag.Flag) bool { return f.Name == "token" || strings.HasSuffix(f.Name, "-token") }

// WarnAboutVisibleTokens warns about tokens on the command line.
func WarnAboutVisibleTokens(flags *pflag.FlagSet, std *cli.Streams) {
	flags.VisitAll(func(f *pflag.Flag) {
		if IsTokenFlag(f) {
			WarnIfVisible(f, std)
		}
	})
}

// WarnIfVisible warns if a flag with a secret is on the command line.
func WarnIfVisible(f *pflag.Flag, std *cli.Streams) {
	if OnCommandLine(f) {
		std.Say("--%s can be read by everybody on this machine while it runs; give it by $%s", f.Name, Variables(f)[0])
	}
}
