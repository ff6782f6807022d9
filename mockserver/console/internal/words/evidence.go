package words

import "regexp"

// evidenceLetter matches a letter that says how a behaviour is known, in brackets or without.
var evidenceLetter = regexp.MustCompile(`\b[RTDCWG]\b`)

// evidenceWords are the letters of docs/quirks.md in words that fit in their place.
var evidenceWords = map[string]string{
	"R": "recorded", "T": "tested", "D": "documented", "C": "relied on", "W": "captured", "G": "guessed",
}

// Evidence returns a text about evidence with words in place of its letters.
func Evidence(text string) string {
	return evidenceLetter.ReplaceAllStringFunc(text, func(letter string) string { return evidenceWords[letter] })
}
