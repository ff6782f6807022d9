package console

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"golang.org/x/net/html"
)

const (
	linkSecret   = "link-secret-of-this-test"
	controlToken = "control-token-of-this-test"
)

// browser is a mock with its console on a socket, and a browser that has opened it by the link.
type browser struct {
	t    *testing.T
	mock *mockserver.Server
	url  string // of the listener
	http *http.Client
	log  *logBuffer
}

// startConsole starts a mock with a fixture in YAML, "" for the demo data, and opens its console. At the end of the test
// it checks that the log has no secret.
func startConsole(t *testing.T, fixture string) *browser {
	t.Helper()
	b := startClosed(t, fixture)
	b.get(Mount+openPath+"?"+linkParameter+"="+linkSecret).expect(200, "Overview")
	return b
}

// startClosed is startConsole without opening the console.
func startClosed(t *testing.T, fixture string) *browser {
	t.Helper()
	config := mockserver.Config{Seed: 7}
	if fixture != "" {
		var err error
		if config.Fixture, err = fixtures.Load("fixture.yaml", []byte(fixture)); err != nil {
			t.Fatal(err)
		}
	}
	return startWith(t, config)
}

// startWith starts a mock with a configuration, and its console, which is not opened.
func startWith(t *testing.T, config mockserver.Config) *browser {
	t.Helper()
	return startWithSuites(t, config, nil)
}

// startWithSuites is startWith for a console that can run the suites.
func startWithSuites(t *testing.T, config mockserver.Config, suites *Suites) *browser {
	t.Helper()
	mock, err := mockserver.New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	token, err := mock.FirstToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	log := &logBuffer{}
	handler, err := New(Options{
		Server: mock, Link: linkSecret, ControlToken: controlToken, Log: slog.New(slog.NewTextHandler(log, nil)),
		About: About{
			Build: "1.2.3", URL: "http://127.0.0.1:8080", Control: "http://127.0.0.1:8081",
			Store: mockserver.MemoryStore, Document: "our own", Token: token,
		},
		Suites: suites,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	jar, _ := cookiejar.New(nil) // never fails
	client := server.Client()
	client.Jar = jar
	t.Cleanup(func() {
		handler.Close()
		client.CloseIdleConnections()
		server.CloseClientConnections()
		server.Close()
		if err := mock.Close(); err != nil {
			t.Error(err)
		}
		for _, secret := range []string{linkSecret, controlToken, token} {
			if strings.Contains(log.String(), secret) {
				t.Error("a secret is in the log")
			}
		}
	})
	return &browser{t: t, mock: mock, url: server.URL, http: client, log: log}
}

// firstToken returns the token of the first account.
func (b *browser) firstToken() string {
	b.t.Helper()
	token, err := b.mock.FirstToken(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return token
}

// callMock sends a request to the Connect API of the mock, with the token of a client.
func (b *browser) callMock(token, method, path, body string) (int, string) {
	b.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	b.mock.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// send sends a request as it is, with the cookies of the browser. headers has a line "Name: value" for each.
func (b *browser) send(method, path, headers string, body io.Reader) *document {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	for line := range strings.Lines(headers) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Add(name, value)
	}
	response, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		b.t.Fatal(err)
	}
	return &document{b: b, status: response.StatusCode, header: response.Header, at: response.Request.URL, source: string(text), root: root}
}

// get opens a page: a path with Mount, as links have it, or without.
func (b *browser) get(path string) *document {
	b.t.Helper()
	if !strings.HasPrefix(path, Mount) {
		path = Mount + path
	}
	return b.send("GET", path, "", nil)
}

// document is a page that was received.
type document struct {
	b      *browser
	status int
	header http.Header
	at     *url.URL // after redirects
	source string
	root   *html.Node
}

// expect checks the status and that the text of the page, without its markup, contains texts. One that begins with "!"
// must not be in the source.
func (d *document) expect(status int, texts ...string) *document {
	d.b.t.Helper()
	received := d.text()
	shown := received[:min(len(received), 2000)]
	if d.status != status {
		d.b.t.Fatalf("%s: %d, want %d: %s", d.at, d.status, status, shown)
	}
	for _, text := range texts {
		if absent, ok := strings.CutPrefix(text, "!"); ok {
			if strings.Contains(d.source, absent) {
				d.b.t.Errorf("%s contains %q", d.at, absent)
			}
			continue
		}
		if !strings.Contains(received, text) {
			d.b.t.Errorf("%s does not contain %q: %s", d.at, text, shown)
		}
	}
	return d
}

// contains reports whether the text of the page contains a text.
func (d *document) contains(text string) bool { return strings.Contains(d.text(), text) }

// text returns the text of the page as people read it, with single spaces.
func (d *document) text() string {
	var b strings.Builder
	var add func(*html.Node)
	add = func(n *html.Node) {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
			b.WriteString(n.Data + " ")
		}
		for child := range n.ChildNodes() {
			add(child)
		}
	}
	add(d.root)
	return strings.Join(strings.Fields(b.String()), " ")
}

// all returns the elements with a name and, unless name is "", an attribute with that value.
func (d *document) all(element, name, value string) (found []*html.Node) {
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == element && (name == "" || attribute(n, name) == value) {
			found = append(found, n)
		}
	}
	return found
}

