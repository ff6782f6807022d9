package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// ownPrefix is what the names of our variables start with.
const ownPrefix = "CONNECTMOCK_"

// warnUnknownVariables tells which variables look like ours and are not: most
// often they are misspelt. That is no error, because an environment is shared
// with other versions of this program. Values are not shown.
func warnUnknownVariables(root *cobra.Command, std *streams) {
	known := knownVariables(root)
	for _, name := range ownVariables(std.environ) {
		if slices.Contains(known, name) || isTestVariable(name) {
			continue
		}
		hint := "connectmock serve --help shows those there are"
		if near := nearestVariable(name, known); near != "" {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		std.say("the variable %s is unknown and has no effect; %s", printable(name), hint)
	}
}

// ownVariables returns the names of the variables that have a value and start
// like ours, in their order.
func ownVariables(environ []string) (names []string) {
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, ownPrefix) && value != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// knownVariables returns the variables of every flag of a command and of those
// below it.
func knownVariables(c *cobra.Command) (names []string) {
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, variables(f)...) })
	c.PersistentFlags().VisitAll(func(f *pflag.Flag) { names = append(names, variables(f)...) })
	for _, sub := range c.Commands() {
		names = append(names, knownVariables(sub)...)
	}
	return names
}

// nearestVariable compares what stands behind the prefix, which would make every
// name look like every other.
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

// isTestVariable tells whether a variable is one that our tests and the bench give to
// processes of theirs.
func isTestVariable(name string) bool {
	return name == "CONNECTMOCK_PUBLISHED_SPEC" || strings.HasPrefix(name, ownPrefix+"TEST_") || strings.HasPrefix(name, ownPrefix+"BENCH_")
}
