package textenc

import "strings"

// Cut returns a text of at most so many bytes and an ellipsis, or the whole text if it is not longer.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "..."
}