// attribute returns the value of an attribute, "" if there is none.
func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// submit sends the only form of the page with an action, which is a path without Mount: its fields as they are, with the
// given names and values instead. It follows the redirect.
func (d *document) submit(action string, values ...string) *document {
	d.b.t.Helper()
	return d.submitFile(action, "", "", "", values...)
}

// submitFile is submit with a file in a field.
func (d *document) submitFile(action, field, filename, content string, values ...string) *document {
	d.b.t.Helper()
	var forms []*html.Node
	for _, form := range d.all("form", "method", "post") {
		if u, err := url.Parse(attribute(form, "action")); err == nil && u.Path == Mount+action {
			forms = append(forms, form)
		}
	}
	if len(forms) == 0 {
		d.b.t.Fatalf("%s has no form for %s", d.at, action)
	}
	form := forms[0] // several have the same action where each row of a table has one; values select
	fields := fieldsOf(form)
	for _, other := range forms[1:] {
		for i := 0; i+1 < len(values); i += 2 {
			if all := fieldsOf(other); all.Get(values[i]) == values[i+1] && fields.Get(values[i]) != values[i+1] &&
				isHidden(other, values[i]) {
				form, fields = other, all
			}
		}
	}
	for i := 0; i+1 < len(values); i += 2 {
		fields.Set(values[i], values[i+1])
	}
	target := attribute(form, "action")
	if filename == "" {
		return d.b.send("POST", target, "Content-Type: application/x-www-form-urlencoded\nOrigin: "+d.b.url,
			strings.NewReader(fields.Encode()))
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, list := range fields {
		for _, value := range list {
			_ = w.WriteField(name, value) // to a buffer
		}
	}
	part, _ := w.CreateFormFile(field, filename)
	_, _ = io.WriteString(part, content)
	_ = w.Close()
	return d.b.send("POST", target, "Content-Type: "+w.FormDataContentType()+"\nOrigin: "+d.b.url, &body)
}

// isHidden reports whether a form has a hidden field with a name.
func isHidden(form *html.Node, name string) bool {
	for n := range form.Descendants() {
		if n.Data == "input" && attribute(n, "type") == "hidden" && attribute(n, "name") == name {
			return true
		}
	}
	return false
}

// fieldsOf returns the fields of a form as a browser sends them.
func fieldsOf(form *html.Node) url.Values {
	fields := url.Values{}
	for n := range form.Descendants() {
		name := attribute(n, "name")
		if n.Type != html.ElementNode || name == "" {
			continue
		}
		switch n.Data {
		case "input":
			kind := attribute(n, "type")
			if (kind == "checkbox" || kind == "radio") && !hasAttribute(n, "checked") || kind == "file" {
				continue
			}
			fields.Add(name, attribute(n, "value"))
		case "textarea":
			if n.FirstChild != nil {
				fields.Add(name, n.FirstChild.Data)
			} else {
				fields.Add(name, "")
			}
		case "select":
			fields.Add(name, selected(n))
		}
	}
	return fields
}

// selected returns the value of a select.
func selected(n *html.Node) string {
	value, isFirst := "", true
	for option := range n.Descendants() {
		if option.Type != html.ElementNode || option.Data != "option" {
			continue
		}
		if isFirst || hasAttribute(option, "selected") {
			value, isFirst = attribute(option, "value"), false
			if !hasAttribute(option, "value") && option.FirstChild != nil {
				value = option.FirstChild.Data
			}
		}
	}
	return value
}

func hasAttribute(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// logBuffer keeps a log for tests.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBuffer) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(data)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
