package check

import (
	"fmt"
	"strings"
)

// A check ends early by a panic with one of these values.
type (
	Failure    struct{ Text string } // the server breaks the rule
	infraError struct{ err error }   // the suite or the network failed
)

func (f Failure) Error() string { return f.Text }

// Abort ends the check because the suite or the network failed.
func Abort(err error) { panic(infraError{err}) }

// Interruption is the error of a check that did not end before the run did.
type Interruption struct{ cause error }

func (i Interruption) Error() string { return i.cause.Error() }

// Fail ends the check because the server breaks the rule. It adds the last
// response to a text that does not name it.
func (s *Session) Fail(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if newest := s.newestResponses(); len(newest) > 0 && !strings.Contains(text, newest[0].Request) {
		text += fmt.Sprintf("\n  the last response: %s", newest[0])
	}
	panic(Failure{text})
}
