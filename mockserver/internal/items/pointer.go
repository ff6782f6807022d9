package items

import (
	"errors"
	"strconv"
	"strings"
)

// A pointer is the path of a patch operation, taken apart. It is written as RFC
// 6901 says but means the item's document as Connect reads it: fields and
// sections are named by id, not by place [D]. No token at all is the document
// as a whole.
type pointer []string

// readPointer takes a path apart. "/" is the whole document, as the published
// examples have it [D], and so is "" as RFC 6901 has it [G]; a path without its
// slash is refused [R connect 58].
func readPointer(path string) (pointer, error) {
	if path == "" || path == "/" {
		return nil, nil
	}
	if path[0] != '/' {
		return nil, errors.New("the path must start with a slash")
	}
	tokens := strings.Split(path[1:], "/")
	for i, token := range tokens {
		if strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(token), "~") {
			return nil, errors.New("the path has a ~ that is not part of ~0 or ~1")
		}
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return tokens, nil
}

// head is the first token, "" if there is none.
func (p pointer) head() string {
	if len(p) == 0 {
		return ""
	}
	return p[0]
}

// tail is the rest.
func (p pointer) tail() pointer { return p[min(1, len(p)):] }

// index is the place in a list of n that the pointer's only token names. With
// end, the place behind the last is one too, and "-" names it [RFC 6901].
func (p pointer) index(n int, end bool) (int, error) {
	if len(p) == 1 && p[0] == "-" && end {
		return n, nil
	}
	if len(p) != 1 {
		return 0, errNowhere()
	}
	i, err := strconv.Atoi(p[0])
	if err != nil || strconv.Itoa(i) != p[0] || i < 0 {
		return 0, errors.New("the path must name an element of the list by its number")
	}
	if i > n || i == n && !end {
		return 0, errors.New("the path leads beyond the end of the list")
	}
	return i, nil
}

func errNowhere() error { return errors.New("the path leads to nothing that can be patched") }
