package console

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// editScope shows what a token may do, to be changed.
func editScope(req *request) (*response, error) {
	t, err := req.findToken(req.query("token"))
	if err != nil {
		return nil, err
	}
	vaults, err := req.server.Vaults(req.r.Context(), req.account())
	if err != nil {
		return nil, err
	}
	return req.render("token_scope", "Scope of "+t.Name, map[string]any{"Token": t, "Vaults": vaults}), nil
}

// findToken returns a token of the account by its id, without its value.
func (req *request) findToken(id string) (t controlapi.Token, err error) {
	list, err := req.server.ListTokens(req.r.Context(), req.account())
	if err != nil {
		return t, err
	}
	i := slices.IndexFunc(list, func(t controlapi.Token) bool { return t.ID == id })
	if i < 0 {
		return t, &controlapi.Error{Status: http.StatusNotFound, Message: "the account has no such token"}
	}
	t = list[i]
	t.Value = ""
	return t, nil
}

// changeScope changes what a token may do. Its value and when it expires stay.
func changeScope(req *request) (*response, error) {
	t, err := req.findToken(req.form("token"))
	if err != nil {
		return nil, err
	}
	vaults, err := req.server.Vaults(req.r.Context(), req.account())
	if err != nil {
		return nil, err
	}
	permission := req.form("permission")
	words := []string{"token", "change", t.Name, "--permission", permission}
	change := controlapi.TokenChange{Permission: new(string), Vaults: map[string]string{}}
	if permission != "none" {
		*change.Permission = permission
	}
	for _, v := range vaults {
		if own := req.form("vault." + v.ID); own != "" {
			change.Vaults[v.ID] = own
			words = append(words, "--vault", v.Name+"="+own)
		}
	}
	if len(change.Vaults) == 0 && permission == "none" {
		return nil, badInput("the token could do nothing: give it a permission on every vault or on one, or revoke it")
	}
	if len(change.Vaults) == 0 {
		words = append(words, "--no-vaults")
	}
	if _, err = req.server.ChangeToken(req.r.Context(), req.account(), t.ID, change); err != nil {
		return nil, err
	}
	return done(req.link("/accounts/tokens"), session.Notice{
		Text: fmt.Sprintf("Changed what the token %q may do.", t.Name), Ctl: command.Ctl(append(words, "--account", req.account())...),
	}), nil
}
