package words

import (
	"testing"
)

func TestEvidence_HasWordsForLetters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[D] published document; [R] connect issue 93":          "[documented] published document; [recorded] connect issue 93",
		"R for password, python SDK issue 71; G for the others": "recorded for password, python SDK issue 71; guessed for the others",
		"the Java client's tests [T][C], captured [W]":          "the Java client's tests [tested][relied on], captured [captured]",
		"RFC 6901, the JS SDK and GET":                          "RFC 6901, the JS SDK and GET",
	} {
		if got := Evidence(text); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
