package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// guard says who may send requests. It looks at nothing a proxy adds: what
// X-Forwarded-Host and the like say anybody can say.
type guard struct {
	token [sha256.Size]byte
	hosts map[string]bool // besides loopback
}

func newGuard(token string, hosts []string) (*guard, error) {
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the control token can't be sent as a bearer token: it must be visible ASCII without spaces, and not empty")
	}
	g := &guard{token: sha256.Sum256([]byte(token)), hosts: map[string]bool{}}
	for _, host := range hosts {
		g.hosts[hostname(host)] = true
	}
	return g, nil
}

// check refuses what comes from elsewhere. A page in a browser reaches loopback
// as the person in front of it does: by a name of its own that leads here
// (Host), or from another origin (Origin, Sec-Fetch-Site). Neither is told
// whether its token is right.
func (g *guard) check(r *http.Request) error {
	if !g.knows(r.Host) {
		return refuse(http.StatusForbidden, "the control API is not served under this name: use localhost or a loopback address, or let the mock know the host")
	}
	if foreign(r) {
		return refuse(http.StatusForbidden, "the control API does not answer other sites: a browser sent this for a page of another origin")
	}
	sent := r.Header.Values("Authorization")
	if len(sent) == 0 {
		return refuse(http.StatusUnauthorized, `the control token is missing: send it as "Authorization: Bearer TOKEN"; the mock printed it at its start`)
	}
	scheme, token, _ := strings.Cut(sent[0], " ")
	sum := sha256.Sum256([]byte(token))
	same := subtle.ConstantTimeCompare(sum[:], g.token[:]) == 1
	if len(sent) > 1 || !strings.EqualFold(scheme, "Bearer") || !same {
		return refuse(http.StatusUnauthorized, "the control token is not that of this mock, which printed its own at its start; tokens of Connect are no good here")
	}
	return nil
}

func (g *guard) knows(host string) bool {
	name := hostname(host)
	if name == "localhost" || g.hosts[name] {
		return name != ""
	}
	address, err := netip.ParseAddr(name)
	return err == nil && address.Unmap().IsLoopback()
}

// hostname is a host without its port, brackets, dot at the end and case.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	} else if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		host = host[1 : len(host)-1]
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// foreign says that a browser sent this for a page of somebody else. Without
// these headers it was no browser, or one that is going to be refused by its
// token.
func foreign(r *http.Request) bool {
	for _, origin := range r.Header.Values("Origin") {
		if !strings.EqualFold(origin, "http://"+r.Host) && !strings.EqualFold(origin, "https://"+r.Host) {
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

func refuse(status int, message string) *controlapi.Error {
	return &controlapi.Error{Status: status, Message: message}
}
