package ascii_test

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/ascii"
)

func TestConversions_AreThoseOfStringsInASCII(t *testing.T) {
	t.Parallel()
	var all []byte
	for c := range byte(128) {
		all = append(all, c)
	}
	for _, s := range []string{"", "STRING", "string", "Month_Year", string(all)} {
		if got, want := ascii.ToUpper(s), strings.ToUpper(s); got != want {
			t.Errorf("ToUpper(%q) = %q, want %q", s, got, want)
		}
		if got, want := ascii.ToLower(s), strings.ToLower(s); got != want {
			t.Errorf("ToLower(%q) = %q, want %q", s, got, want)
		}
		if !ascii.EqualFold(s, strings.ToUpper(s)) {
			t.Errorf("EqualFold(%q) is false for its upper case", s)
		}
	}
}

func TestConversions_LeaveOtherLettersAlone(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]struct{ upper, lower string }{
		"ſtring":     {"ſTRING", "ſtring"}, // strings.ToUpper makes STRING of it
		"\u212aey":   {"\u212aEY", "\u212aey"},
		"ıD":         {"ıD", "ıd"},
		"Zoë\xffÄ":   {"ZOë\xffÄ", "zoë\xffÄ"},
		"\u0131\xc5": {"\u0131\xc5", "\u0131\xc5"},
	} {
		if got := ascii.ToUpper(s); got != want.upper {
			t.Errorf("ToUpper(%q) = %q, want %q", s, got, want.upper)
		}
		if got := ascii.ToLower(s); got != want.lower {
			t.Errorf("ToLower(%q) = %q, want %q", s, got, want.lower)
		}
	}
}

func TestEqualFold_RejectsLettersThatUnicodeFolds(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"ſtring", "STRING"}, {"\u212aey", "key"}, {"must", "muſt"}, {"a", "ab"}, {"a", "b"},
	} {
		if ascii.EqualFold(pair[0], pair[1]) {
			t.Errorf("%q equals %q", pair[0], pair[1])
		}
	}
}
