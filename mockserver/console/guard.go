package console

import (
	"errors"
	"net/http"

	"github.com/connectmock/connectmock/mockserver/internal/origin"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// contentPolicy allows what the console itself serves, and no script or style within a page.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// setHeaders sets the headers of every response. The referrer policy is not no-referrer: with that, browsers send
// "Origin: null" with the forms of the console.
func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// checkSite returns an error for a request of another site.
func (c *Console) checkSite(r *http.Request) error {
	if !c.hosts.IsKnown(r.Host) {
		return errors.New("the console is not served under this name: use localhost or a loopback address, " +
			"or start the mock with this host as one of its control hosts")
	}
	if origin.IsCrossPage(r) {
		return errors.New("the console refuses requests of other sites: a browser sent this one for a page of another origin")
	}
	return nil
}

// The largest bodies of a POST, in bytes. A page whose forms have files says so.
const (
	maxForm   = 1 << 20
	maxUpload = 64 << 20
)

// csrfField is the field of every form that has the CSRF token of the session.
const csrfField = "csrf"

// inSession returns a handler that calls another one for requests that are in a session. A POST needs its CSRF token.
func (c *Console) inSession(handle handlerFunc) handlerFunc {
	return func(req *request) (*response, error) {
		if req.session = c.sessions.Find(req.r); req.session == nil {
			return signInPage(req, "")
		}
		if req.r.Method == http.MethodGet || req.r.Method == http.MethodHead {
			return handle(req)
		}
		if err := req.readForm(); err != nil {
			return nil, err
		}
		if !req.session.IsCSRF(req.r.PostFormValue(csrfField)) {
			return nil, &controlapi.Error{Status: http.StatusForbidden,
				Message: "this form is not from a page of this session: go back, load the page again and repeat it"}
		}
		return handle(req)
	}
}

// readForm reads the form in the body. Files of a form are in memory, or in temporary files if they are large.
func (req *request) readForm() error {
	limit := int64(maxForm)
	if req.page != nil && req.page.uploads {
		limit = maxUpload
	}
	req.r.Body = http.MaxBytesReader(req.w, req.r.Body, limit)
	err := req.r.ParseForm() // ParseMultipartForm would hide its error
	if err == nil {
		err = req.r.ParseMultipartForm(maxUpload)
	}
	if large := new(http.MaxBytesError); errors.As(err, &large) {
		return &controlapi.Error{Status: http.StatusRequestEntityTooLarge, Message: "the form is too large"}
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return &controlapi.Error{Status: http.StatusBadRequest, Message: "the form could not be read to its end"}
	}
	return nil
}
