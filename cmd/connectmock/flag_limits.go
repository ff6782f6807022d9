package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver"
)

// size is the value of a flag for a number of bytes above 0, with or without a
// unit.
type size int64

type unit struct {
	name string
	size int64
}

func units() []unit { return []unit{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}} }

func (s *size) Set(text string) error {
	number, unit := text, int64(1)
	for _, u := range units() {
		if rest, ok := strings.CutSuffix(text, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n <= 0 || n > (1<<62)/unit {
		return fmt.Errorf("%q is not a size as 16MiB, 512KiB or 1048576", text)
	}
	*s = size(n * unit)
	return nil
}

func (s *size) String() string {
	for _, u := range units() {
		if n := int64(*s); n >= u.size && n%u.size == 0 {
			return strconv.FormatInt(n/u.size, 10) + u.name
		}
	}
	return "0B"
}

func (s *size) Type() string { return "size" }

// sizeOrNone is a size that may be 0.
type sizeOrNone size

func (s *sizeOrNone) Set(text string) error {
	if text == "0" {
		*s = 0
		return nil
	}
	return (*size)(s).Set(text)
}

func (s *sizeOrNone) String() string {
	if *s == 0 {
		return "0"
	}
	return (*size)(s).String()
}

func (s *sizeOrNone) Type() string { return "size" }

// retention is the value of a flag for a number of records, an age, both with a
// comma, or "unlimited".
type retention mockserver.ActivityRetention

// Set refuses 0, which could mean everything or nothing.
func (r *retention) Set(text string) error {
	var parsed retention
	if text == "unlimited" {
		*r = retention{Unlimited: true}
		return nil
	}
	for limit := range strings.SplitSeq(text, ",") {
		if n, err := strconv.ParseInt(limit, 10, 64); err == nil && n > 0 && parsed.Records == 0 {
			parsed.Records = n
		} else if age, ok := parseAge(limit); ok && parsed.Age == 0 {
			parsed.Age = age
		} else {
			return fmt.Errorf("%q is not a number of records as 100000, an age as 30d or 720h,"+
				" the two as 100000,30d, or unlimited", text)
		}
	}
	*r = parsed
	return nil
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
