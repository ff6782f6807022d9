package record

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// stepID returns an id such as get-vault-items-12.
func stepID(e recordedEntry) string {
	words := regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+`).FindAllString(cmp.Or(e.Operation, "request"), -1)
	return strings.ToLower(strings.Join(words, "-")) + fmt.Sprintf("-%d", e.ID)
}

// printablePath returns a text for a comment, on one line.
func printablePath(text string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c == '\u0085' || c == '\u2028' || c == '\u2029' {
			return '?'
		}
		return c
	}, text)
}

// escapeTemplate returns a text whose {{ are not expressions.
func escapeTemplate(text string) string { return strings.ReplaceAll(text, "{{", `{{ "{{" }}`) }

// quoteYAML returns a text as a double-quoted scalar.
func quoteYAML(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a text always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// flow returns a value in the flow style of YAML, with sorted keys.
func flow(v any) string {
	switch x := v.(type) {
	case map[string]any:
		var pairs []string
		for _, key := range slices.Sorted(maps.Keys(x)) {
			name := key
			if !regexp.MustCompile(`^[a-z][A-Za-z]*$`).MatchString(key) {
				name = quoteYAML(key)
			}
			pairs = append(pairs, name+": "+flow(x[key]))
		}
		return "{" + strings.Join(pairs, ", ") + "}"
	case []any:
		var elements []string
		for _, each := range x {
			elements = append(elements, flow(each))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case string:
		if regexp.MustCompile(`^[A-Za-z][A-Za-z-]*$`).MatchString(x) &&
			!slices.Contains([]string{"off", "no", "yes", "on", "true", "false", "null"}, strings.ToLower(x)) {
			return x
		}
		return quoteYAML(x)
	}
	text, _ := json.Marshal(v) // numbers and booleans always encode
	return string(text)
}
