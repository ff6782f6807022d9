package call

import (
	"net/url"
	"strings"
)

// DamagedFilter returns the query of a filter by a title in which only the spaces and
// quotes are encoded.
func DamagedFilter(title string) string {
	return "filter=" + strings.NewReplacer(" ", "%20", `"`, "%22").Replace(`title eq "`+title+`"`)
}

// Quote returns a text as a value in a filter.
func Quote(value string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(value, `\`, `\\`), `"`, `\"`) + `"`
}

// FilterEncodings returns a filter in the encodings that clients use in a query:
// form-encoded, percent-encoded, and percent-encoded with raw quotes.
func FilterEncodings(filter string) []string {
	form := url.QueryEscape(filter)
	percent := strings.ReplaceAll(form, "+", "%20")
	return []string{form, percent, strings.ReplaceAll(percent, "%22", `"`)}
}
