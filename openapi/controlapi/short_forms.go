package controlapi

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseDelay parses the short form of a delay: "200ms", "100ms..2s" for a uniform distribution, or "200ms~0.5" for a
// log-normal one with its median and sigma.
func ParseDelay(text string) (Delay, error) {
	invalid := fmt.Errorf(
		"%q is not a delay as 200ms, 100ms..2s (any in between) or 200ms~0.5 (log-normal: median and sigma)", text)
	if least, most, ok := strings.Cut(text, ".."); ok {
		a, err1 := time.ParseDuration(least)
		b, err2 := time.ParseDuration(most)
		if err1 != nil || err2 != nil {
			return Delay{}, invalid
		}
		return Delay{Uniform: &Uniform{Min: Duration(a), Max: Duration(b)}}, nil
	}
	if median, sigma, ok := strings.Cut(text, "~"); ok {
		m, err1 := time.ParseDuration(median)
		s, err2 := strconv.ParseFloat(sigma, 64)
		if err1 != nil || err2 != nil {
			return Delay{}, invalid
		}
		return Delay{LogNormal: &LogNormal{Median: Duration(m), Sigma: s}}, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return Delay{}, invalid
	}
	return Delay{Fixed: Duration(d)}, nil
}

// UnmarshalJSON decodes an object or the short form, see [ParseDelay].
func (d *Delay) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		parsed, err := ParseDelay(text)
		*d = parsed
		return err
	}
	type plain Delay
	return decodeStrict(data, (*plain)(d))
}

// ParseDrip parses the short form of a drip: "16/100ms" for 16 bytes every 100ms.
func ParseDrip(text string) (Drip, error) {
	bytes, every, ok := strings.Cut(text, "/")
	n, err1 := strconv.Atoi(bytes)
	d, err2 := time.ParseDuration(every)
	if !ok || err1 != nil || err2 != nil {
		return Drip{}, fmt.Errorf("%q is not a number of bytes and a time between them, as 16/100ms", text)
	}
	return Drip{Bytes: n, Every: Duration(d)}, nil
}

// UnmarshalJSON decodes an object or the short form, see [ParseDrip].
func (d *Drip) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		parsed, err := ParseDrip(text)
		*d = parsed
		return err
	}
	type plain Drip
	return decodeStrict(data, (*plain)(d))
}

// ParseExpectation parses the short form of an expectation: an operation, or * for any, with an optional status and
// count, such as "GetVaults", "GetVaults=0", "GetVaultItemById:4xx=1.." or "*=2..5".
func ParseExpectation(text string) (Expectation, error) {
	var e Expectation
	what, counts, counted := strings.Cut(text, "=")
	e.Operation, e.Status, _ = strings.Cut(what, ":")
	if e.Operation == "" {
		return e, fmt.Errorf("expectation %q names no operation; * is any", text)
	}
	if e.Operation == "*" {
		e.Operation = ""
	}
	if !counted {
		return e, nil
	}
	least, most, isRange := strings.Cut(counts, "..")
	var err error
	number := func(digits string) *int {
		if digits == "" && isRange {
			return nil
		}
		n, parseErr := strconv.Atoi(digits)
		if parseErr != nil || n < 0 {
			err = fmt.Errorf("expectation %q: the count is a number, or a range as 1.., ..2 or 1..2", text)
		}
		return &n
	}
	if !isRange {
		e.Count = number(least)
		return e, err
	}
	e.Min, e.Max = number(least), number(most)
	return e, err
}

// UnmarshalJSON decodes an object, in which status may be a number, or the short form, see [ParseExpectation].
func (e *Expectation) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		parsed, err := ParseExpectation(text)
		*e = parsed
		return err
	}
	type plain Expectation
	number := struct {
		*plain
		Status json.RawMessage `json:"status"`
	}{plain: (*plain)(e)}
	if err := decodeStrict(data, &number); err != nil {
		return err
	}
	if _, err := strconv.Atoi(string(number.Status)); err == nil {
		e.Status = string(number.Status)
		return nil
	}
	if number.Status == nil {
		return nil
	}
	return json.Unmarshal(number.Status, &e.Status)
}
