package openapi

import (
	"net/http"
	"net/url"
	"strings"
)

// sentValue is what a request has for one parameter.
type sentValue struct {
	value string
	times int    // how often it was sent
	rule  string // that its encoding violates; empty: none
}

// queryValue finds a parameter in a raw query. net/http drops a pair that it can't decode, and without its filter a
// list has everything, so an encoding error in the parameter is a violation. Other pairs may have errors [W: the Rust
// client sends "?="].
func queryValue(raw, name string) sentValue {
	var s sentValue
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
			s.rule = "must be percent-encoded: there is a % without two hexadecimal digits"
		case strings.Contains(pair, ";"):
			// Go servers refuse an unescaped semicolon since 1.17 [G for Connect].
			s.rule = "must be percent-encoded: a semicolon is %3B"
		case s.times > 1:
			s.rule = "must be there only once"
		}
	}
	return s
}

func parameterValue(r *http.Request, in, name string) sentValue {
	switch in {
	case InQuery:
		return queryValue(r.URL.RawQuery, name)
	case InHeader:
		values := r.Header.Values(name)
		if len(values) == 0 {
			return sentValue{}
		}
		return sentValue{value: values[0], times: len(values)}
	case InCookie:
		c, err := r.Cookie(name)
		if err != nil {
			return sentValue{}
		}
		return sentValue{value: c.Value, times: 1}
	default:
		return sentValue{}
	}
}
