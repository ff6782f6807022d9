package console

import (
	"html/template"
	"net/http"
	"strings"
)

// front is the page for people who open the address of Connect in a browser. It has no secrets.
var front = template.Must(template.New("front").Parse(`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>connectmock</title>
<h1>connectmock</h1>
<p>This is a stand-in for a 1Password Connect server, for tests. Its clients use this address as OP_CONNECT_HOST, with a
token. It is not made by 1Password.</p>
{{if .}}<p>The console is at <a href="{{.}}">{{.}}</a>. The link that opens it was printed when the server started.</p>
{{else}}<p>The console is off: start with <code>--console on</code> to have one.</p>
{{end}}</html>
`))

// Front returns a handler that serves a page to browsers that request "/", and passes all else to the handler of
// Connect. address is that of the console, without the secret; empty: it is off.
func Front(connect http.Handler, address string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" || !isBrowser(r) {
			connect.ServeHTTP(w, r)
			return
		}
		setHeaders(w.Header())
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Add("Vary", "Accept")
		_ = front.Execute(w, address) // fails if the browser has gone
	})
}

// Beside returns a handler that serves the console below Mount and passes all other requests to the control API. A
// browser that opens "/" is sent to the console; a client of the control API has its token in a header.
func Beside(console, control http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == Mount || strings.HasPrefix(r.URL.Path, Mount+"/"):
			console.ServeHTTP(w, r)
		case r.URL.Path == "/" && isBrowser(r) && r.Header.Get("Authorization") == "":
			http.Redirect(w, r, Mount+"/", http.StatusSeeOther)
		default:
			control.ServeHTTP(w, r)
		}
	})
}

// isBrowser reports whether a request asks for a page.
func isBrowser(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}
