package filter

import (
	"encoding/json"
	"strconv"
	"strings"
)

// scan takes the quoted values out of a filter. What is left, the shape, has
// the number of the value in each place: title eq "0" and tag eq "1".
//
// The library is given the shape only, because it does not resolve escapes,
// takes \u00E9 but not \u00e9, and tells a value that is cut short from a
// missing operator by nothing but its position.
func scan(q string) (shape string, values []string, err error) {
	var out strings.Builder
	out.Grow(len(q))
	depth := 0
	for i := 0; i < len(q); i++ {
		switch c := q[i]; c {
		case '"':
			end := closing(q, i)
			if end < 0 {
				return "", nil, refuse("a value in double quotes is not closed; an & in a value must be sent as %%26")
			}
			if end+1 < len(q) && !strings.ContainsRune(" )]", rune(q[end+1])) {
				// Some clients put titles between quotes as they are [W]. Whether a
				// real server makes sense of that nobody knows; a parser of this
				// grammar cannot [G].
				return "", nil, refuse(`a double quote inside a value must be sent as \"`)
			}
			value, err := unquote(q[i : end+1])
			if err != nil {
				return "", nil, err
			}
			out.WriteString(strconv.Quote(strconv.Itoa(len(values))))
			values = append(values, value)
			i = end
		case '\'':
			return "", nil, refuse("values must be in double quotes, not in single quotes") // 400 [D], changelog 1.5.2
		case '(':
			if depth++; depth > maxParentheses {
				return "", nil, refuse("it has parentheses more than %d deep", maxParentheses)
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

// closing is where the quotes that open at start are closed, or -1.
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

// unquote resolves a value, which is a string of JSON in SCIM. NUL is refused
// with the rest JSON does not take: a database may end its texts there.
func unquote(quoted string) (string, error) {
	var value string
	if err := json.Unmarshal([]byte(quoted), &value); err != nil {
		return "", refuse(`a value has a control character or an unknown escape; a backslash in a value must be sent as \\`)
	}
	if strings.Contains(value, "\x00") {
		return "", refuse("a value has a NUL character")
	}
	return value, nil
}
