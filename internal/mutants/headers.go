package mutants

import (
	"net/http"
	"strings"
)

const versionHeader = "1Password-Connect-Version"

func headerMutants() []Mutant {
	drop := func(when func(x *exchange, a *response) bool) func() behaviour {
		return changeResponse(func(x *exchange, a *response) {
			if when(x, a) {
				a.header.Del(versionHeader)
			}
		})
	}
	set := func(change func(version string) string) func() behaviour {
		return changeResponse(func(_ *exchange, a *response) { a.header.Set(versionHeader, change(a.header.Get(versionHeader))) })
	}
	kind := func(contentType string) func() behaviour {
		return changeResponse(func(_ *exchange, a *response) {
			if strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
				a.header.Set("Content-Type", contentType)
			}
		})
	}
	return []Mutant{
		{"version-header-missing", "no answer names the version of the server", Header, allOperations(), drop(func(*exchange, *response) bool { return true })},
		{"version-header-missing-on-errors", "refusals do not name the version of the server", Header, allOperations(), drop(func(_ *exchange, a *response) bool { return a.status >= 400 })},
		{"version-header-missing-on-delete", "the answer of a delete does not name the version of the server", Header, at(deleteItem), drop(func(*exchange, *response) bool { return true })},
		{"version-header-missing-on-health", "the heartbeat does not name the version of the server", Header, at(getBeat), drop(func(*exchange, *response) bool { return true })},
		{"version-header-missing-on-unknown-routes", "the refusal of an unknown path does not name the version of the server", Header, at(noRoute), drop(func(*exchange, *response) bool { return true })},
		{"version-header-has-two-numbers", "the version of the server is two numbers", Header, allOperations(), set(func(v string) string { return v[:max(0, strings.LastIndexByte(v, '.'))] })},
		{"version-header-with-v", "the version of the server begins with v", Header, allOperations(), set(func(v string) string { return "v" + v })},
		{"version-header-changes", "the vaults name another version of the server", Header, at(listVaults), set(func(string) string { return "1.2.0" })},
		{"json-as-text", "JSON is sent as text/plain", Header, allOperations(), kind("text/plain; charset=utf-8")},
		{"json-as-vendor-type", "JSON is sent as a media type of the vendor's", Header, allOperations(), kind("application/vnd.1password+json")},
		{"json-without-type", "JSON is sent without a media type", Header, allOperations(), changeResponse(func(_ *exchange, a *response) {
			if strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
				a.header["Content-Type"] = nil
			}
		})},
		{"method-ignored", "a method an operation does not have is taken for GET", Header, at(noRoute), stateless(func(x *exchange) *response {
			a := x.forward()
			if a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed {
				if got := x.send(http.MethodGet, x.r.URL.Path, nil); got.isSuccess() {
					return got
				}
			}
			return a
		})},
		{"methods-unknown-are-500", "a method an operation does not have is answered 500", Header, at(noRoute), stateless(func(x *exchange) *response {
			a := x.forward()
			if a.status >= 400 && x.r.Method != http.MethodGet {
				return a.refuse(500, "method not implemented")
			}
			return a
		})},
	}
}
