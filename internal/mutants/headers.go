package mutants

import (
	"net/http"
	"strings"
)

const versionHeader = "1Password-Connect-Version"

// headerMutants returns servers with mistakes in headers and methods.
func headerMutants() []Mutant {
	drop := func(when func(x *exchange, res *response) bool) func() behaviour {
		return changeResponse(func(x *exchange, res *response) {
			if when(x, res) {
				res.header.Del(versionHeader)
			}
		})
	}
	set := func(change func(version string) string) func() behaviour {
		return changeResponse(
			func(_ *exchange, res *response) { res.header.Set(versionHeader, change(res.header.Get(versionHeader))) })
	}
	kind := func(contentType string) func() behaviour {
		return changeResponse(func(_ *exchange, res *response) {
			if strings.HasPrefix(res.header.Get("Content-Type"), "application/json") {
				res.header.Set("Content-Type", contentType)
			}
		})
	}
	return []Mutant{
		{"version-header-missing", "no response has the version of the server", Header, allOperations(),
			drop(func(*exchange, *response) bool { return true })},
		{"version-header-missing-on-errors", "errors do not have the version of the server", Header, allOperations(),
			drop(func(_ *exchange, res *response) bool { return res.status >= 400 })},
		{"version-header-missing-on-delete", "the response to a DELETE does not have the version of the server", Header,
			operations(deleteItem), drop(func(*exchange, *response) bool { return true })},
		{"version-header-missing-on-health", "the heartbeat does not have the version of the server", Header,
			operations(getBeat), drop(func(*exchange, *response) bool { return true })},
		{"version-header-missing-on-unknown-routes", "the error for an unknown path does not have the version of the server",
			Header, operations(noRoute), drop(func(*exchange, *response) bool { return true })},
		{"version-header-has-two-numbers", "the version of the server has two numbers", Header, allOperations(),
			set(func(v string) string { return v[:max(0, strings.LastIndexByte(v, '.'))] })},
		{"version-header-with-v", "the version of the server begins with v", Header, allOperations(),
			set(func(v string) string { return "v" + v })},
		{"version-header-changes", "the list of vaults has another version of the server", Header, operations(listVaults),
			set(func(string) string { return "1.2.0" })},
		{"json-as-text", "JSON is sent as text/plain", Header, allOperations(), kind("text/plain; charset=utf-8")},
		{"json-as-vendor-type", "JSON is sent as a vendor media type", Header, allOperations(),
			kind("application/vnd.1password+json")},
		{"json-without-type", "JSON is sent without a media type", Header, allOperations(),
			changeResponse(func(_ *exchange, res *response) {
				if strings.HasPrefix(res.header.Get("Content-Type"), "application/json") {
					res.header["Content-Type"] = nil
				}
			})},
		{"method-ignored", "an unknown method is handled as GET", Header, operations(noRoute),
			stateless(func(x *exchange) *response {
				res := x.forward()
				if res.status == http.StatusNotFound || res.status == http.StatusMethodNotAllowed {
					if got := x.send(http.MethodGet, x.r.URL.Path, nil); got.isSuccess() {
						return got
					}
				}
				return res
			})},
		{"methods-unknown-are-500", "an unknown method returns 500", Header, operations(noRoute),
			stateless(func(x *exchange) *response {
				res := x.forward()
				if res.status >= 400 && x.r.Method != http.MethodGet {
					return res.setError(500, "method not implemented")
				}
				return res
			})},
	}
}
