package mutants

import (
	"bytes"
	"encoding/json"
	"strings"
)

// decodeJSON returns the decoded value. ok is false if data is not JSON.
func decodeJSON(data []byte) (v any, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	err := decoder.Decode(&v)
	return v, err == nil
}

// encodeJSON returns a value as JSON.
func encodeJSON(v any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return []byte(err.Error()) // decoded values can always be encoded
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}

// changeBody changes the JSON in the body. It does not change other bodies.
func (res *response) changeBody(f func(v any) any) {
	if v, ok := decodeJSON(res.body); ok {
		res.body = encodeJSON(f(v))
	}
}

// changeObjects changes the object in the body, or each object of the list in the body.
func (res *response) changeObjects(f func(m map[string]any)) {
	res.changeBody(func(v any) any {
		for _, m := range objects(v) {
			f(m)
		}
		return v
	})
}

// changeList changes the list in the body. It does not change other bodies.
func (res *response) changeList(f func(all []map[string]any) []map[string]any) {
	res.changeBody(func(v any) any {
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

// memberObjects returns the objects in a member, which is an object or a list.
func memberObjects(m map[string]any, name string) []map[string]any { return objects(m[name]) }

// textMember returns a member that is a string, "" if it is not.
func textMember(m map[string]any, name string) string {
	s, _ := m[name].(string)
	return s
}

// intMember returns a member that is an integer, 0 if it is not.
func intMember(m map[string]any, name string) int64 {
	n, _ := m[name].(json.Number)
	i, _ := n.Int64()
	return i
}

// walkObjects calls f for each object at any depth, inner objects first.
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
	return changeResponse(func(_ *exchange, res *response) {
		if res.isSuccess() {
			res.changeObjects(f)
		}
	})
}

// changeRefusals changes the responses with a status of 400 or above.
func changeRefusals(f func(x *exchange, res *response)) func() behaviour {
	return changeResponse(func(x *exchange, res *response) {
		if res.status >= 400 {
			f(x, res)
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
// request's body. It does not change a body that is not JSON.
func (x *exchange) changeSentObjects(f func(m map[string]any)) {
	v, ok := decodeJSON(x.body)
	if !ok || !json.Valid(x.body) {
		return
	}
	for _, m := range objects(v) {
		f(m)
	}
	x.body = encodeJSON(v)
}

// sendsObject returns a condition: the body of a request has an object, at any depth,
// that is returns true for.
func sendsObject(is func(m map[string]any) bool) func(*exchange) bool {
	return func(x *exchange) (found bool) {
		v, _ := decodeJSON(x.body)
		walkObjects(v, func(m map[string]any) { found = found || is(m) })
		return found
	}
}

// snakeCase returns a camelCase name in snake_case.
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
