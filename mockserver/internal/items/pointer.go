package items

import (
	"errors"
	"strconv"
	"strings"
)

// pointer has the tokens of a patch operation's path. The path has the syntax of
// RFC 6901, but names fields and sections by id, not by index, as Connect does
// [D]. Without tokens it is the whole document.
type pointer []string

// parsePointer parses a path. "/" is the whole document, as in the published
// examples [D], and so is "", as in RFC 6901 [G]; a path without the first slash
// is refused [R connect 58].
func parsePointer(path string) (pointer, error) {
	if path == "" || path == "/" {
		return nil, nil
	}
	if path[0] != '/' {
		return nil, errors.New("the path must start with a slash")
	}
	tokens := strings.Split(path[1:], "/")
	for i, token := range tokens {
		if !strings.Contains(token, "~") {
			continue
		}
		if strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(token), "~") {
			return nil, errors.New("the path has a ~ that is not part of ~0 or ~1")
		}
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return tokens, nil
}

// first returns the first token, "" if there is none.
func (p pointer) first() string {
	if len(p) == 0 {
		return ""
	}
	return p[0]
}

// rest returns the tokens after the first.
func (p pointer) rest() pointer { return p[min(1, len(p)):] }

// index returns the index in a list of n elements that the only token names. With
// acceptEnd it also accepts n, which "-" stands for too [RFC 6901].
func (p pointer) index(n int, acceptEnd bool) (int, error) {
	if len(p) == 1 && p[0] == "-" && acceptEnd {
		return n, nil
	}
	if len(p) != 1 {
		return 0, errNoSuchPath()
	}
	i, err := strconv.Atoi(p[0])
	if err != nil || strconv.Itoa(i) != p[0] || i < 0 {
		return 0, errors.New("the path must name an element of the list by its number")
	}
	if i > n || i == n && !acceptEnd {
		return 0, errors.New("the path leads beyond the end of the list")
	}
	return i, nil
}

func errNoSuchPath() error { return errors.New("the path leads to nothing that can be patched") }
