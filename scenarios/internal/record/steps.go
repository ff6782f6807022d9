package record

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// scenario returns the YAML of the recorded scenario.
func (r *recording) scenario() ([]byte, error) {
	for _, e := range r.entries {
		r.addEntry(e)
	}
	if !slices.ContainsFunc(r.steps, func(line string) bool { return strings.HasPrefix(line, "  - id:") }) {
		return nil, errors.New("none of the requests in the journal can be recorded")
	}
	var b strings.Builder
	b.WriteString("# yaml-language-server: $schema=./scenario.schema.json\n#\n" +
		"# Recorded from the journal of a mock, which has no tokens, bodies or values of fields.\n" +
		"# Comments name the placeholders: replace them by what the client sends.\n")
	for _, note := range r.notes {
		b.WriteString("# " + note + "\n")
	}
	fmt.Fprintf(&b, "scenario: 1\nid: %s\ntitle: The recorded requests have the recorded responses\ntags: [recorded]\n"+
		"requires: [control]\n", r.id)
	for _, part := range []struct {
		key   string
		lines []string
	}{{"given", r.given}, {"steps", r.steps}, {"finally", r.finally}} {
		if len(part.lines) > 0 {
			b.WriteString(part.key + ":\n" + strings.Join(part.lines, "\n") + "\n")
		}
	}
	return []byte(b.String()), nil
}

// addEntry adds the steps that repeat a request.
func (r *recording) addEntry(e recordedEntry) {
	what := fmt.Sprintf("%d: %s %s", e.ID, e.Method, printablePath(e.Path))
	body, comment, ok := r.placeholderBody(e)
	if !regexp.MustCompile(`^[A-Z]+$`).MatchString(e.Method) || !strings.HasPrefix(e.Path, "/") {
		ok, comment = false, "a scenario can't send it"
	}
	if !ok || e.Status == 0 && len(e.Faults) == 0 {
		reason := cmp.Or(comment, "the client did not wait for the response")
		r.steps = append(r.steps,
			fmt.Sprintf("  # Left out: request %s, status %d, because %s.", what, e.Status, reason))
		return
	}
	broken := false
	for _, name := range e.Faults {
		members, cutsResponse := r.faultFor(e, name)
		broken = broken || cutsResponse
		if r.faults[name] == nil {
			r.steps = append(r.steps,
				"  # Placeholder: the mock does not have the fault "+printablePath(name)+" any more.")
		}
		r.steps = append(r.steps, "  - mock: {faults: ["+flow(members)+"]}")
	}
	actor, note := r.actor(e)
	hidden := ""
	switch {
	case strings.Contains(e.Path, hiddenValue):
		hidden = "Placeholder: a part of the path is not in the journal, because it is or may be a token."
	case strings.Contains(e.Query, hiddenValue):
		hidden = "Placeholder: values of the query are not in the journal."
	}
	for _, text := range []string{note, comment, hidden} {
		if text != "" {
			r.steps = append(r.steps, "  # "+text)
		}
	}
	lines := []string{"  - id: " + stepID(e)}
	if actor != language.MainActor {
		lines = append(lines, "    as: "+actor)
	}
	lines = append(lines, r.requestLines(e, body)...)
	lines = append(lines, r.expectLines(e, broken)...)
	if e.Operation == language.CreateOperation && e.Status == http.StatusOK && !broken {
		lines = append(lines, r.captureCreated(e))
	}
	r.steps = append(r.steps, lines...)
}

// hiddenValue is what the journal has in place of tokens, and of values of unknown query parameters.
const hiddenValue = "[hidden]"

// faultFor returns a fault that applies once, to the request of an entry. Where the mock does not have the fault any
// more, it is one that has the same response and leaves as much done. cutsResponse is whether the client does not
// get the whole response.
func (r *recording) faultFor(e recordedEntry, name string) (fault map[string]any, cutsResponse bool) {
	fault = map[string]any{"times": 1}
	if e.Operation != "" {
		fault["operation"] = e.Operation
	}
	effects := r.faults[name]
	switch {
	case effects != nil:
		maps.Copy(fault, effects)
	case e.Status == 0:
		fault["connection"] = "empty"
		if !e.Done {
			fault["phase"] = "before"
		}
	default:
		fault["abort"] = e.Status
		if e.Done {
			fault["phase"] = "after"
		}
	}
	_, truncates := fault["truncate"]
	_, closes := fault["connection"]
	return fault, truncates || closes || e.Status == 0
}

