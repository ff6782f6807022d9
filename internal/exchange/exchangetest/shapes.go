// Package exchangetest has the shapes that a JSON body may have whose secrets a report must not show. It is for tests.
package exchangetest

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
)

// Shape changes a valid JSON body into one that is written in another way, is ambiguous, or is not JSON. Its secrets
// remain in it.
type Shape struct {
	Name  string
	Apply func(body string) string
}

// Shapes returns all shapes. The first does not change a body.
func Shapes() []Shape {
	wrap := func(before, after string) func(string) string {
		return func(body string) string { return before + body + after }
	}
	return []Shape{
		{"valid", wrap("", "")},
		{"white space", wrap(" \r\n\t", "\n\n")},
		{"in a list", wrap("[", "]")},
		{"cut", func(body string) string { return body[:len(body)-2] }},
		{"without its beginning", func(body string) string { return body[2:] }},
		{"trailing comma", func(body string) string { return body[:len(body)-1] + "," + body[len(body)-1:] }},
		{"trailing garbage", wrap("", "x")},
		{"BOM", wrap("\ufeff", "")},
		{"two documents", wrap("{}", "")},
		{"two documents in lines", func(body string) string { return body + "\n" + body }},
		{"guarded", wrap(")]}',\n", "")},
		{"comment", wrap("/* item */", "")},
		{"function call", wrap("callback(", ");")},
		{"HTML", wrap("<!DOCTYPE html><html><body><pre>", "</pre></body></html>")},
		{"HTML, escaped", func(body string) string {
			return "<html><body>" + html.EscapeString(body) + "</body></html>"
		}},
		{"HTML, odd quotes", wrap(`<a title="it's>`, "</a>")},
		{"null byte", wrap("\x00", "")},
		{"invalid UTF-8", wrap("\xff", "")},
		{"NaN", wrap(`{"n":NaN,"item":`, "}")},
		{"single quotes", func(body string) string { return strings.ReplaceAll(body, `"`, `'`) }},
		{"duplicate values", pairs(`"value":"harmless",`, "")},
		{"duplicate types", replace(`"type":"([A-Z]+)"`, `"type":"$1","type":"STRING"`)},
		{"values in two cases", pairs("", `,"Value":"harmless"`)},
		{"types in two cases", replace(`"type":"([A-Z]+)"`, `"TYPE":"STRING","type":"$1"`)},
		{"upper case", replace(`"(value|type|purpose|fields|totp|content|history)":`, "", strings.ToUpper)},
		{"case that folds to ASCII", replace(`"purpose":|"history":|"fields":`, "", func(m string) string {
			return strings.ReplaceAll(m, "s", "ſ")
		})},
		{"escaped names", replace(`"(v)(alue)":`, `"\u0076$2":`)},
		{"escaped type", replace(`"CONCEALED"`, `"CONC\u0045ALED"`)},
		{"escaped everything", func(body string) string { return escapeTexts(body) }},
		{"slashes escaped", func(body string) string { return strings.ReplaceAll(body, "/", `\/`) }},
		{"in a message", func(body string) string {
			text, _ := json.Marshal("invalid body: " + body) // a text always encodes
			return `{"status":400,"message":` + string(text) + `}`
		}},
		{"in a message, twice", func(body string) string {
			text, _ := json.Marshal(body)
			text, _ = json.Marshal("invalid body: " + string(text))
			return `{"status":400,"message":` + string(text) + `}`
		}},
		{"deep", wrap(strings.Repeat("[", 200), strings.Repeat("]", 200))},
		{"very deep", wrap(strings.Repeat(`{"a":`, 11_000), strings.Repeat("}", 11_000))},
		{"deep and open", wrap(strings.Repeat("[", 50_000), "")},
	}
}

