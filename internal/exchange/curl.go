package exchange

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/redact"
)

// Curl returns the request of a redacted exchange as a shell command that reads the host from $OP_CONNECT_HOST and the
// token from its variable. A comment replaces a body that is incomplete, not text or not shown.
func Curl(e *Exchange) string {
	var comments, args []string
	switch {
	case e.Method == http.MethodHead:
		args = append(args, "--head") // with -X HEAD curl waits for a body
	case e.Method != http.MethodGet || len(e.RequestBody) > 0:
		args = append(args, "-X "+quote(e.Method))
	}
	target := e.target()
	if strings.ContainsAny(target, "[]{}") {
		args = append(args, "--globoff")
	}
	if strings.Contains(target+"/", "/./") || strings.Contains(target+"/", "/../") {
		args = append(args, "--path-as-is")
	}
	args = append(args, strings.TrimSuffix(`"$OP_CONNECT_HOST"`+quote(target), "''"))
	args = append(args, curlHeaders(e)...)
	switch {
	case len(e.RequestBody) == 0:
	case e.hiddenWhy != "":
		comments = append(comments, fmt.Sprintf("# the body of %d bytes is not shown: %s", e.RequestSize, e.hiddenWhy))
	case e.RequestCut:
		comments = append(comments, fmt.Sprintf("# the body of %d bytes is too large to be shown", e.RequestSize))
	case strings.ContainsRune(string(e.RequestBody), 0):
		comments = append(comments, fmt.Sprintf("# the body of %d bytes is not text", e.RequestSize))
	default:
		args = append(args, "--data-raw "+quote(string(e.RequestBody)))
	}
	command := "curl -sS -i " + strings.Join(args, " \\\n  ")
	return strings.Join(append(comments, command), "\n")
}

// target returns the part of the URL after the base URL.
func (e *Exchange) target() string {
	_, rest, _ := strings.Cut(e.URL, "://")
	at := strings.IndexAny(rest, "/?")
	if at < 0 {
		return ""
	}
	return strings.TrimPrefix(rest[at:], e.basePath)
}

// curlHeaders returns the arguments for headers, without those that curl adds itself.
func curlHeaders(e *Exchange) []string {
	var args []string
	for _, name := range slices.Sorted(maps.Keys(e.RequestHeader)) {
		if slices.Contains([]string{"Content-Length", "Accept-Encoding", "User-Agent", "Connection"}, name) {
			continue
		}
		for _, value := range e.RequestHeader[name] {
			args = append(args, "-H "+curlHeader(name, value))
		}
	}
	if len(e.RequestBody) > 0 && e.RequestHeader.Get("Content-Type") == "" {
		args = append(args, "-H 'Content-Type:'")
	}
	return args
}

func curlHeader(name, value string) string {
	switch {
	case http.CanonicalHeaderKey(name) != "Authorization" && value == "":
		return quote(name + ";") // curl's syntax for an empty header
	case http.CanonicalHeaderKey(name) != "Authorization":
		return quote(name + ": " + value)
	case redact.IsNamedToken(value):
		return `"Authorization: ` + value + `"`
	case value == redact.Mask:
		return quote("Authorization: " + redact.Mask)
	default: // not redacted yet: it must not be shown
		return `"Authorization: Bearer $OP_CONNECT_TOKEN"`
	}
}

// quote returns a text as one word of a POSIX shell.
func quote(text string) string {
	needsQuotes := func(r rune) bool {
		isLetter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		isDigit := r >= '0' && r <= '9'
		return !isLetter && !isDigit && !strings.ContainsRune("-_./:=,+@%", r)
	}
	if text != "" && strings.IndexFunc(text, needsQuotes) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
