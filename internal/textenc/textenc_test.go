package textenc

import (
	"errors"
	"testing"
)

func TestToUTF8_ReadsWhatWindowsWrites(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ data, want string }{
		"UTF-8":                 {"ä: 1\n", "ä: 1\n"},
		"UTF-8 with BOM":        {"\xef\xbb\xbfä: 1\r\n", "ä: 1\r\n"},
		"BOM alone":             {"\xef\xbb\xbf", ""},
		"UTF-16 LE":             {"\xff\xfea\x00\xe4\x00", "aä"},
		"UTF-16 BE":             {"\xfe\xff\x00a\x00\xe4", "aä"},
		"UTF-16 LE without BOM": {"a\x00:\x00", "a:"},
		"UTF-16 BE without BOM": {"\x00a\x00:", "a:"},
		"beyond the BMP":        {"\xff\xfe\x3d\xd8\x00\xde", "😀"},
		"UTF-16 BOM alone":      {"\xff\xfe", ""},
		"empty":                 {"", ""},
		"one byte":              {"a", "a"},
		"Latin-1 is left":       {"a: \xe4", "a: \xe4"},
	} {
		if got, err := ToUTF8([]byte(tt.data)); err != nil || string(got) != tt.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, tt.want)
		}
	}
}

func TestToUTF8_RejectsBrokenUTF16(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"half a unit":         "\xff\xfea\x00b",
		"lone surrogate":      "\xff\xfe\x3d\xd8a\x00",
		"surrogate at end":    "\xfe\xff\xd8\x3d",
		"low one comes first": "\xff\xfe\x00\xde\x3d\xd8",
	} {
		if got, err := ToUTF8([]byte(data)); !errors.Is(err, errUTF16) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
