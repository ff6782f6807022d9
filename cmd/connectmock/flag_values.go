package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// pairs is a flag of NAME=VALUE, several with commas or by giving it several
// times, kept in the order given. The same name given again counts instead.
type pairs struct {
	list  []pair
	check func(pair) error // nil: any pair will do; its errors must not hold a value that is secret
	form  string           // how a pair looks, for help
	whole string           // the value of a pair without "="; empty: there must be one
	again bool             // a name may be given again and keeps its earlier pairs
}

type pair struct{ name, value string }

// Set adds pairs. The error never holds the text: it may be a token.
func (p *pairs) Set(text string) error {
	for one := range strings.SplitSeq(text, ",") {
		if err := p.add(one); err != nil {
			return err
		}
	}
	return nil
}

func (p *pairs) add(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		value = p.whole
	}
	if name == "" || value == "" {
		return fmt.Errorf("must be %s", p.form)
	}
	next := pair{name, value}
	if p.check != nil {
		if err := p.check(next); err != nil {
			return err
		}
	}
	if !p.again {
		p.list = slices.DeleteFunc(p.list, func(o pair) bool { return o.name == name })
	}
	p.list = append(p.list, next)
	return nil
}

func (p *pairs) String() string { return "" } // no defaults to show, and no secrets
func (p *pairs) Type() string   { return p.form }

func (p *pairs) byName() map[string]string {
	if len(p.list) == 0 {
		return nil
	}
	m := make(map[string]string, len(p.list))
	for _, pair := range p.list {
		m[pair.name] = pair.value
	}
	return m
}

// words is a flag of several words, with commas, lines or by giving it several
// times. Empty ones count for nothing, as lists in YAML end with a line.
type words struct {
	list []string
	form string // what a word is, for help
}

func (w *words) Set(text string) error {
	between := func(r rune) bool { return r == ',' || unicode.IsSpace(r) }
	given := strings.FieldsFunc(text, between)
	if len(given) == 0 {
		return errEmptyValue
	}
	w.list = append(w.list, given...)
	return nil
}

func (w *words) String() string { return "" } // no defaults to show, and no secrets
func (w *words) Type() string   { return w.form }

// texts is a flag that may be given several times, each with one text.
type texts []string

func (t *texts) Set(text string) error {
	*t = append(*t, text)
	return nil
}

func (t *texts) String() string { return "" } // no defaults to show, and no secrets
func (t *texts) Type() string   { return "text" }

// size is a number of bytes, with or without one of the units.
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

// level is how much is logged.
type level struct{ slog.Level }

// Set takes the words of a real server and of slog. "trace", which we don't
// have, is as debug.
func (l *level) Set(text string) error {
	known := map[string]slog.Level{
		"trace": slog.LevelDebug, "debug": slog.LevelDebug, "info": slog.LevelInfo,
		"warn": slog.LevelWarn, "warning": slog.LevelWarn, "error": slog.LevelError,
	}
	found, ok := known[strings.ToLower(text)]
	if !ok {
		return fmt.Errorf("%q is not one of debug, info, warn, error", text)
	}
	l.Level = found
	return nil
}

func (l *level) String() string { return strings.ToLower(l.Level.String()) }
func (l *level) Type() string   { return "level" }

// choice is one of a few words.
type choice struct {
	value string
	of    []string
}

func (c *choice) Set(text string) error {
	if !slices.Contains(c.of, text) {
		return fmt.Errorf("%q is not one of %s", text, strings.Join(c.of, ", "))
	}
	c.value = text
	return nil
}

func (c *choice) String() string { return c.value }
func (c *choice) Type() string   { return strings.Join(c.of, "|") }

// parseMoment is a point in time as people write it: a date, a date with the time,
// or how far from now ("24h", "-1h"). Empty is the zero time.
func parseMoment(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(text); err == nil {
		return now.Add(d), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New(strconv.Quote(text) + " is not a moment as 24h, -1h, 2030-01-31 or 2030-01-31T12:00:00Z")
}
