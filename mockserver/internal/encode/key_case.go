package encode

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// withKeyCase returns an encoded document with its keys as the switches key-case and content-path want them.
func (e *Encoder) withKeyCase(body []byte) []byte {
	switch {
	case e.Quirks.SnakeKeys:
		return renameKeys(body, func(key string) (string, bool) { return snakeCase(key), true })
	case e.Quirks.ContentPathCamel:
		return renameKeys(body, func(key string) (string, bool) {
			return strings.ReplaceAll(key, "content_path", "contentPath"), true
		})
	}
	return body
}

// RequestBody returns the body of a request with its keys in camelCase, where the switch key-case says that clients
// send snake_case. Keys that were in camelCase are left out: a server of snake_case did not read them [D, changelog
// 1.5.4].
func (e *Encoder) RequestBody(body []byte) []byte {
	if !e.Quirks.SnakeKeys || !utf8.Valid(body) {
		return body
	}
	known := map[string]string{"character_sets": "characterSets", "exclude_characters": "excludeCharacters"}
	return renameKeys(body, func(key string) (string, bool) {
		if camel, ok := known[strings.ToLower(key)]; ok {
			return camel, true
		}
		for _, camel := range known {
			if strings.EqualFold(key, camel) {
				return "", false
			}
		}
		return key, true
	})
}

// snakeCase returns a camelCase key in snake_case.
func snakeCase(key string) string {
	var b strings.Builder
	for _, r := range key {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// renameKeys returns a JSON document with its keys renamed at every depth, without the members whose key is not kept.
// The order of members stays. A body that is not one JSON document is returned unchanged.
func renameKeys(body []byte, rename func(key string) (name string, keep bool)) []byte {
	var out bytes.Buffer
	out.Grow(len(body) + len(body)/16)
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := renameValue(d, &out, rename); err != nil {
		return body
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return body
	}
	return out.Bytes()
}

// renameValue copies the next value of d to out.
func renameValue(d *json.Decoder, out *bytes.Buffer, rename func(string) (string, bool)) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	open, isDelim := token.(json.Delim)
	if !isDelim {
		return writeJSON(out, token)
	}
	out.WriteByte(byte(open))
	first := true
	for d.More() {
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			name, keep := rename(key.(string)) // the decoder allows nothing else there
			if !keep {
				var skipped json.RawMessage
				if err := d.Decode(&skipped); err != nil {
					return err
				}
				continue
			}
			if !first {
				out.WriteByte(',')
			}
			if err := writeJSON(out, name); err != nil {
				return err
			}
			out.WriteByte(':')
		} else if !first {
			out.WriteByte(',')
		}
		first = false
		if err := renameValue(d, out, rename); err != nil {
			return err
		}
	}
	end, err := d.Token()
	if err == nil {
		out.WriteByte(byte(end.(json.Delim)))
	}
	return err
}

func writeJSON(out *bytes.Buffer, value any) error {
	encoded, err := json.Marshal(value)
	out.Write(encoded)
	return err
}
