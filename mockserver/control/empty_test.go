package control

import (
	"net/http"
	"strings"
	"testing"
)

// A parameter that is left out means all, or a default. One that is given and empty is most often an unset variable
// of a script.
func TestParameters_RefuseEmptyValues(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	checked := 0
	for _, op := range e.recorder.doc.Operations {
		path := strings.NewReplacer("{id}", "1", "{name}", "x", "{token}", "x", "{account}", "x", "{vault}", "x",
			"{item}", "x", "{file}", "x").Replace(op.Path)
		for _, name := range op.Query() {
			checked++
			query := name + "="
			if op.ID == "AddFile" && name != "name" {
				query += "&name=x" // which is required
			}
			response, body := e.send(t, op.Method, path+"?"+query, authorized, "")
			if response.StatusCode != http.StatusBadRequest || !strings.Contains(body, name) {
				t.Errorf("%s %s?%s=: %d %s", op.Method, path, name, response.StatusCode, body)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d parameters were tried", checked)
	}
	for path, body := range map[string]string{
		"/reset":                 `{"account":""}`,
		"/accounts":              `{"from":""}`,
		"/snapshots":             `{"name":"x","account":""}`,
		"/tokens":                `{"name":"x","account":""}`,
		"/faults":                `{"abort":503,"account":""}`,
		"/faults#vault":          `{"abort":503,"vault":""}`,
		"/faults#token":          `{"abort":503,"token":""}`,
		"/faults#op":             `{"abort":503,"operation":""}`,
		"/faults#preset":         `{"preset":""}`,
		"/journal/verify":        `{"account":"","only":true}`,
		"/journal/verify#status": `{"expect":[{"status":""}]}`,
	} {
		path, _, _ = strings.Cut(path, "#")
		response, text := e.send(t, "POST", path, asJSON, body)
		if response.StatusCode != http.StatusBadRequest || !strings.Contains(text, "at least 1 character") {
			t.Errorf("POST %s %s: %d %s", path, body, response.StatusCode, text)
		}
	}
	response, body := e.send(t, "POST", "/faults", asJSON, `{"abort":{"status":503,"body":""}}`)
	if response.StatusCode != http.StatusCreated {
		t.Errorf("a fault with an empty body: %d %s", response.StatusCode, body)
	}
}

// DELETE /faults/$NAME with NAME unset must not delete every fault.
func TestPaths_RefuseEmptyNames(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	checked := 0
	for _, op := range e.recorder.doc.Operations {
		path := strings.NewReplacer("/{vault}/", "/x/", "/{item}/", "/x/").Replace(op.Path)
		path, name, found := strings.Cut(path, "{")
		if !found || !strings.HasSuffix(name, "}") {
			continue
		}
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			checked++
			response, body := e.send(t, method, path, authorized, "")
			want := "path: " + strings.TrimSuffix(name, "}") + " must not be empty"
			if response.StatusCode != http.StatusBadRequest || !strings.Contains(body, want) {
				t.Errorf("%s %s: %d %s", method, path, response.StatusCode, body)
			}
		}
	}
	if checked < 16 {
		t.Errorf("only %d requests were sent", checked)
	}
}
