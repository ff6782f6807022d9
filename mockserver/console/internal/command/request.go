package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Target returns path and query of a request.
func Target(e controlapi.Entry) string {
	path := (&url.URL{Path: e.Path}).EscapedPath()
	if e.Query != "" {
		path += "?" + e.Query
	}
	return path
}

// Curl returns the request as a curl command. The journal does not have its token, and its body only if kept is
// not nil and has it.
func Curl(e controlapi.Entry, kept *controlapi.Exchange) string {
	repeated := exchange.Exchange{
		Method: e.Method, URL: "http://mock" + Target(e),
		RequestHeader: http.Header{"Authorization": {"Bearer"}}, // it becomes that of the environment
	}
	body := keptBody(kept)
	if body != "" {
		repeated.RequestBody, repeated.RequestSize = []byte(body), int64(len(body))
		repeated.RequestHeader.Set("Content-Type", "application/json")
	}
	command := exchange.Curl(&repeated)
	if body == "" && hasBody(e) {
		command += " \\\n  -H 'Content-Type: application/json' \\\n  --data @body.json # the journal keeps no bodies"
	}
	return command
}

// keptBody returns the whole body of a request, "" if it was not kept.
func keptBody(kept *controlapi.Exchange) string {
	if kept == nil || kept.Request.Cut {
		return ""
	}
	return kept.Request.Body
}

// hasBody reports whether a request of that method had a body.
func hasBody(e controlapi.Entry) bool {
	return e.Method == http.MethodPost || e.Method == http.MethodPut || e.Method == http.MethodPatch
}

// ScenarioStep returns the request and its status as a step of a scenario, "" if it matched no operation.
func ScenarioStep(e controlapi.Entry, kept *controlapi.Exchange) string {
	if e.Operation == "" || e.Status == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "- id: request-%d\n  call: %s\n", e.ID, e.Operation)
	if parameters := stepParameters(e); len(parameters) > 0 {
		fmt.Fprintf(&b, "  with: {%s}\n", strings.Join(parameters, ", "))
	}
	switch body := keptBody(kept); {
	case body != "" && json.Valid([]byte(body)):
		b.WriteString("  json: " + OneLine(body) + "\n") // JSON is YAML
	case hasBody(e):
		b.WriteString("  json: {} # the journal keeps no bodies\n")
	}
	fmt.Fprintf(&b, "  expect: {status: %d}\n", e.Status)
	return b.String()
}

// OneLine returns JSON on one line, and all else as it is.
func OneLine(text string) string {
	var line bytes.Buffer
	if json.Compact(&line, []byte(text)) != nil {
		return text
	}
	return line.String()
}

// stepParameters returns the parameters in path and query, as members of a YAML mapping.
func stepParameters(e controlapi.Entry) (list []string) {
	names := map[string]string{"vaults": "vaultUuid", "items": "itemUuid", "files": "fileUuid"}
	segments := strings.Split(strings.Trim(e.Path, "/"), "/")
	for i, segment := range segments {
		if name := names[segment]; name != "" && i+1 < len(segments) {
			list = append(list, name+": "+strconv.Quote(segments[i+1]))
		}
	}
	query, _ := url.ParseQuery(e.Query) // what can't be parsed is left out
	for _, name := range slices.Sorted(maps.Keys(query)) {
		list = append(list, name+": "+strconv.Quote(query.Get(name)))
	}
	return list
}

// FailNext returns the command that lets the next such request fail once, "" if no operation matched.
func FailNext(e controlapi.Entry) string {
	if e.Operation == "" {
		return ""
	}
	return Ctl("fault", "add", "--operation", e.Operation, "--token", e.Caller, "--times", "1", "--abort", "503")
}
