package suite

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Probe is the first exchange with a target: GET /v1/vaults with the token of the run.
// It shows whether the set-up is correct.
type Probe struct {
	Target string // base URL
	Status int
	Header http.Header
	Body   []byte
	Err    error // why there is no response, redacted; nil if there is a response
}

// Problem returns what is wrong with the set-up and what to do about it. It returns nil
// if the target returned JSON with the status 200; it does not check the list.
func (p *Probe) Problem() error {
	switch message, isConnect := p.connectError(); {
	case isControlAPI(message):
		return fmt.Errorf("the target %s is the control API of a mock; use the address of its Connect API, "+
			"which the mock prints when it starts (OP_CONNECT_HOST)", p.Target)
	case p.Err != nil:
		return fmt.Errorf(
			"the target %s can't be reached: %w; is the server running, and is this its address (OP_CONNECT_HOST)?",
			p.Target, p.Err)
	case p.Status >= 300 && p.Status < 400:
		return p.notConnectError("it redirects to %s; give the address of the server itself", p.redirectTarget())
	case p.Status == http.StatusUnauthorized && isConnect:
		return fmt.Errorf(
			"the target %s refuses the token: it returned 401, %q; OP_CONNECT_TOKEN must be a token of this server that is "+
				"neither expired nor revoked",
			p.Target, message)
	case p.Status == http.StatusUnauthorized || p.Status == http.StatusProxyAuthRequired:
		return p.notConnectError("a proxy in front of it asks for a login, with the status %d", p.Status)
	case p.Status == http.StatusForbidden && isConnect:
		return fmt.Errorf("the target %s does not let the token list vaults: it returned 403, %q", p.Target, message)
	case p.Status >= 500 && isConnect:
		return fmt.Errorf(
			"the target %s can't list vaults: it returned %d, %q; if it has just started, wait until /health reports each "+
				"service as ACTIVE",
			p.Target, p.Status, message)
	case p.Status >= 500:
		return p.notConnectError(
			"a gateway or another server returned %d%s; if there is a proxy in front of the Connect server, that server may "+
				"be down or still starting",
			p.Status, p.describeBody())
	case p.Status != http.StatusOK:
		return p.notConnectError(
			"the list of vaults returned %d%s; the address is the part of the URL before /v1/vaults",
			p.Status, p.describeBody())
	case !json.Valid(p.Body):
		return p.notConnectError(
			"the list of vaults returned 200%s; this may be the address of a web server or a proxy",
			p.describeBody())
	}
	return nil
}

func (p *Probe) notConnectError(format string, args ...any) error {
	return fmt.Errorf("the target %s is not a Connect server: %s", p.Target, fmt.Sprintf(format, args...))
}

// connectError returns the message of an error body of Connect. ok is false for any
// other body.
func (p *Probe) connectError() (message string, ok bool) {
	var e connect.Error
	if json.Unmarshal(p.Body, &e) != nil || e.Message == "" {
		return "", false
	}
	const maxLength = 200
	return textenc.Cut(e.Message, maxLength), true
}

// isControlAPI reports whether an error message is one of the control API of a mock: it
// gets a token of Connect, or a path of Connect with its own token.
func isControlAPI(message string) bool {
	return strings.Contains(message, "control API") || strings.Contains(message, "control token")
}

// describeBody returns the end of a message about a body that is no list of vaults.
func (p *Probe) describeBody() string {
	media, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
	switch {
	case json.Valid(p.Body):
		return " and other JSON"
	case len(p.Body) == 0:
		return " and no body"
	case media == "text/html":
		return " and a web page"
	case media != "":
		return " and a body of type " + media
	}
	return " and a body that is not JSON"
}

// redirectTarget returns the target of a redirect without its query, which may have
// secrets.
func (p *Probe) redirectTarget() string {
	u, err := url.Parse(p.Header.Get("Location"))
	if err != nil || u.Host == "" {
		return "another path"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// CheckVault returns an error if a vault is not among those that the token sees. The
// error names these vaults.
func CheckVault(id string, seen []connect.Vault) error {
	for _, v := range seen {
		if v.ID == id {
			return nil
		}
	}
	if len(seen) == 0 {
		return fmt.Errorf("the token does not see the vault %s or any other", id)
	}
	const maxNamed = 10
	var names []string
	for _, v := range seen[:min(maxNamed, len(seen))] {
		names = append(names, fmt.Sprintf("%s (%s)", v.ID, v.Name))
	}
	if len(seen) > maxNamed {
		names = append(names, fmt.Sprintf("and %d more", len(seen)-maxNamed))
	}
	return errors.New(
		"the token does not see the vault " + id + "; use the id of one that it sees: " + strings.Join(names, ", "))
}
