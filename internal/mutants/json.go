package mutants

import (
	"bytes"
	"encoding/json"
	"strings"
)

func decode(data []byte) (v any, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	err := decoder.Decode(&v)
	return v, err == nil
}

func encode(v any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return []byte(err.Error()) // what was decoded always encodes
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}

// changeBody changes the JSON in the body. It leaves a body that is not JSON alone.
func (a *response) changeBody(f func(v any) any) {
	if v, ok := decode(a.body); ok {
		a.body = encode(f(v))
	}
}

// changeObjects changes the object in the body, or each object of the list there.
func (a *response) changeObjects(f func(m map[string]any)) {
	a.changeBody(func(v any) any {
		for _, m := range objects(v) {
			f(m)
		}
		return v
	})
}

// changeList changes the list in the body. It leaves any other body alone.
func (a *response) changeList(f func(all []map[string]any) []map[string]any) {
	a.changeBody(func(v any) any {
		if _, is := v.([]any); !is {
			return v
		}
		out := []any{}
		for _, m := range f(objects(v)) {
			out = append(out, m)
		}
		return out
	})
}

// objects returns the objects of a list, or the value itself if it is an object.
func objects(v any) (all []map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		return []map[string]any{v}
	case []any:
		for _, e := range v {
			if m, is := e.(map[string]any); is {
				all = append(all, m)
			}
		}
	}
	return all
}

// memberObjects returns the objects in a member.
func memberObjects(m map[string]any, name string) []map[string]any { return objects(m[name]) }

func text(m map[string]any, name string) string {
	s, _ := m[name].(string)
	return s
}

func number(m map[string]any, name string) int64 {
	n, _ := m[name].(json.Number)
	i, _ := n.Int64()
	return i
}

// walkObjects calls f for every object at any depth, inner ones first.
func walkObjects(v any, f func(m map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			walkObjects(e, f)
		}
		f(v)
	case []any:
		for _, e := range v {
			walkObjects(e, f)
		}
	}
}

// changeObjects changes the objects in responses with a 2xx status.
func changeObjects(f func(m map[string]any)) func() behaviour {
	return changeResponse(func(_ *exchange, a *response) {
		if a.isSuccess() {
			a.changeObjects(f)
		}
	})
}

// changeRefusals changes the responses with a status of 400 or above.
func changeRefusals(f func(x *exchange, a *response)) func() behaviour {
	return changeResponse(func(x *exchange, a *response) {
		if a.status >= 400 {
			f(x, a)
		}
	})
}

// changeFields changes the fields of items in responses.
func changeFields(f func(m map[string]any)) func() behaviour {
	return changeObjects(func(it map[string]any) {
		for _, m := range memberObjects(it, "fields") {
			f(m)
		}
	})
}

// changeSentObjects changes the object, or each object of the list, in requests.
func changeSentObjects(f func(m map[string]any)) func() behaviour {
	return changeRequest(func(x *exchange) { x.changeSentObjects(f) })
}

// changeSentFields changes the fields of items in requests.
func changeSentFields(f func(m map[string]any)) func() behaviour {
	return changeSentObjects(func(it map[string]any) {
		for _, m := range memberObjects(it, "fields") {
			f(m)
		}
	})
}

// changeSentObjects changes the object, or each object of the list, in the
// request's body. It leaves a body that is not JSON alone.
func (x *exchange) changeSentObjects(f func(m map[string]any)) {
	v, ok := decode(x.body)
	if !ok || !json.Valid(x.body) {
		return
	}
	for _, m := range objects(v) {
		f(m)
	}
	x.body = encode(v)
}

// sendsObject returns a condition: a request has an object that is as wanted.
func sendsObject(is func(m map[string]any) bool) func(*exchange) bool {
	return func(x *exchange) (found bool) {
		v, _ := decode(x.body)
		walkObjects(v, func(m map[string]any) { found = found || is(m) })
		return found
	}
}

// snakeCase returns a name in camel case as one in snake case.
func snakeCase(name string) string {
	var out strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			out.WriteByte('_')
			r += 'a' - 'A'
		}
		out.WriteRune(r)
	}
	return out.String()
}
