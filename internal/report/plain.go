package report

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/exchange"
)

// maxTextBytes is how much of a body or a text HTML and JUnit show.
const maxTextBytes = 16 << 10

// headline returns the failure or reason on one short line.
func (x Result) headline() string {
	for _, text := range []string{x.Failure, x.Reason} {
		if text != "" {
			return oneLine(text, 200)
		}
	}
	return x.State.label()
}

// details returns everything that is known about a bad result, as plain text.
func (x Result) details() string {
	var b strings.Builder
	part := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, text)
		}
	}
	part("rule", strings.TrimSpace(x.Level+" "+x.Title))
	part("evidence", x.Evidence)
	part("reason", x.Reason)
	part("expected", cut(x.Expected, maxTextBytes))
	part("found", cut(x.Failure, maxTextBytes))
	for _, c := range x.Curl {
		b.WriteString("\n" + cut(c, maxTextBytes) + "\n")
	}
	b.WriteString(exchangesText(x.Exchanges))
	return b.String()
}

// exchangesText returns the last exchanges, up to twice maxTextBytes.
func exchangesText(all []*exchange.Exchange) string {
	text := ""
	for i, e := range slices.Backward(all) {
		one := "\n" + cut(exchangeText(e), maxTextBytes)
		if len(text)+len(one) > 2*maxTextBytes {
			return fmt.Sprintf("\n[%s before; the JSON report has more]\n", plural(i+1, "exchange")) + text
		}
		text = one + text
	}
	return text
}

// exchangeText returns an exchange in a format like that of HTTP.
func exchangeText(e *exchange.Exchange) string {
	var b strings.Builder
	fmt.Fprintf(&b, "> %s %s\n", e.Method, e.URL)
	b.WriteString(messageText("> ", e.RequestHeader, e.RequestBody, e.RequestSize, e.RequestCut))
	if e.Err != nil {
		fmt.Fprintf(&b, "! %s\n", e.Err)
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, "< %s\n", strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
		b.WriteString(messageText("< ", e.ResponseHeader, e.ResponseBody, e.ResponseSize, e.ResponseCut))
	}
	for _, v := range e.Violations {
		fmt.Fprintf(&b, "! violates the document: %s\n", v)
	}
	return b.String()
}

func messageText(mark string, h http.Header, body []byte, size int64, isCut bool) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			fmt.Fprintf(&b, "%s%s: %s\n", mark, name, value)
		}
	}
	if len(body) > 0 {
		fmt.Fprintf(&b, "%s\n", strings.TrimSuffix(string(body), "\n"))
	}
	if isCut {
		fmt.Fprintf(&b, "[cut: %d bytes in all]\n", size)
	}
	return b.String()
}
