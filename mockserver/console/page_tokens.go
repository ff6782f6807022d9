package console

import (
	"fmt"
	"time"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// tokenForm is what a person enters about a new token.
type tokenForm struct {
	Name, Permission, Expires string
	Vaults                    map[string]string // permission by id of the vault
	Problem                   string
}

// getTokens lists the tokens of an account, without their values.
func getTokens(req *request) (*response, error) { return req.renderTokens(tokenForm{}) }

// renderTokens lists the tokens, above the form for a new one.
func (req *request) renderTokens(f tokenForm) (*response, error) {
	list, err := req.server.ListTokens(req.r.Context(), req.account())
	if err != nil {
		return nil, err
	}
	vaults, err := req.server.Vaults(req.r.Context(), req.account())
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Value = "" // shown once, when a token is created
	}
	pages := req.newPager("/accounts/tokens", itemsOnPage, len(list))
	return req.render("tokens", "Tokens of "+req.accountName(), map[string]any{
		"Tokens": part(list, pages), "Pager": pages, "All": len(list), "Vaults": vaults, "Form": f,
		"Ctl": command.Ctl("token", "list", "--account", req.account()),
	}), nil
}

// accountName returns the name of the chosen account.
func (req *request) accountName() string {
	all, err := req.server.Accounts(req.r.Context())
	if err != nil || len(all) == 0 {
		return req.account()
	}
	if req.account() == "" {
		return all[0].Name
	}
	for _, a := range all {
		if a.ID == req.account() {
			return a.Name
		}
	}
	return req.account()
}

// createToken creates a token and shows its value once.
func createToken(req *request) (*response, error) {
	vaults, err := req.server.Vaults(req.r.Context(), req.account())
	if err != nil {
		return nil, err
	}
	f := tokenForm{
		Name: req.form("name"), Permission: req.form("permission"), Expires: req.form("expires"), Vaults: map[string]string{},
	}
	words := []string{"token", "create", f.Name}
	if f.Permission != "none" {
		words = append(words, "--permission", f.Permission)
	}
	for _, v := range vaults {
		if permission := req.form("vault." + v.ID); permission != "" {
			f.Vaults[v.ID] = permission
			words = append(words, "--vault", v.Name+"="+permission)
		}
	}
	issued, err := req.issueToken(f)
	if refused := refusal(err); refused != nil {
		f.Problem = refused.Message
		resp, err := req.renderTokens(f)
		if err == nil {
			resp.status = refused.Status
		}
		return resp, err
	}
	if err != nil {
		return nil, err
	}
	return done(req.link("/accounts/tokens"), session.Notice{
		Text: fmt.Sprintf("Created the token %q.", issued.Name), Secret: issued.Value, SecretName: "The token",
		Ctl: command.Ctl(append(words, "--expires", f.Expires, "--account", req.account())...),
	}), nil
}

// issueToken issues the token of a form.
func (req *request) issueToken(f tokenForm) (issued controlapi.Token, err error) {
	t := controlapi.Token{Name: f.Name, Account: req.account(), Permission: f.Permission, Vaults: f.Vaults}
	if f.Permission == "none" {
		t.Permission = ""
		if len(f.Vaults) == 0 {
			return issued, badInput("the token could do nothing: give it a permission on every vault or on one")
		}
	}
	if f.Expires != "" {
		if t.ExpiresAt, err = req.moment(f.Expires); err != nil {
			return issued, err
		}
	}
	return req.server.IssueToken(req.r.Context(), t)
}

// moment returns the moment that a person means by a duration from now, by the clock of the account, or by a date.
func (req *request) moment(text string) (time.Time, error) {
	if d, err := time.ParseDuration(text); err == nil {
		now, err := req.server.Clock(req.r.Context(), req.account())
		return now.Now.Add(d), err
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(form, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, badInput("when a token expires is a duration from now, such as 5m or -1s, " +
		"or a date, such as 2030-01-31 or 2030-01-31T12:00:00Z")
}

// expireToken changes when a token expires: at a moment, or never.
func expireToken(req *request) (*response, error) {
	name, expires := req.form("name"), req.form("expires")
	var at time.Time
	var err error
	if expires != "never" {
		if at, err = req.moment(expires); err != nil {
			return nil, err
		}
	}
	changed, err := req.server.ChangeToken(
		req.r.Context(), req.account(), req.form("token"), controlapi.TokenChange{ExpiresAt: &at})
	if err != nil {
		return nil, err
	}
	return done(req.link("/accounts/tokens"), session.Notice{
		Text: fmt.Sprintf("Changed when the token %q expires. It is %s now.", name, changed.State),
		Ctl:  command.Ctl("token", "change", name, "--expires", expires, "--account", req.account()),
	}), nil
}

// revokeToken revokes a token for good.
func revokeToken(req *request) (*response, error) {
	name := req.form("name")
	if err := req.server.RevokeToken(req.r.Context(), req.account(), req.form("token")); err != nil {
		return nil, err
	}
	return done(req.link("/accounts/tokens"), session.Notice{
		Text: fmt.Sprintf("Revoked the token %q.", name), Ctl: command.Ctl("token", "revoke", name, "--account", req.account()),
	}), nil
}
