package openapi

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// The places a violation can be in.
const (
	InPath      = "path"
	InQuery     = "query"
	InHeader    = "header"
	InCookie    = "cookie"
	InBody      = "body"
	InMediaType = "media type"
)

// Violation is a rule of the document that a request or response violates. It never contains a value that was sent, so
// it may be shown and logged.
type Violation struct {
	In   string // "path", "query", "header", "cookie", "body" or "media type"
	Name string // the parameter, or the member of the body as "fields[0].type"; "" for the body as a whole
	Rule string // goes on where Name ends: "must be a string", "is required"
}

// Error formats the violation as a sentence.
func (v *Violation) Error() string {
	switch {
	case v.Name != "":
		return v.In + ": " + v.Name + " " + v.Rule
	case v.In == InBody:
		return "the body " + v.Rule
	default:
		return "the " + v.In + " " + v.Rule
	}
}

// fromSchema is the violation behind an error of kin-openapi, whose own text
// contains the value and is never used.
func (d *Document) fromSchema(in string, err error) *Violation {
	se := deepest(err)
	if se == nil {
		return &Violation{In: in, Rule: "does not match its schema"}
	}
	path := se.JSONPointer()
	v := &Violation{In: in, Rule: rule(se)}
	if se.SchemaField == "properties" {
		if name, ok := undeclared(se); ok {
			path = append(path, name)
		}
		if d.words.all {
			v.Rule += "; documented: " + strings.Join(sortedKeys(se.Schema.Properties), ", ")
		}
	}
	v.Name = d.words.name(path)
	return v
}

// deepest is the error that says most: of an allOf the branch that failed, of a
// oneOf the only branch that the value is of the right type for.
func deepest(err error) *openapi3.SchemaError {
	var se *openapi3.SchemaError
	if !errors.As(err, &se) {
		return nil
	}
	if se.SchemaField == "allOf" && se.Origin != nil {
		if inner := deepest(se.Origin); inner != nil {
			return inner
		}
	}
	if se.SchemaField == "oneOf" && se.Origin != nil {
		if inner := meant(se); inner != nil {
			return inner
		}
	}
	return se
}

// meant is the error of the one alternative that a value was meant for, nil if
// there is no such or more than one.
func meant(of *openapi3.SchemaError) *openapi3.SchemaError {
	var branches openapi3.MultiError
	if !errors.As(of.Origin, &branches) {
		return nil
	}
	var found *openapi3.SchemaError
	for _, branch := range branches {
		se := deepest(branch)
		if se == nil || se.SchemaField == "type" && len(se.JSONPointer()) == len(of.JSONPointer()) {
			continue
		}
		if found != nil {
			return nil
		}
		found = se
	}
	return found
}

// undeclared is the first member, in alphabetical order, that a closed object
// does not have.
func undeclared(se *openapi3.SchemaError) (string, bool) {
	object, _ := se.Value.(map[string]any)
	first, found := "", false
	for name := range object {
		if se.Schema.Properties[name] == nil && (!found || name < first) {
			first, found = name, true
		}
	}
	return first, found
}

// rule says what a schema asks for, in words that can follow a name. Only the
// schema is read, never the value.
func rule(se *openapi3.SchemaError) string {
	s := se.Schema
	switch se.SchemaField {
	case "type":
		return "must be " + typeWords(s)
	case "nullable":
		return "must not be null"
	case "required":
		return "is required"
	case "enum":
		return "must be one of " + enumWords(s.Enum)
	case "pattern":
		return patternWords(s)
	case "format":
		return "must have the format " + s.Format
	case "properties":
		return "is not documented"
	case "minimum":
		return "must be at least " + number(s.Min)
	case "maximum":
		return "must be at most " + number(s.Max)
	case "exclusiveMinimum":
		return "must be more than " + number(s.Min)
	case "exclusiveMaximum":
		return "must be less than " + number(s.Max)
	case "multipleOf":
		return "must be a multiple of " + number(s.MultipleOf)
	case "minLength":
		return fmt.Sprintf("must have at least %d characters", s.MinLength)
	case "maxLength":
		return fmt.Sprintf("must have at most %d characters", *s.MaxLength)
	case "minItems":
		return fmt.Sprintf("must have at least %d elements", s.MinItems)
	case "maxItems":
		return fmt.Sprintf("must have at most %d elements", *s.MaxItems)
	case "uniqueItems":
		return "must not have an element twice"
	case "minProperties":
		return fmt.Sprintf("must have at least %d members", s.MinProps)
	case "maxProperties":
		return fmt.Sprintf("must have at most %d members", *s.MaxProps)
	case "oneOf", "anyOf":
		return "must match one of the documented alternatives"
	default:
		return "does not match its schema"
	}
}

func typeWords(s *openapi3.Schema) string {
	if s.Type == nil || len(*s.Type) == 0 {
		return "of another type"
	}
	switch t := (*s.Type)[0]; t {
	case openapi3.TypeString, openapi3.TypeNumber:
		return "a " + t
	case openapi3.TypeBoolean:
		return "true or false"
	case openapi3.TypeArray:
		return "a list"
	default: // integer, object
		return "an " + t
	}
}

// patternWords is the title of a schema, which says it better, or the pattern.
func patternWords(s *openapi3.Schema) string {
	if s.Title != "" {
		return "must be " + s.Title
	}
	return "must match " + s.Pattern
}

func enumWords(enum []any) string {
	var words []string
	for _, e := range enum {
		if e == nil || e == "" {
			continue // said to be missing, not named
		}
		words = append(words, fmt.Sprint(e))
	}
	return strings.Join(words, ", ")
}

func number(f *float64) string {
	if f == nil {
		return "the documented bound"
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}
