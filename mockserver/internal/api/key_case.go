package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// withKeyCase returns an encoded response with its keys as the switches key-case
// and content-path want them.
func (s *Handler) withKeyCase(body []byte) []byte {
	switch {
	case s.quirks.SnakeKeys:
		return renameKeys(body, func(key string) (string, bool) { return snakeCase(key), true })
	case s.quirks.ContentPathCamel:
		return renameKeys(body, func(key string) (string, bool) {
			return strings.ReplaceAll(key, "content_path", "contentPath"), true
		})
	}
	return body
}

// fromSnakeCase returns the body of a request with the keys that matter in it
// turned into camelCase, and without those that were camelCase: a server of
// snake_case did not read them [D, changelog 1.5.4].
func fromSnakeCase(body []byte) []byte {
	if !utf8.Valid(body) {
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

// renameKeys renames the keys of a JSON document in every depth and leaves out
// the members whose key is not to be kept. The order of members stays. What is
// not one JSON document is returned as it is.
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
