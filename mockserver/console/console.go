// Package console serves the console of a mock: web pages that show what clients requested and what is stored, and
// that change the mock.
//
// It does to the server what the control API can do, by the same methods of mockserver.Server, and knows neither
// handlers of Connect nor the store. Pages are rendered here and need no script; with one, some of them show what
// happens without being loaded again. It belongs on the listener of the control.
package console

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/mockserver/internal/origin"
)

// Mount is where the console is on its listener.
const Mount = "/console"

// Options are what a console shows, and who may open it.
type Options struct {
	Server *mockserver.Server // required
	// Link is a secret that opens the console once, see Link. Empty: none does.
	Link string
	// ControlToken signs in, as often as needed. Empty: it does not.
	ControlToken string
	Hosts        []string     // names and addresses by which the console is reached, besides those of loopback
	Log          *slog.Logger // failures of the console itself; nil discards them
	About        About
	Suites       *Suites // run the contract and scenarios; nil: they have no pages
}

// About describes the process that the console belongs to.
type About struct {
	Build    string // version of connectmock
	URL      string // of Connect, for clients on this machine
	Control  string // URL of the control, which is also that of the console
	Store    string // file of the database, or mockserver.MemoryStore
	Document string // which OpenAPI document is served, in words
	Token    string // for clients, with all permissions; shown only when it is asked for
}

// Console is the http.Handler of a console. Requests whose path begins with Mount are for it.
type Console struct {
	server      *mockserver.Server
	about       About
	pages       []page
	templates   templates
	mux         *http.ServeMux
	hosts       origin.Hosts
	sessions    *session.Sessions
	log         *slog.Logger
	bodyTimeout time.Duration
	suites      *Suites
	contractJob *job
	scenarioJob *job
}

// NewLink returns a random secret for Options.Link.
func NewLink() string { return session.NewSecret() }

// Address returns the address of the console of a listener, with the secret that opens it once, if that is not empty.
func Address(listener, link string) string {
	if link == "" {
		return listener + Mount + "/"
	}
	return listener + Mount + openPath + "?" + linkParameter + "=" + link
}

// New returns a console.
func New(o Options) (*Console, error) {
	c := &Console{
		server: o.Server, about: o.About, pages: pages(o.Suites), hosts: origin.NewHosts(o.Hosts), log: o.Log,
		sessions: session.New(o.Link, o.ControlToken, Mount+"/"), bodyTimeout: o.Server.BodyTimeout(),
		suites: o.Suites, contractJob: &job{}, scenarioJob: &job{},
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if c.templates, err = parseTemplates(); err != nil {
		return nil, fmt.Errorf("templates of the console: %w", err)
	}
	c.mux = c.routes()
	return c, nil
}

// Close stops what runs and waits until it has cleaned up; nothing is run after it. Requests are still served.
func (c *Console) Close() {
	c.contractJob.close()
	c.scenarioJob.close()
}

// routes returns the routes of all pages, and of what is served without a session.
func (c *Console) routes() *http.ServeMux {
	mux := http.NewServeMux()
	open := func(pattern string, handle handlerFunc) { mux.Handle(mounted(pattern), c.handler(nil, handle)) }
	open("GET "+openPath, openByLink)
	open("POST "+signInPath, signIn)
	open("GET /static/{name}", getStatic)
	open("/", c.inSession(notFound))
	mux.Handle("GET "+Mount, http.RedirectHandler(Mount+"/", http.StatusSeeOther))
	inside := func(p *page, pattern string, handle handlerFunc) {
		mux.Handle(mounted(pattern), c.handler(p, c.inSession(handle)))
	}
	inside(nil, "POST /theme", setTheme)
	inside(nil, "POST /sign-out", signOut)
	for i := range c.pages {
		for pattern, handle := range c.pages[i].handlers {
			inside(&c.pages[i], pattern, handle)
		}
	}
	return mux
}

// ServeHTTP serves one request. The checks and the statuses they end in:
//
//	site      403 for other hosts and for pages of other sites
//	route     404
//	session   401 with the page to sign in
//	csrf      403, of a POST
//	handler   whatever the page says
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	if err := c.checkSite(r); err != nil {
		http.Error(w, err.Error(), http.StatusForbidden) // not a page: it may be for another site
		return
	}
	if r.ContentLength != 0 && c.bodyTimeout > 0 { // for a body that no handler reads
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(c.bodyTimeout))
	}
	r.Body = stall.NewReader(w, r, stall.Limits{Pause: c.bodyTimeout})
	c.mux.ServeHTTP(w, r)
}

// handler returns the http.Handler of a page's handler.
func (c *Console) handler(p *page, handle handlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := &request{Console: c, page: p, w: w, r: r}
		resp, err := req.call(handle)
		if err != nil {
			resp = req.errorPage(err)
		}
		if err := resp.send(req); err != nil {
			req.logFailure(err)
			if req.started {
				panic(http.ErrAbortHandler) // what ends here must not look complete
			}
			http.Error(w, "the page can't be shown; the log of the mock says why", http.StatusInternalServerError)
		}
	})
}

// call calls a handler. A panic is an error.
func (req *request) call(handle handlerFunc) (resp *response, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return handle(req)
}

// logFailure logs an error that the browser does not see. It is no failure of the mock if the browser has gone.
func (req *request) logFailure(err error) {
	if req.r.Context().Err() != nil || errors.Is(err, stall.ErrStalled) {
		return
	}
	req.log.Error("console failed", "page", req.r.Pattern, "error", req.server.HideTokens(err.Error()))
}
