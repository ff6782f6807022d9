// Package origin tells requests of other web sites from those that a listener on this machine is for.
//
// A page in a browser can reach loopback: by a name of its own that resolves to this machine (Host), or from another
// origin (Origin, Sec-Fetch-Site). The package ignores X-Forwarded-Host and other headers of proxies, because any
// client can send them.
package origin

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/connectmock/connectmock/internal/ascii"
)

// Hosts are the names under which a listener is served, besides those of loopback.
type Hosts map[string]bool

// NewHosts returns the hosts with the given names or addresses.
func NewHosts(names []string) Hosts {
	h := Hosts{}
	for _, name := range names {
		h[hostname(name)] = true
	}
	return h
}

// IsKnown reports whether a Host header has one of the names or addresses, or one of loopback.
func (h Hosts) IsKnown(host string) bool {
	name := hostname(host)
	if name == "localhost" || h[name] {
		return name != ""
	}
	address, err := netip.ParseAddr(name)
	return err == nil && address.Unmap().IsLoopback()
}

// hostname returns a host in lower case, without port, brackets and final dot.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	} else if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		host = host[1 : len(host)-1]
	}
	return ascii.ToLower(strings.TrimSuffix(host, "."))
}

// IsCross reports whether a browser sent the request for a page of another origin. A request without these headers does
// not come from a browser, or will be refused because it has no token.
func IsCross(r *http.Request) bool {
	if isForeign(r) {
		return true
	}
	for _, site := range r.Header.Values("Sec-Fetch-Site") {
		if site != "same-origin" && site != "none" {
			return true
		}
	}
	return false
}

// IsCrossPage is IsCross for what changes nothing and may be opened from a link of any page, but not framed or embedded.
func IsCrossPage(r *http.Request) bool {
	isPage := (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
	if isPage {
		return isForeign(r)
	}
	return IsCross(r)
}

// isForeign reports whether the request names another origin as its own.
func isForeign(r *http.Request) bool {
	for _, origin := range r.Header.Values("Origin") {
		if !ascii.EqualFold(origin, "http://"+r.Host) && !ascii.EqualFold(origin, "https://"+r.Host) {
			return true
		}
	}
	return false
}
