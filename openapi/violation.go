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
	Name string // the parameter, or the member of the body as "fields[0].type"; empty: the whole body
	Rule string // continues the sentence after Name: "must be a string", "is required"
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

// schemaViolation converts an error of kin-openapi. It does not use the text of the error, which has the value in it.
func (d *Document) schemaViolation(in string, err error) *Violation {
	se := deepest(err)
	if se == nil {
		return &Violation{In: in, Rule: "does not match its schema"}
	}
	path := se.JSONPointer()
	v := &Violation{In: in, Rule: ruleText(se)}
	if se.SchemaField == "properties" {
		if name, ok := firstUndeclared(se); ok {
			path = append(path, name)
		}
		if d.words.all {
			v.Rule += "; documented: " + strings.Join(sortedKeys(se.Schema.Properties), ", ")
		}
	}
	v.Name = d.words.memberName(path)
	return v
}

// deepest returns the most specific error: of an allOf that of the branch that failed, of a oneOf that of the only
// branch with the type of the value.
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
		if inner := intendedBranch(se); inner != nil {
			return inner
		}
	}
	return se
}

// intendedBranch returns the error of the only alternative with the type of the value, or nil if there is none or more
// than one.
func intendedBranch(of *openapi3.SchemaError) *openapi3.SchemaError {
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

// firstUndeclared returns the first member of the value, in alphabetical order, that the schema does not have.
func firstUndeclared(se *openapi3.SchemaError) (string, bool) {
	object, _ := se.Value.(map[string]any)
	first, found := "", false
	for name := range object {
		if se.Schema.Properties[name] == nil && (!found || name < first) {
			first, found = name, true
		}
	}
	return first, found
}

// ruleText returns the rule that was violated, in words that follow a name. It reads the schema only, never the value.
func ruleText(se *openapi3.SchemaError) string {
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
		return "must be at least " + formatNumber(s.Min)
	case "maximum":
		return "must be at most " + formatNumber(s.Max)
	case "exclusiveMinimum":
		return "must be more than " + formatNumber(s.Min)
	case "exclusiveMaximum":
		return "must be less than " + formatNumber(s.Max)
	case "multipleOf":
		return "must be a multiple of " + formatNumber(s.MultipleOf)
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

// patternWords returns the rule of a schema with a pattern: its title if it has one, which is easier to read.
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
			continue // not a word
		}
		words = append(words, fmt.Sprint(e))
	}
	return strings.Join(words, ", ")
}

func formatNumber(f *float64) string {
	if f == nil {
		return "the documented bound"
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}
