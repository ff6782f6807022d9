package console

import (
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

const (
	openPath      = "/open"
	signInPath    = "/sign-in"
	linkParameter = "once" // of openPath
)

// openByLink exchanges the secret of the link for a session, and leaves the address that contains it.
func openByLink(req *request) (*response, error) {
	if req.sessions.Find(req.r) != nil && !req.r.URL.Query().Has(linkParameter) {
		return redirect("/"), nil
	}
	if strings.Contains(req.r.Header.Get("Sec-Purpose"), "prefetch") || req.r.Method != http.MethodGet {
		return nil, &controlapi.Error{Status: http.StatusServiceUnavailable,
			Message: "this link works once, so it is not opened in advance"}
	}
	if !req.sessions.UseLink(req.r.URL.Query().Get(linkParameter)) {
		if req.sessions.Find(req.r) != nil {
			return redirect("/"), nil
		}
		return signInPage(req, "This link was used already, or is from another start of the mock.")
	}
	req.sessions.Start(req.w, req.r)
	if req.r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		// The browser does not send a strict cookie with a redirect that began on another site.
		return req.render("opened", "Open the console", nil), nil
	}
	return redirect("/"), nil
}

// signInPage returns the page to sign in, with a problem unless that is empty.
func signInPage(req *request, problem string) (*response, error) {
	resp := req.render("sign_in", "Sign in", map[string]any{
		"Problem": problem, "HasToken": req.sessions.HasToken, "Back": req.here(), "Lost": req.r.Method == http.MethodPost,
	})
	resp.status = http.StatusUnauthorized
	return resp, nil
}

// signIn starts a session for the control token.
func signIn(req *request) (*response, error) {
	if err := req.readForm(); err != nil {
		return nil, err
	}
	if !req.sessions.IsToken(strings.TrimSpace(req.r.PostFormValue("token"))) {
		return signInPage(req, "This is not the control token of this mock. Tokens of Connect are not accepted here.")
	}
	req.sessions.Start(req.w, req.r)
	return redirect(safeBack(req.r.PostFormValue("back"))), nil
}

// signOut ends the session.
func signOut(req *request) (*response, error) {
	req.sessions.End(req.w, req.r, req.session)
	return redirect("/"), nil
}
