package exchange

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/redact"
)

// Curl is the request of a redacted exchange as a command for a shell, with
// the host in $OP_CONNECT_HOST and the token in the variable it was named by.
// A body that is not whole, not text or not JSON is not repeated; a comment says
// so.
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
	case e.hidden != "":
		comments = append(comments, fmt.Sprintf("# the body of %d bytes is not shown: %s", e.RequestSize, e.hidden))
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

// target is what follows the base URL.
func (e *Exchange) target() string {
	_, rest, _ := strings.Cut(e.URL, "://")
	at := strings.IndexAny(rest, "/?")
	if at < 0 {
		return ""
	}
	return strings.TrimPrefix(rest[at:], e.base)
}

// curlHeaders leaves out what curl finds by itself, and takes away what it
// would add.
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
		return quote(name + ";") // an empty header, in curl's words
	case http.CanonicalHeaderKey(name) != "Authorization":
		return quote(name + ": " + value)
	case redact.IsNamedToken(value):
		return `"Authorization: ` + value + `"`
	case value == redact.Mask:
		return quote("Authorization: " + redact.Mask)
	default: // not redacted yet: it must not get out
		return `"Authorization: Bearer $OP_CONNECT_TOKEN"`
	}
}

// quote makes one word of a text for a POSIX shell.
func quote(text string) string {
	plain := func(r rune) bool {
		return r < 128 && (strings.ContainsRune("-_./:=,+@%", r) || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	}
	if text != "" && strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
