package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/pflag"
)

// repeatable ends the help of flags that take several values.
const repeatable = "more with commas, or several times"

// pairs is the value of a flag NAME=VALUE, several with commas or by repeating
// the flag, in the order given. A later pair replaces an earlier one of its name.
type pairs struct {
	list         []pair
	check        func(pair) error // nil: any pair is valid; its errors must not contain a secret value
	form         string           // the form of a pair, for help
	defaultValue string           // the value of a pair without "="; empty: it is invalid
	keepAll      bool             // a later pair of the same name does not replace the earlier
}

type pair struct{ name, value string }

// Set adds pairs. Its errors do not contain the text, which may be a token.
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
		value = p.defaultValue
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
	if !p.keepAll {
		p.list = slices.DeleteFunc(p.list, func(o pair) bool { return o.name == name })
	}
	p.list = append(p.list, next)
	return nil
}

func (p *pairs) String() string { return "" } // no default, and no secrets in help
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

// words is the value of a flag with several words, separated by commas or lines,
// or given by repeating the flag. Empty words are skipped, because a list in YAML
// ends with a line.
type words struct {
	list []string
	form string // the form of a word, for help
}

func (w *words) Set(text string) error {
	isSeparator := func(r rune) bool { return r == ',' || unicode.IsSpace(r) }
	given := strings.FieldsFunc(text, isSeparator)
	if len(given) == 0 {
		return errEmptyValue
	}
	w.list = append(w.list, given...)
	return nil
}

func (w *words) String() string { return "" } // no default, and no secrets in help
func (w *words) Type() string   { return w.form }

// texts is the value of a flag that may be repeated, one text each time.
type texts []string

func (t *texts) Set(text string) error {
	*t = append(*t, text)
	return nil
}

func (t *texts) String() string { return "" } // no default, and no secrets in help
func (t *texts) Type() string   { return "text" }

// parseMoment parses a date, a date with the time, or a duration from now on
// ("24h", "-1h"). An empty text is the zero time.
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
	return time.Time{}, fmt.Errorf("%q is not a moment as 24h, -1h, 2030-01-31 or 2030-01-31T12:00:00Z", text)
}

// emptyKey is the annotation of a flag whose value may be empty.
const emptyKey = "may-be-empty"

// allowEmptyValue lets a flag have an empty value.
func allowEmptyValue(flags *pflag.FlagSet, flag string) {
	_ = flags.SetAnnotation(flag, emptyKey, []string{"true"}) // fails only for an unknown flag
}

// canBeEmpty reports whether a flag may have an empty value.
func canBeEmpty(f *pflag.Flag) bool { return f.Annotations[emptyKey] != nil }

// refuseEmptyValues makes every flag refuse an empty value: in a script it is
// most often a variable that is not set. See applyEnvironment for empty
// environment variables.
func refuseEmptyValues(flags *pflag.FlagSet) {
	// These refuse an empty text themselves. pflag knows their defaults by their Go
	// types, so they can't be wrapped.
	refusing := []string{"bool", "int", "int64", "uint64", "float64", "duration", "count"}
	flags.VisitAll(func(f *pflag.Flag) {
		_, wrapped := f.Value.(nonEmptyValue)
		if !wrapped && !canBeEmpty(f) && !slices.Contains(refusing, f.Value.Type()) {
			f.Value = nonEmptyValue{f.Value}
		}
	})
}

// nonEmptyValue is the value of a flag that refuses an empty text.
type nonEmptyValue struct{ pflag.Value }

func (f nonEmptyValue) Set(text string) error {
	if strings.TrimSpace(text) == "" {
		return errEmptyValue
	}
	return f.Value.Set(text)
}

var errEmptyValue = errors.New("the value is empty; is a variable not set? Leave the flag out to go without it")

func (p *pairs) text() string {
	words := make([]string, len(p.list))
	for i, pair := range p.list {
		words[i] = pair.name + "=" + pair.value
	}
	return strings.Join(words, ", ")
}
