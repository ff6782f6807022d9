package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver"
)

// size is the value of a flag for a number of bytes, with or without a unit.
type size struct {
	bytes     int64
	canBeNone bool // 0 is valid
}

type unit struct {
	name string
	size int64
}

func units() []unit { return []unit{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}} }

func (s *size) Set(text string) error {
	if s.canBeNone && text == "0" {
		s.bytes = 0
		return nil
	}
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
	s.bytes = n * unit
	return nil
}

func (s *size) String() string {
	for _, u := range units() {
		if s.bytes >= u.size && s.bytes%u.size == 0 {
			return strconv.FormatInt(s.bytes/u.size, 10) + u.name
		}
	}
	return "0"
}

func (s *size) Type() string { return "size" }

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
