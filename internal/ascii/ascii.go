// Package ascii compares and converts words without regard to the case of a to z. Unicode has other letters that fold
// into them, as the long s (ſ) and the Kelvin sign (K): a word with one of those is another word here. Use package
// strings for texts that people write.
package ascii

import "strings"

// ToUpper returns s with A to Z in place of a to z.
func ToUpper(s string) string { return convert(s, 'a', 'A') }

// ToLower returns s with a to z in place of A to Z.
func ToLower(s string) string { return convert(s, 'A', 'a') }

// EqualFold reports whether a and b are equal but for the case of a to z.
func EqualFold(a, b string) bool { return len(a) == len(b) && ToLower(a) == ToLower(b) }

// convert returns s with the 26 letters from first on replaced by those from other on.
func convert(s string, first, other byte) string {
	isLetter := func(c byte) bool { return first <= c && c <= first+25 }
	if strings.IndexFunc(s, func(r rune) bool { return r < 128 && isLetter(byte(r)) }) < 0 {
		return s
	}
	converted := []byte(s)
	for i, c := range converted {
		if isLetter(c) {
			converted[i] = c - first + other
		}
	}
	return string(converted)
}
