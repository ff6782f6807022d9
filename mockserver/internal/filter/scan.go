package filter

import (
	"encoding/json"
	"strconv"
	"strings"
)

// scan returns the quoted values of a filter, and its shape, in which the number
// of the value replaces each of them: title eq "0" and tag eq "1".
//
// Only the shape is parsed by the library, because the library does not resolve
// escapes, accepts \u00E9 but not \u00e9, and distinguishes an unclosed value from
// a missing operator only by the position of the error.
func scan(q string) (shape string, values []string, err error) {
	var out strings.Builder
	out.Grow(len(q))
	depth := 0
	for i := 0; i < len(q); i++ {
		switch c := q[i]; c {
		case '"':
			end := closing(q, i)
			if end < 0 {
				return "", nil, invalid("a value in double quotes is not closed; an & in a value must be sent as %%26")
			}
			if end+1 < len(q) && !strings.ContainsRune(" )]", rune(q[end+1])) {
				// Some clients put titles between quotes without escapes [W]. It is not
				// known whether a real server understands that; a parser of this
				// grammar cannot [G].
				return "", nil, invalid(`a double quote inside a value must be sent as \"`)
			}
			value, err := unquote(q[i : end+1])
			if err != nil {
				return "", nil, err
			}
			out.WriteString(strconv.Quote(strconv.Itoa(len(values))))
			values = append(values, value)
			i = end
		case '\'':
			return "", nil, invalid("values must be in double quotes, not in single quotes") // 400 [D], changelog 1.5.2
		case '(':
			if depth++; depth > maxParentheses {
				return "", nil, invalid("it has parentheses more than %d deep", maxParentheses)
			}
			out.WriteByte(c)
		case ')':
			depth--
			out.WriteByte(c)
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), values, nil
}

// closing returns the index of the quote that closes the one at start, or -1.
func closing(q string, start int) int {
	for i := start + 1; i < len(q); i++ {
		switch q[i] {
		case '"':
			return i
		case '\\':
			i++
		}
	}
	return -1
}

// unquote decodes a value, which is a JSON string in SCIM. It refuses NUL, where a
// database may end its texts.
func unquote(quoted string) (string, error) {
	if value := quoted[1 : len(quoted)-1]; isPlain(value) {
		return value, nil
	}
	var value string
	if err := json.Unmarshal([]byte(quoted), &value); err != nil {
		return "", invalid(`a value has a control character or an unknown escape; a backslash in a value must be sent as \\`)
	}
	if strings.Contains(value, "\x00") {
		return "", invalid("a value has a NUL character")
	}
	return value, nil
}

// isPlain reports whether a value stands for itself: it has no escape and no character that JSON does not allow.
func isPlain(value string) bool {
	for i := range len(value) {
		if value[i] < ' ' || value[i] == '\\' {
			return false
		}
	}
	return true
}