// placeholderBody returns a body in place of the recorded one, which is not known. ok is false if the request can't be
// repeated without it.
func (r *recording) placeholderBody(e recordedEntry) (body, comment string, ok bool) {
	const unknown = "Placeholder: the body is not in the journal."
	writes := slices.Contains([]string{language.CreateOperation, "UpdateVaultItem", "PatchVaultItem"}, e.Operation)
	switch {
	case !writes && slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch}, e.Method):
		return "body: " + quoteYAML("{}"), unknown, true
	case !writes:
		return "", "", true
	case e.Status == http.StatusBadRequest && len(e.Faults) == 0:
		return "body: " + quoteYAML("{"), unknown + " This one is not JSON either.", true
	case e.Status > http.StatusBadRequest && !slices.Contains([]int{401, 403, 404}, e.Status) && len(e.Faults) == 0:
		return "", "its body is not in the journal", false
	}
	vault := r.vaultText(e.parameters["vaultUuid"])
	item := map[string]any{"title": "{{ run.prefix }} recorded", "category": "LOGIN",
		"vault": map[string]any{"id": vault}}
	switch e.Operation {
	case "PatchVaultItem":
		return "json: " + flow([]any{map[string]any{"op": "replace", "path": "/favorite", "value": true}}),
			unknown, true
	case "UpdateVaultItem":
		item["id"] = r.itemText(vault, e.parameters["itemUuid"])
	}
	return "json: " + flow(item), unknown, true
}

// requestLines returns the lines of a step that send a request.
func (r *recording) requestLines(e recordedEntry, body string) []string {
	query, err := url.ParseQuery(e.Query)
	op := r.document.Operation(e.Operation)
	isCall := op != nil && err == nil && e.Method == op.Method && e.parameters != nil
	parameters := map[string]any{}
	vault := ""
	if id, ok := e.parameters["vaultUuid"]; ok {
		vault = r.vaultText(id)
		parameters["vaultUuid"] = vault
	}
	for name, value := range e.parameters {
		switch name {
		case "vaultUuid":
		case "itemUuid":
			parameters[name] = r.itemText(vault, value)
		default:
			parameters[name] = escapeTemplate(value)
		}
	}
	for name, values := range query {
		isCall = isCall && len(values) == 1 && hasQueryParameter(op, name)
		parameters[name] = escapeTemplate(strings.ReplaceAll(values[0], hiddenValue, "hidden"))
	}
	if !isCall {
		path := (&url.URL{
			Path:     strings.ReplaceAll(e.Path, hiddenValue, "hidden"),
			RawQuery: strings.ReplaceAll(e.Query, hiddenValue, "hidden"),
		}).String()
		lines := []string{"    request:", "      method: " + e.Method,
			"      path: " + quoteYAML(r.withVariables(path))}
		if body != "" {
			lines = append(lines, "      "+body)
		}
		return lines
	}
	lines := []string{"    call: " + e.Operation}
	if len(parameters) > 0 {
		lines = append(lines, "    with: "+flow(parameters))
	}
	if body != "" {
		lines = append(lines, "    "+body)
	}
	return lines
}

func hasQueryParameter(op *openapi.Operation, name string) bool {
	for _, p := range op.Spec().Parameters {
		if p.Value != nil && p.Value.In == "query" && p.Value.Name == name {
			return true
		}
	}
	return false
}

// expectLines returns the lines of a step that expect the recorded response.
func (r *recording) expectLines(e recordedEntry, broken bool) []string {
	expect := map[string]any{}
	switch {
	case broken:
		expect["error"] = language.FailureAny
	case e.Status >= 400 && e.Message != "" && e.Operation != "" && e.Status != http.StatusUnauthorized &&
		(e.Status != http.StatusBadRequest || e.Method == http.MethodGet) && len(e.Faults) == 0 &&
		!strings.Contains(e.Query, hiddenValue): // a placeholder in the query may be refused with another message
		expect["json"] = map[string]any{"message": r.withVariables(e.Message)}
	}
	if !broken {
		expect["status"] = e.Status
	}
	var lines []string
	if len(e.Faults) > 0 {
		expect["schema"], expect["because"] = "off", "a fault changes the response"
		lines = append(lines, "    needs: "+language.CanFaults)
		if broken && e.Status == 0 {
			lines = append(lines, "    timeout: 1s")
		}
	} else if e.Status >= 400 || e.Operation == "" {
		expect["schema"] = "response"
	}
	return append(lines, "    expect: "+flow(expect))
}

// captureCreated returns the line that captures the id of a created item, and deletes the item in the end.
func (r *recording) captureCreated(e recordedEntry) string {
	vault := r.vaultText(e.parameters["vaultUuid"])
	name := fmt.Sprintf("item%d", len(r.finally)+1)
	r.pending[vault] = append(r.pending[vault], name)
	r.finally = append(r.finally, "  - {call: DeleteVaultItem, with: "+
		flow(map[string]any{"vaultUuid": vault, "itemUuid": "{{ " + name + " }}"})+", expect: {status: [204, 404]}}")
	return "    capture: {" + name + ": /id}"
}

// withVariables escapes a text and replaces the ids in it that differ in each run by their expressions.
func (r *recording) withVariables(text string) string {
	text = escapeTemplate(text)
	for _, id := range slices.Sorted(maps.Keys(r.variables)) {
		text = strings.ReplaceAll(text, id, r.variables[id])
	}
	return text
}
