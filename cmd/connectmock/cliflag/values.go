package cliflag

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/pflag"
)

// Repeatable ends the help of flags that take several values.
const Repeatable = "more with commas, or several times"

// Pairs is the value of a flag NAME=VALUE, several with commas or by repeating
// the flag, in the order given. A later pair replaces an earlier one of its name.
type Pairs struct {
	List         []Pair
	Check        func(Pair) error // nil: any pair is valid; its errors must not contain a secret value
	Form         string           // the form of a pair, for help
	DefaultValue string           // the value of a pair without "="; empty: it is invalid
	keepAll      bool             // a later pair of the same name does not replace the earlier
}

// Pair is a NAME=VALUE of a flag.
type Pair struct{ Name, Value string }

// Set adds pairs. Its errors do not contain the text, which may be a token.
func (p *Pairs) Set(text string) error {
	for one := range strings.SplitSeq(text, ",") {
		if err := p.add(one); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pairs) add(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		value = p.DefaultValue
	}
	if name == "" || value == "" {
		return fmt.Errorf("must be %s", p.Form)
	}
	next := Pair{name, value}
	if p.Check != nil {
		if err := p.Check(next); err != nil {
			return err
		}
	}
	if !p.keepAll {
		p.List = slices.DeleteFunc(p.List, func(o Pair) bool { return o.Name == name })
	}
	p.List = append(p.List, next)
	return nil
}

func (p *Pairs) String() string { return "" } // no default, and no secrets in help
func (p *Pairs) Type() string   { return p.Form }

// ByName returns the values by their names, nil without any.
func (p *Pairs) ByName() map[string]string {
	if len(p.List) == 0 {
		return nil
	}
	m := make(map[string]string, len(p.List))
	for _, pair := range p.List {
		m[pair.Name] = pair.Value
	}
	return m
}

// Words is the value of a flag with several words, separated by commas or lines,
// or given by repeating the flag. Empty words are skipped, because a list in YAML
// ends with a line.
type Words struct {
	List []string
	Form string // the form of a word, for help
}

func (w *Words) Set(text string) error {
	isSeparator := func(r rune) bool { return r == ',' || unicode.IsSpace(r) }
	given := strings.FieldsFunc(text, isSeparator)
	if len(given) == 0 {
		return errEmptyValue
	}
	w.List = append(w.List, given...)
	return nil
}

func (w *Words) String() string { return "" } // no default, and no secrets in help
func (w *Words) Type() string   { return w.Form }

// Texts is the value of a flag that may be repeated, one text each time.
type Texts []string

func (t *Texts) Set(text string) error {
	*t = append(*t, text)
	return nil
}

func (t *Texts) String() string { return "" } // no default, and no secrets in help
func (t *Texts) Type() string   { return "text" }

// ParseMoment parses a date, a date with the time, or a duration from now on
// ("24h", "-1h"). An empty text is the zero time.
func ParseMoment(text string, now time.Time) (time.Time, error) {
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

// AllowEmptyValue lets a flag have an empty value.
func AllowEmptyValue(flags *pflag.FlagSet, flag string) {
	_ = flags.SetAnnotation(flag, emptyKey, []string{"true"}) // fails only for an unknown flag
}

// CanBeEmpty reports whether a flag may have an empty value.
func CanBeEmpty(f *pflag.Flag) bool { return f.Annotations[emptyKey] != nil }

// refuseEmptyValues makes every flag refuse an empty value: in a script it is
// most often a variable that is not set. See ApplyEnvironment for empty
// environment variables.
func refuseEmptyValues(flags *pflag.FlagSet) {
	// These refuse an empty text themselves. pflag knows their defaults by their Go
	// types, so they can't be wrapped.
	refusing := []string{"bool", "int", "int64", "uint64", "float64", "duration", "count"}
	flags.VisitAll(func(f *pflag.Flag) {
		_, wrapped := f.Value.(NonEmptyValue)
		if !wrapped && !CanBeEmpty(f) && !slices.Contains(refusing, f.Value.Type()) {
			f.Value = NonEmptyValue{f.Value}
		}
	})
}

// NonEmptyValue is the value of a flag that refuses an empty text.
type NonEmptyValue struct{ pflag.Value }

func (f NonEmptyValue) Set(text string) error {
	if strings.TrimSpace(text) == "" {
		return errEmptyValue
	}
	return f.Value.Set(text)
}

var errEmptyValue = errors.New("the value is empty; is a variable not set? Leave the flag out to go without it")

// Text returns the pairs as NAME=VALUE, for people.
func (p *Pairs) Text() string {
	words := make([]string, len(p.List))
	for i, pair := range p.List {
		words[i] = pair.Name + "=" + pair.Value
	}
	return strings.Join(words, ", ")
}
