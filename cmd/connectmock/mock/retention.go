package mock

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver"
)

// parseRetention parses a number of records, an age, both with a comma, or
// "unlimited". It refuses 0, which could mean everything or nothing.
func parseRetention(text string) (r mockserver.ActivityRetention, _ error) {
	if text == "unlimited" {
		return mockserver.ActivityRetention{Unlimited: true}, nil
	}
	for limit := range strings.SplitSeq(text, ",") {
		if n, err := strconv.ParseInt(limit, 10, 64); err == nil && n > 0 && r.Records == 0 {
			r.Records = n
		} else if age, ok := parseAge(limit); ok && r.Age == 0 {
			r.Age = age
		} else {
			return mockserver.ActivityRetention{}, fmt.Errorf("%q is not a number of records as 100000, an age as 30d or 720h,"+
				" the two as 100000,30d, or unlimited", text)
		}
	}
	return r, nil
}

// parseAge parses a duration, or days of 24 hours.
func parseAge(text string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		const most = 100 * 365
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err == nil && n > 0 && n <= most
	}
	age, err := time.ParseDuration(text)
	return age, err == nil && age >= time.Second
}
