// Package command writes commands of connectmock and curl, and steps of a scenario, that do what the console does or a
// client did.
package command

import (
	"strings"

	"github.com/connectmock/connectmock/internal/environment"
)

// Ctl returns the command line that does the same as the console did: "connectmock ctl" and the words, quoted for a
// shell. Empty words are left out together with the flag before them.
func Ctl(words ...string) string { return Line(append([]string{"ctl"}, words...)...) }

// Line returns a command line of connectmock: see Ctl.
func Line(words ...string) string {
	line := []string{"connectmock"}
	for _, word := range words {
		if word == "" {
			if last := line[len(line)-1]; strings.HasPrefix(last, "--") {
				line = line[:len(line)-1]
			}
			continue
		}
		line = append(line, environment.ShellQuote(word))
	}
	return strings.Join(line, " ")
}

// WithInput returns a command line that passes a text to a command.
func WithInput(text, command string) string {
	return "printf %s " + environment.ShellQuote(text) + " | " + command
}
