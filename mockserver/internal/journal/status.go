package journal

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// statuses are the statuses that a text such as "404", "4xx" or "404,409"
// selects. An empty list selects all.
type statuses []span

// span is a range of statuses, including low and high.
type span struct{ low, high int }

// parseStatuses parses the text. 0 stands for requests without a response.
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
			return nil, invalid("status %.40q is invalid at %.20q: give a status, a class or several with commas, "+
				"as 404, 4xx or 404,409; 0 is a request without a response", text, word)
		}
	}
	return list, nil
}

func (s statuses) has(status int) bool {
	for _, selected := range s {
		if selected.low <= status && status <= selected.high {
			return true
		}
	}
	return len(s) == 0
}

// invalid returns an error that the client can correct.
func invalid(format string, args ...any) error {
	return &controlapi.Error{Status: 400, Message: fmt.Sprintf(format, args...)}
}
