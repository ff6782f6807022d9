package suite

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Probe is the first exchange with a target: GET /v1/vaults with the token that
// is to be used. It shows whether the set-up is right, before anything is run.
type Probe struct {
	Target string // base URL
	Status int
	Header http.Header
	Body   []byte
	Err    error // why there is no response, redacted; nil if there is one
}

// Problem returns what is wrong with the set-up and what to do about it, nil if
// a Connect server listed the vaults of the token. Whether the list is right is
// not looked at.
func (p *Probe) Problem() error {
	switch refusal, isConnect := p.refusal(); {
	case p.Err != nil:
		return fmt.Errorf("the target %s can't be reached: %w; is the server running, and is this its address (OP_CONNECT_HOST)?", p.Target, p.Err)
	case p.Status >= 300 && p.Status < 400:
		return p.notConnect("it redirects to %s; give the address that answers itself", p.location())
	case p.Status == http.StatusUnauthorized && isConnect:
		return fmt.Errorf("the target %s refuses the token: answered 401, %q; OP_CONNECT_TOKEN must be a token of this server that is neither expired nor revoked",
			p.Target, refusal)
	case p.Status == http.StatusUnauthorized || p.Status == http.StatusProxyAuthRequired:
		return p.notConnect("something before it asks for a login of its own, with the status %d", p.Status)
	case p.Status == http.StatusForbidden && isConnect:
		return fmt.Errorf("the target %s does not let the token list vaults: answered 403, %q", p.Target, refusal)
	case p.Status >= 500 && isConnect:
		return fmt.Errorf("the target %s can't list vaults: answered %d, %q; if it has just started, wait until its /health reports every service as ACTIVE",
			p.Target, p.Status, refusal)
	case p.Status >= 500:
		return p.notConnect("a gateway or another server answers %d%s; if a proxy stands before the Connect server, that server may be down or still starting",
			p.Status, p.form())
	case p.Status != http.StatusOK:
		return p.notConnect("the list of vaults was answered %d%s; the address is what comes before /v1/vaults", p.Status, p.form())
	case !json.Valid(p.Body):
		return p.notConnect("the list of vaults was answered 200%s; the address may be that of a web server or a proxy", p.form())
	}
	return nil
}

func (p *Probe) notConnect(format string, args ...any) error {
	return fmt.Errorf("the target %s is no Connect server: %s", p.Target, fmt.Sprintf(format, args...))
}

// refusal is the message of a Connect error, and whether the body is one.
func (p *Probe) refusal() (message string, ok bool) {
	var e connect.Error
	if json.Unmarshal(p.Body, &e) != nil || e.Message == "" {
		return "", false
	}
	const most = 200
	if len(e.Message) > most {
		return strings.ToValidUTF8(e.Message[:most], "") + "...", true
	}
	return e.Message, true
}

// form describes a body that is not JSON.
func (p *Probe) form() string {
	media, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
	switch {
	case json.Valid(p.Body):
		return " and JSON of another form"
	case len(p.Body) == 0:
		return " and no body"
	case media == "text/html":
		return " and a web page"
	case media != "":
		return " and a body of type " + media
	}
	return " and a body that is not JSON"
}

// location is where a redirect leads, without what may be secret.
func (p *Probe) location() string {
	u, err := url.Parse(p.Header.Get("Location"))
	if err != nil || u.Host == "" {
		return "another path"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// CheckVault refuses a vault that is not among those that the token sees, and
// says which ones are.
func CheckVault(id string, seen []connect.Vault) error {
	for _, v := range seen {
		if v.ID == id {
			return nil
		}
	}
	if len(seen) == 0 {
		return fmt.Errorf("the token does not see the vault %s, nor any other", id)
	}
	const most = 10
	var list []string
	for _, v := range seen[:min(most, len(seen))] {
		list = append(list, fmt.Sprintf("%s (%s)", v.ID, v.Name))
	}
	if len(seen) > most {
		list = append(list, fmt.Sprintf("and %d more", len(seen)-most))
	}
	return errors.New("the token does not see the vault " + id + "; name one that it sees, by its id: " + strings.Join(list, ", "))
}
