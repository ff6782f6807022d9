// Package forms reads what people enter about faults and items, and fills it in again.
package forms

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Fault has the fields of the form for a fault as they were typed, without the empty ones.
type Fault map[string]string

// faultFields are the names of the fields. A link to the page can fill them in.
var faultFields = []string{
	"preset", "name", "operation", "account_of", "vault", "token", "nth", "after", "times", "percentage", "per", "phase",
	"delay", "abort", "message", "header", "connection", "truncate", "drip", "malform", "lag", "sync", "json",
}

// ReadFault returns the fields that are not empty, of a form that was sent or of an address that fills it in.
func ReadFault(entered url.Values) Fault {
	form := Fault{}
	for _, name := range faultFields {
		if text := strings.Trim(strings.Join(entered[name], ","), ", \t\r\n"); text != "" {
			form[name] = text
		}
	}
	return form
}

// Has reports whether an operation is among those of the form.
func (form Fault) Has(operation string) bool {
	return slices.Contains(strings.Split(form["operation"], ","), operation)
}

// FieldError is the error for a field of a form.
type FieldError struct{ field, problem string }

func (e *FieldError) Error() string { return e.field + ": " + e.problem }

// Read returns the fault of the form, which is typed as JSON or field by field, and the command that adds it.
func (form Fault) Read() (f controlapi.Fault, same string, err error) {
	if text := form["json"]; text != "" {
		f, err = parseFault(text)
		return f, command.WithInput(command.OneLine(text), command.Ctl("fault", "add", "--file", "-")), err
	}
	f, err = form.fault()
	return f, command.AddFault(f), err
}

// parseFault reads a fault in the JSON of the control API.
func parseFault(text string) (f controlapi.Fault, err error) {
	var document any
	if err = json.Unmarshal([]byte(text), &document); err == nil {
		err = controlapi.CheckNames(document)
	}
	if err == nil {
		d := json.NewDecoder(strings.NewReader(text))
		d.DisallowUnknownFields()
		err = d.Decode(&f)
	}
	if err != nil {
		err = &FieldError{"json", strings.TrimPrefix(err.Error(), "json: ")}
	}
	return f, err
}

// fault returns the fault that the fields describe. What else is wrong with it, the mock says.
func (form Fault) fault() (controlapi.Fault, error) {
	p := formParser{form: form}
	f := controlapi.Fault{
		Name: form["name"], Preset: form["preset"], Account: form["account_of"], Vault: form["vault"], Token: form["token"],
		Per: form["per"], Phase: form["phase"], Connection: form["connection"], Sync: form["sync"],
		Nth: p.number("nth"), After: p.number("after"), Times: p.number("times"), Percentage: p.percentage(),
		MalformJSON: form["malform"] != "", Lag: p.duration("lag"), Headers: p.headers(),
	}
	if operations := form["operation"]; operations != "" {
		f.Operations = strings.Split(operations, ",")
	}
	f.Delay = parsed(&p, "delay", controlapi.ParseDelay)
	f.Drip = parsed(&p, "drip", controlapi.ParseDrip)
	if status := p.number("abort"); status != 0 || form["message"] != "" {
		f.Abort = &controlapi.Abort{Status: status, Message: form["message"]}
	}
	if form["truncate"] != "" {
		bytes := int64(p.number("truncate"))
		f.Truncate = &bytes
	}
	return f, p.err
}

// formParser parses the fields of a form, and keeps the first error.
type formParser struct {
	form Fault
	err  error
}

func (p *formParser) fail(field, problem string, args ...any) {
	if p.err == nil {
		p.err = &FieldError{field, fmt.Sprintf(problem, args...)}
	}
}

// number returns the number in a field, 0 for an empty one.
func (p *formParser) number(field string) int {
	if p.form[field] == "" {
		return 0
	}
	n, err := strconv.Atoi(p.form[field])
	if err != nil {
		p.fail(field, "%q is not a whole number", p.form[field])
	}
	return n
}

func (p *formParser) percentage() float64 {
	text := strings.TrimSpace(strings.TrimSuffix(p.form["percentage"], "%"))
	if text == "" {
		return 0
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n <= 0 || n > 100 {
		p.fail("percentage", "%q is not a number from 0 to 100; leave it empty for all requests", p.form["percentage"])
	}
	return n
}

func (p *formParser) duration(field string) controlapi.Duration {
	if p.form[field] == "" {
		return 0
	}
	d, err := time.ParseDuration(p.form[field])
	if err != nil {
		p.fail(field, "%q is not a duration as 2s or 1m30s", p.form[field])
	}
	return controlapi.Duration(d)
}

// headers reads lines of the form "Name: value".
func (p *formParser) headers() map[string]string {
	headers := map[string]string{}
	for line := range strings.Lines(p.form["header"]) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			p.fail("header", "%q is not a header as Retry-After: 1", line)
		}
		headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	if len(headers) == 0 {
		return nil
	}
	return headers
}

// parsed returns what a field contains, nil for an empty one.
func parsed[T any](p *formParser, field string, parse func(string) (T, error)) *T {
	if p.form[field] == "" {
		return nil
	}
	value, err := parse(p.form[field])
	if err != nil {
		p.fail(field, "%v", err)
	}
	return &value
}
