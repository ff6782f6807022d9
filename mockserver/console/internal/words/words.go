// Package words writes numbers, times, bodies and evidence as people read them.
package words

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// JSON returns a value as JSON on several lines.
func JSON(value any) (string, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return strings.TrimSuffix(text.String(), "\n"), err
}

// Duration returns a duration as people read it: long ones in milliseconds.
func Duration(d any) string {
	long, ok := d.(time.Duration)
	if api, is := d.(controlapi.Duration); is {
		long, ok = time.Duration(api), true
	}
	if ok && long.Abs() > time.Second {
		return long.Round(time.Millisecond).String()
	}
	return fmt.Sprint(d)
}

// Body returns a body as people read it: JSON on several lines, all else as it is.
func Body(body string) string {
	var text bytes.Buffer
	if json.Indent(&text, []byte(body), "", "  ") != nil {
		return body
	}
	return text.String()
}

// Took returns how long a request took, as people read it.
func Took(d controlapi.Duration) string {
	return time.Duration(d).Round(10 * time.Microsecond).String()
}

// Count returns a number with its noun.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Bytes returns a number of bytes as people read it.
func Bytes(n int64) string {
	const kib = 1024
	switch {
	case n < kib:
		return fmt.Sprintf("%d B", n)
	case n < kib*kib:
		return fmt.Sprintf("%.1f KiB", float64(n)/kib)
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/kib/kib)
}
