package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/mockserver/internal/origin"
)

// guard decides which requests are accepted.
type guard struct {
	token [sha256.Size]byte
	hosts origin.Hosts // accepted besides loopback
}

func newGuard(token string, hosts []string) (*guard, error) {
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the control token can't be sent as a bearer token: " +
			"it must be visible ASCII without spaces, and not empty")
	}
	return &guard{token: sha256.Sum256([]byte(token)), hosts: origin.NewHosts(hosts)}, nil
}

// check returns an error for a request that must not be handled. The error for a request of another site does not say
// whether the token is right.
func (g *guard) check(r *http.Request) error {
	if !g.hosts.IsKnown(r.Host) {
		return apiError(http.StatusForbidden, "the control API is not served under this name: "+
			"use localhost or a loopback address, or start the mock with this host as one of its control hosts")
	}
	if origin.IsCross(r) {
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
