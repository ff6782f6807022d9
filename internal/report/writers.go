package report

import "io"

// Writers returns the functions that write a report, by the name of its format.
func Writers() map[string]func(io.Writer, *Run) error {
	return map[string]func(io.Writer, *Run) error{
		"junit": JUnit, "json": JSON, "markdown": Markdown, "html": HTML, "github": GitHub,
	}
}
