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

// change replaces a document in the body; what is no JSON stays.
func (a *answer) change(f func(v any) any) {
	if v, ok := decode(a.body); ok {
		a.body = encode(f(v))
	}
}

// members changes the object in the body, or each object of the list in it.
func (a *answer) members(f func(m map[string]any)) {
	a.change(func(v any) any {
		for _, m := range objects(v) {
			f(m)
		}
		return v
	})
}

// list changes the list in the body; what is no list stays.
func (a *answer) list(f func(all []map[string]any) []map[string]any) {
	a.change(func(v any) any {
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

// objects are an object itself, or the objects in a list.
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

// member is the objects in a member.
func member(m map[string]any, name string) []map[string]any { return objects(m[name]) }

func text(m map[string]any, name string) string {
	s, _ := m[name].(string)
	return s
}

func number(m map[string]any, name string) int64 {
	n, _ := m[name].(json.Number)
	i, _ := n.Int64()
	return i
}

// inside calls f for every object at any depth.
func inside(v any, f func(m map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			inside(e, f)
		}
		f(v)
	case []any:
		for _, e := range v {
			inside(e, f)
		}
	}
}

// good changes the objects of answers that are no refusals.
func good(f func(m map[string]any)) func() behaviour {
	return then(func(_ *exchange, a *answer) {
		if a.ok() {
			a.members(f)
		}
	})
}

// refusals changes answers that are refusals.
func refusals(f func(x *exchange, a *answer)) func() behaviour {
	return then(func(x *exchange, a *answer) {
		if a.status >= 400 {
			f(x, a)
		}
	})
}

// fields changes the fields of items in answers.
func fields(f func(m map[string]any)) func() behaviour {
	return good(func(it map[string]any) {
		for _, m := range member(it, "fields") {
			f(m)
		}
	})
}

// sent changes the object, or each object of the list, in a request's body.
func sent(f func(m map[string]any)) func() behaviour {
	return first(func(x *exchange) { x.rewrite(f) })
}

// sentFields changes the fields of an item in a request's body.
func sentFields(f func(m map[string]any)) func() behaviour {
	return sent(func(it map[string]any) {
		for _, m := range member(it, "fields") {
			f(m)
		}
	})
}

func (x *exchange) rewrite(f func(m map[string]any)) {
	v, ok := decode(x.body)
	if !ok || !json.Valid(x.body) {
		return
	}
	for _, m := range objects(v) {
		f(m)
	}
	x.body = encode(v)
}

// sends says whether some object of the request's body is as wanted.
func sends(is func(m map[string]any) bool) func(*exchange) bool {
	return func(x *exchange) (found bool) {
		v, _ := decode(x.body)
		inside(v, func(m map[string]any) { found = found || is(m) })
		return found
	}
}

// snake is a name in camel case, in snake case.
func snake(name string) string {
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
