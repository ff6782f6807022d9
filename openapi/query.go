package openapi

import (
	"net/http"
	"net/url"
	"strings"
)

// sent is what a request holds for one parameter.
type sent struct {
	value string
	times int    // how often it was there
	fault string // the rule its encoding breaks, "" if none
}

// queryValue looks for a parameter in a raw query. net/http drops a pair it
// cannot decode; a filter that is dropped lists everything, so a fault in a
// parameter that is asked for is reported. Pairs nobody asks for may be as
// they are [W: the Rust client sends "?="].
func queryValue(raw, name string) sent {
	var s sent
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		key, value, _ := strings.Cut(pair, "=")
		key, err := url.QueryUnescape(key)
		if err != nil || key != name {
			continue
		}
		s.times++
		s.value, err = url.QueryUnescape(value)
		switch {
		case err != nil:
			s.fault = "must be percent-encoded: there is a % without two hexadecimal digits"
		case strings.Contains(pair, ";"):
			// Go's servers have not taken a bare semicolon since 1.17 [G for Connect].
			s.fault = "must be percent-encoded: a semicolon is %3B"
		case s.times > 1:
			s.fault = "must be there only once"
		}
	}
	return s
}

func parameterValue(r *http.Request, in, name string) sent {
	switch in {
	case InQuery:
		return queryValue(r.URL.RawQuery, name)
	case InHeader:
		values := r.Header.Values(name)
		if len(values) == 0 {
			return sent{}
		}
		return sent{value: values[0], times: len(values)}
	case InCookie:
		c, err := r.Cookie(name)
		if err != nil {
			return sent{}
		}
		return sent{value: c.Value, times: 1}
	default:
		return sent{}
	}
}
