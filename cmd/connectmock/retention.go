package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver"
)

// retention is a number of records, an age, both with a comma, or "unlimited".
type retention mockserver.ActivityRetention

// Set takes 0 for a mistake: it could mean everything or nothing.
func (r *retention) Set(text string) error {
	var read retention
	if text == "unlimited" {
		*r = retention{Unlimited: true}
		return nil
	}
	for limit := range strings.SplitSeq(text, ",") {
		if n, err := strconv.ParseInt(limit, 10, 64); err == nil && n > 0 && read.Records == 0 {
			read.Records = n
		} else if age, ok := parseAge(limit); ok && read.Age == 0 {
			read.Age = age
		} else {
			return fmt.Errorf("%q is not a number of records as 100000, an age as 30d or 720h, the two as 100000,30d, or unlimited", text)
		}
	}
	*r = read
	return nil
}

// parseAge reads a duration; days are of 24 hours.
func parseAge(text string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		const most = 100 * 365
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err == nil && n > 0 && n <= most
	}
	age, err := time.ParseDuration(text)
	return age, err == nil && age >= time.Second
}

func (r *retention) String() string {
	var limits []string
	if r.Unlimited {
		limits = append(limits, "unlimited")
	}
	if r.Records > 0 {
		limits = append(limits, strconv.FormatInt(r.Records, 10))
	}
	if r.Age > 0 {
		limits = append(limits, r.Age.String())
	}
	return strings.Join(limits, ",")
}

func (r *retention) Type() string { return "limit" }
