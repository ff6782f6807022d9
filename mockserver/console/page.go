package console

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// page is one page of the console with what belongs to it. Its templates are in templates/.
type page struct {
	path     string // of the page itself, below Mount; the navigation links to it
	title    string
	accounts bool // it shows one account, which people can choose
	uploads  bool // its forms have files
	// handlers serve its paths, by pattern of http.ServeMux without Mount: "GET /faults", "POST /faults/remove". Only a
	// POST may change something.
	handlers map[string]handlerFunc
}

// pages returns all pages in the order of the navigation, those of the suites only with suites. Each is in a file of its
// own.
func pages(suites *Suites) []page {
	all := []page{
		overviewPage(), vaultsPage(), requestsPage(), activityPage(), faultsPage(), accountsPage(), snapshotsPage(), clockPage(),
	}
	if suites != nil {
		all = append(all, scenariosPage(), contractPage())
	}
	return append(all, helpPage())
}

// handlerFunc handles a request. The form of a POST was read and its CSRF token checked. An error that is a
// *controlapi.Error is shown to the user with its status; others are logged.
type handlerFunc func(*request) (*response, error)

// request is one request to the console.
type request struct {
	*Console
	page    *page // nil: of none
	w       http.ResponseWriter
	r       *http.Request
	session *session.Session // nil: the request is outside of one
	started bool             // the status was sent
}

// form returns a value of the POST, without space around it.
func (req *request) form(name string) string { return strings.TrimSpace(req.r.PostFormValue(name)) }

// query returns a parameter of the address, without space around it.
func (req *request) query(name string) string { return strings.TrimSpace(req.r.URL.Query().Get(name)) }

// account returns the id or name of the account that the page is for, "" for the first: a POST has it in its address
// or as a field.
func (req *request) account() string {
	if name := req.form("account"); name != "" {
		return name
	}
	return req.query("account")
}

// here returns the address of the page without Mount, as it was requested.
func (req *request) here() string {
	if req.r.Method != http.MethodGet {
		return safeBack(req.r.PostFormValue("back"))
	}
	path := strings.TrimPrefix(req.r.URL.EscapedPath(), Mount)
	query := req.r.URL.Query()
	query.Del(noticeParameter)
	query.Del(linkParameter)
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return safeBack(path)
}

// safeBack returns a path of the console without Mount, "/" for what is none: a form can be sent with any address.
func safeBack(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(path, "/") ||
		strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\n\r\t") || strings.HasPrefix(u.Path, openPath) {
		return "/"
	}
	return path
}

// mounted returns a pattern of http.ServeMux below Mount.
func mounted(pattern string) string {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		return Mount + pattern
	}
	if path == "/" {
		path = "/{$}"
	}
	return method + " " + Mount + path
}

// notFound is the handler of paths that no page has.
func notFound(*request) (*response, error) {
	return nil, &controlapi.Error{Status: http.StatusNotFound, Message: "the console has no such page"}
}