// pairs returns a function that adds texts before and after each member "value".
func pairs(before, behind string) func(string) string {
	value := regexp.MustCompile(`"value":("(?:[^"\\]|\\.)*"|[0-9.]+)`)
	return func(body string) string {
		return value.ReplaceAllStringFunc(body, func(member string) string { return before + member + behind })
	}
}

// replace returns a function that replaces matches of a pattern by a template, or by the result of a function.
func replace(pattern, by string, functions ...any) func(string) string {
	p := regexp.MustCompile(pattern)
	return func(body string) string {
		if len(functions) == 0 {
			return p.ReplaceAllString(body, by)
		}
		change, _ := functions[0].(func(string) string)
		return p.ReplaceAllStringFunc(body, change)
	}
}

// escapeTexts writes every character of every string as \u00XX.
func escapeTexts(body string) string {
	texts := regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	return texts.ReplaceAllStringFunc(body, func(text string) string {
		var plain string
		if json.Unmarshal([]byte(text), &plain) != nil {
			return text
		}
		var b strings.Builder
		for _, unit := range plain {
			if unit > 0xffff {
				return text
			}
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
		return `"` + b.String() + `"`
	})
}

// Spellings returns the forms in which a report could contain a secret.
func Spellings(secret string) []string {
	quoted, _ := json.Marshal(secret) // a text always encodes
	inJSON := string(quoted[1 : len(quoted)-1])
	// An encoder may leave these as they are.
	bare := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(inJSON)
	all := []string{secret, inJSON, bare, html.EscapeString(secret)}
	escaped := escapeTexts(string(quoted))
	return append(all, escaped[1:len(escaped)-1], fmt.Sprintf("%x", secret))
}

// SecretFields returns fields of an item, as JSON without the brackets of their list, with a long and a short secret in
// every place that can have one.
func SecretFields(long, short string) string {
	var fields []string
	for _, secret := range []string{long, short} {
		encoded, _ := json.Marshal(secret) // a text always encodes
		for _, form := range []string{
			`{"id":"a","type":"CONCEALED","value":S}`, `{"id":"b","value":S,"type":"CONCEALED"}`,
			`{"id":"c","purpose":"PASSWORD","type":"STRING","value":S}`,
			`{"id":"d","type":"STRING","purpose":"NOTES","value":S}`, `{"id":"e","type":"OTP","value":S,"totp":S}`,
			`{"id":"f","value":S}`, `{"id":"g","type":"CONCEALED","value":"x","passwordDetails":{"history":[S,S]}}`,
		} {
			fields = append(fields, strings.ReplaceAll(form, "S}", string(encoded)+"}"))
		}
	}
	all := strings.Join(fields, ",")
	encoded, _ := json.Marshal(long)
	return strings.NewReplacer("[S,S]", "["+string(encoded)+"]", ":S,", ":"+string(encoded)+",").Replace(all)
}

// Spoil returns a server that adds SecretFields to every item in responses of next, and to lists of files and lists
// with a filter, and then applies a shape to the response.
func Spoil(next http.Handler, shape Shape, long, short string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorded := httptest.NewRecorder()
		next.ServeHTTP(recorded, r)
		body := recorded.Body.String()
		if strings.Contains(r.URL.Path, "/items") && strings.HasPrefix(body, "{") {
			fields := `"fields":[` + SecretFields(long, short)
			if strings.Contains(body, `"fields":[`) {
				body = strings.Replace(body, `"fields":[`, fields+",", 1)
			} else {
				body = "{" + fields + "]," + body[1:]
			}
			body = shape.Apply(body)
		} else if strings.HasPrefix(body, "[") &&
			(r.URL.Query().Has("filter") || strings.HasSuffix(r.URL.Path, "/files")) {
			body = shape.Apply(`[{"fields":[` + SecretFields(long, short) + `]}]`)
		}
		for name, values := range recorded.Header() {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(recorded.Code)
		if r.Method != http.MethodHead {
			_, _ = io.WriteString(w, body) // the client may be gone
		}
	})
}
