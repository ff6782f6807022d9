package console

import (
	"net/http"
	"strings"
)

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
