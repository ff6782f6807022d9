package journal

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// statuses are what a text such as "404", "4xx" or "404,409" selects; none
// select all.
type statuses []span

// span is from low to high, both included.
type span struct{ low, high int }

// parseStatuses reads the text. 0 stands for exchanges without an answer.
func parseStatuses(text string) (list statuses, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	for _, word := range strings.Split(text, ",") {
		word = strings.TrimSpace(word)
		class, isClass := strings.CutSuffix(strings.ToLower(word), "xx")
		n, err := strconv.Atoi(class)
		switch {
		case err == nil && isClass && len(class) == 1 && 1 <= n && n <= 5:
			list = append(list, span{n * 100, n*100 + 99})
		case err == nil && !isClass && (n == 0 || 100 <= n && n <= 999) && strconv.Itoa(n) == word:
			list = append(list, span{n, n})
		default:
			return nil, invalid("status %.40q can't be read at %.20q: give a status, a class or several with commas, as 404, 4xx or 404,409; 0 is no answer at all", text, word)
		}
	}
	return list, nil
}

func (s statuses) has(status int) bool {
	for _, each := range s {
		if each.low <= status && status <= each.high {
			return true
		}
	}
	return len(s) == 0
}

// invalid is an error that the caller may mend.
func invalid(format string, args ...any) error {
	return &controlapi.Error{Status: 400, Message: fmt.Sprintf(format, args...)}
}
