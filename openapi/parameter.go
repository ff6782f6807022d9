package openapi

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// parameter is a parameter of an operation with its check. kin-openapi checks lists and objects, which Connect does not
// have.
type parameter struct {
	spec  *openapi3.Parameter
	check func(raw string) string // returns the violated rule, or ""; nil: not a single value
}

func newParameter(op *Operation, spec *openapi3.Parameter) (*parameter, error) {
	p := &parameter{spec: spec}
	if spec.Schema == nil || spec.Schema.Value == nil {
		return p, nil
	}
	s := spec.Schema.Value
	if isPatternOnly(s) {
		match, err := newPattern(s.Pattern)
		if err != nil {
			return nil, fmt.Errorf("parameter %s: invalid pattern: %w", spec.Name, err)
		}
		p.check = func(raw string) string {
			if match(raw) {
				return ""
			}
			return patternWords(s)
		}
		return p, nil
	}
	if isAnyString(s) {
		p.check = func(string) string { return "" }
		return p, nil
	}
	if s.Type == nil || len(*s.Type) != 1 {
		return p, nil
	}
	switch (*s.Type)[0] {
	case openapi3.TypeString:
		p.check = func(raw string) string { return op.checkValue(s, raw) }
	case openapi3.TypeInteger:
		p.check = func(raw string) string { return op.checkInteger(s, raw) }
	case openapi3.TypeNumber:
		p.check = func(raw string) string {
			f, err := strconv.ParseFloat(raw, 64)
			if err != nil {
				return "must be a number"
			}
			return op.checkValue(s, f)
		}
	case openapi3.TypeBoolean:
		// ParseBool accepts the spelling of Python, True, too [G].
		p.check = func(raw string) string {
			b, err := strconv.ParseBool(raw)
			if err != nil {
				return "must be true or false"
			}
			return op.checkValue(s, b)
		}
	}
	return p, nil
}

func (op *Operation) checkInteger(s *openapi3.Schema, raw string) string {
	n, err := strconv.ParseInt(raw, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return "must fit into 64 bits"
	}
	if err != nil {
		return "must be an integer"
	}
	return op.checkValue(s, n)
}

func (op *Operation) checkValue(s *openapi3.Schema, v any) string {
	if err := s.VisitJSON(v, openapi3.VisitAsRequest(), openapi3.DisableReadOnlyValidation()); err != nil {
		return op.doc.schemaViolation("", err).Rule
	}
	return ""
}

// isPatternOnly reports whether a schema is a string with a pattern and no other rule.
func isPatternOnly(s *openapi3.Schema) bool { return isStringOfAnyLength(s) && s.Pattern != "" }

// isAnyString reports whether a schema is a string without a rule.
func isAnyString(s *openapi3.Schema) bool { return isStringOfAnyLength(s) && s.Pattern == "" }

// isStringOfAnyLength reports whether a schema is a string without a rule, except that it may have a pattern.
func isStringOfAnyLength(s *openapi3.Schema) bool {
	_, formatted := openapi3.SchemaStringFormats[s.Format]
	return s.Type.Is(openapi3.TypeString) && !formatted &&
		len(s.Enum) == 0 && s.MinLength == 0 && s.MaxLength == nil &&
		len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) == 0 && s.Not == nil
}

// checkWithKin lets kin-openapi check a list or an object.
func (op *Operation) checkWithKin(p *parameter, r *http.Request, path map[string]string) *Violation {
	input := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: path, Route: op.route,
		Options: &openapi3filter.Options{SkipSettingDefaults: true},
	}
	err := openapi3filter.ValidateParameter(r.Context(), input, p.spec)
	if err == nil {
		return nil
	}
	v := &Violation{In: p.spec.In, Name: p.spec.Name, Rule: "does not match its schema"}
	if errors.Is(err, openapi3filter.ErrInvalidRequired) {
		v.Rule = "is required"
	} else if se := deepest(err); se != nil {
		v.Rule = ruleText(se)
	}
	return v
}
