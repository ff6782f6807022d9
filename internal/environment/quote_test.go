package environment

import (
	"testing"
)

func TestShellQuote_QuotesOnlyWhatNeedsIt(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"http://127.0.0.1:8080": "http://127.0.0.1:8080", "": "''", "a b": "'a b'", "it's$x": `'it'\''s$x'`,
	} {
		if got := ShellQuote(word); got != want {
			t.Errorf("%q: %s, want %s", word, got, want)
		}
	}
}
