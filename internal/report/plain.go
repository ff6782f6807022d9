package report

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/exchange"
)

// longest is how much of a body or a text the page and JUnit show.
const longest = 16 << 10

// headline is what went wrong, on one short line.
func (x Result) headline() string {
	for _, text := range []string{x.Failure, x.Reason} {
		if text != "" {
			return oneLine(text, 200)
		}
	}
	return x.State.mark()
}

// details is all that is known of a result that is not well, as plain text.
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
	part("expected", cut(x.Expected, longest))
	part("found", cut(x.Failure, longest))
	for _, c := range x.Curl {
		b.WriteString("\n" + cut(c, longest) + "\n")
	}
	b.WriteString(exchangesText(x.Exchanges))
	return b.String()
}

// exchangesText is the newest exchanges, as many as there is room for.
func exchangesText(all []*exchange.Exchange) string {
	text := ""
	for i, e := range slices.Backward(all) {
		one := "\n" + cut(exchangeText(e), longest)
		if len(text)+len(one) > 2*longest {
			return fmt.Sprintf("\n[%s before; the JSON report has more]\n", plural(i+1, "exchange")) + text
		}
		text = one + text
	}
	return text
}

// exchangeText is an exchange much as it travelled.
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
		fmt.Fprintf(&b, "! against the document: %s\n", v)
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
