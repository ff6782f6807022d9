package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/connectmock/connectmock/internal/ascii"
)

// guard decides which requests are accepted. It ignores X-Forwarded-Host and other headers of proxies, because any
// client can send them.
type guard struct {
	token [sha256.Size]byte
	hosts map[string]bool // accepted besides loopback
}

func newGuard(token string, hosts []string) (*guard, error) {
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the control token can't be sent as a bearer token: " +
			"it must be visible ASCII without spaces, and not empty")
	}
	g := &guard{token: sha256.Sum256([]byte(token)), hosts: map[string]bool{}}
	for _, host := range hosts {
		g.hosts[hostname(host)] = true
	}
	return g, nil
}

// check returns an error for a request that must not be handled. A page in a browser can reach loopback: by a name of
// its own that resolves to this machine (Host), or from another origin (Origin, Sec-Fetch-Site). The error for either
// does not say whether the token is right.
func (g *guard) check(r *http.Request) error {
	if !g.isKnownHost(r.Host) {
		return apiError(http.StatusForbidden, "the control API is not served under this name: "+
			"use localhost or a loopback address, or start the mock with this host as one of its control hosts")
	}
	if isCrossOrigin(r) {
		return apiError(http.StatusForbidden, "the control API refuses requests of other sites: "+
			"a browser sent this one for a page of another origin")
	}
	sent := r.Header.Values("Authorization")
	if len(sent) == 0 {
		return apiError(http.StatusUnauthorized, `the control token is missing: `+
			`send it as "Authorization: Bearer TOKEN"; the mock printed it when it started`)
	}
	scheme, token, _ := strings.Cut(sent[0], " ")
	sum := sha256.Sum256([]byte(token))
	equal := subtle.ConstantTimeCompare(sum[:], g.token[:]) == 1
	if len(sent) > 1 || !ascii.EqualFold(scheme, "Bearer") || !equal {
		return apiError(http.StatusUnauthorized, "the control token is not that of this mock, "+
			"which printed its own when it started; tokens of Connect are not accepted here")
	}
	return nil
}

func (g *guard) isKnownHost(host string) bool {
	name := hostname(host)
	if name == "localhost" || g.hosts[name] {
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

// isCrossOrigin reports whether a browser sent the request for a page of another origin. A request without these
// headers does not come from a browser, or will be refused because it has no token.
func isCrossOrigin(r *http.Request) bool {
	for _, origin := range r.Header.Values("Origin") {
		if !ascii.EqualFold(origin, "http://"+r.Host) && !ascii.EqualFold(origin, "https://"+r.Host) {
			return true
		}
	}
	for _, site := range r.Header.Values("Sec-Fetch-Site") {
		if site != "same-origin" && site != "none" {
			return true
		}
	}
	return false
}
