package main

import (
	"github.com/connectmock/connectmock/internal/report"
)

// colorText is a text in the colour of a state, where a person looks at a
// terminal. The word is there as well, for those who don't see colours.
func colorText(at any, s report.State, text string) string {
	if !isTerminal(at) {
		return text
	}
	const red, yellow, green, grey = "31", "33", "32", "90"
	colour := map[report.State]string{
		report.Fail: red, report.UnexpectedPass: red, report.Error: red, report.NotRun: red,
		report.Partial: yellow, report.KnownDeviation: yellow,
		report.Pass: green, report.Skip: grey, report.Disabled: grey,
	}[s]
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}
