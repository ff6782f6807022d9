// Package reporttest writes the reports of a run in every format and looks for
// secrets in them. It is for tests.
package reporttest

import (
	"fmt"
	"io"
	"strings"

	"github.com/connectmock/connectmock/internal/exchange/exchangetest"
	"github.com/connectmock/connectmock/internal/report"
)

// WriteAll returns the report of a run in each format, by the name of the format.
func WriteAll(run *report.Run) (map[string]string, error) {
	texts := map[string]string{}
	for format, write := range map[string]func(io.Writer, *report.Run) error{
		"json": report.JSON, "junit": report.JUnit, "markdown": report.Markdown, "html": report.HTML,
		"github": report.GitHub,
	} {
		var text strings.Builder
		if err := write(&text, run); err != nil {
			return nil, fmt.Errorf("%s: %w", format, err)
		}
		texts[format] = text.String()
	}
	return texts, nil
}

// FindSecrets returns a message for each spelling of a secret that is in one of
// the texts. The message has the name of the text and what stands before the
// secret.
func FindSecrets(texts map[string]string, secrets ...string) (messages []string) {
	for name, text := range texts {
		for _, secret := range secrets {
			for _, spelling := range exchangetest.Spellings(secret) {
				if at := strings.Index(text, spelling); at >= 0 {
					near := text[max(0, at-300) : at+len(spelling)]
					messages = append(messages, fmt.Sprintf("%s has %q:\n...%s", name, spelling, near))
				}
			}
		}
	}
	return messages
}
