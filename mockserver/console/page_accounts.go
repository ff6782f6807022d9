package console

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// accountsPage shows accounts and their tokens, and changes them.
func accountsPage() page {
	return page{path: "/accounts", title: "Accounts", handlers: map[string]handlerFunc{
		"GET /accounts":                getAccounts,
		"POST /accounts/create":        createAccount,
		"GET /accounts/delete":         confirmDeleteAccount,
		"POST /accounts/delete":        deleteAccount,
		"GET /accounts/tokens":         getTokens,
		"POST /accounts/tokens/create": createToken,
		"POST /accounts/tokens/expire": expireToken,
		"GET /accounts/tokens/scope":   editScope,
		"POST /accounts/tokens/scope":  changeScope,
		"POST /accounts/tokens/revoke": revokeToken,
	}}
}

// accountForm is what a person enters about a new account.
type accountForm struct {
	Name, From, Snapshot string
	Fixture              string // YAML
	Seed, Items          string // of generated data
	Problem              string
}

// refusal returns the error that a person can correct, nil if there is none.
func refusal(err error) *controlapi.Error {
	var refused *controlapi.Error
	if errors.As(err, &refused) && refused.Status < 500 {
		return refused
	}
	var mistakes *fixtures.Error
	if errors.As(err, &mistakes) {
		return &controlapi.Error{Status: 400, Message: mistakes.Error()}
	}
	return nil
}

// getAccounts lists the accounts.
func getAccounts(req *request) (*response, error) { return req.renderAccounts(accountForm{}) }

// renderAccounts lists the accounts, above the form for a new one.
func (req *request) renderAccounts(f accountForm) (*response, error) {
	all, err := req.server.Accounts(req.r.Context())
	if err != nil {
		return nil, err
	}
	search := req.query("search")
	var found []controlapi.Account
	for _, a := range all {
		if strings.Contains(strings.ToLower(a.Name), strings.ToLower(search)) || a.ID == search {
			found = append(found, a)
		}
	}
	pages := req.newPager("/accounts", itemsOnPage, len(found), "search", search)
	return req.render("accounts", "Accounts", map[string]any{
		"Accounts": part(found, pages), "Pager": pages, "Found": len(found), "Search": search, "Form": f,
	}), nil
}

// createAccount creates an account: with the data of another, with a fixture, or with generated data.
func createAccount(req *request) (*response, error) {
	f := accountForm{
		Name: req.form("name"), From: req.form("from"), Snapshot: req.form("snapshot"), Fixture: req.r.PostFormValue("fixture"),
		Seed: req.form("seed"), Items: req.form("items"),
	}
	created, same, err := req.createAccount(f)
	if refused := refusal(err); refused != nil {
		f.Problem = req.server.HideTokens(refused.Message)
		resp, err := req.renderAccounts(f)
		if err == nil {
			resp.status = refused.Status
		}
		return resp, err
	}
	if err != nil {
		return nil, err
	}
	return done("/accounts", session.Notice{
		Text: fmt.Sprintf("Created the account %q.", created.Name), Ctl: same,
		Secret: created.Token, SecretName: "The token of the account",
	}), nil
}

// createAccount creates the account of a form, and returns the command that does the same. A fixture is read before.
func (req *request) createAccount(f accountForm) (a controlapi.Account, same string, err error) {
	fixture, load, err := f.fixture()
	if err != nil {
		return a, "", err
	}
	a, err = req.server.CreateAccount(req.r.Context(), controlapi.NewAccount{
		Name: f.Name, From: f.From, Snapshot: f.Snapshot,
	})
	if err != nil {
		return a, "", err
	}
	same = command.Ctl("account", "create", a.Name, "--from", f.From, "--snapshot", f.Snapshot)
	if fixture == nil {
		return a, same, nil
	}
	if _, err = req.server.LoadFixture(req.r.Context(), a.ID, fixture, false); err != nil {
		return a, "", errors.Join(err, req.server.DeleteAccount(req.r.Context(), a.ID))
	}
	return a, same + " && " + load + " --account " + environment.ShellQuote(a.Name), nil
}

// fixture returns the data of a new account and the command that loads it, nil for that of another account.
func (f accountForm) fixture() (data *fixtures.Fixture, load string, err error) {
	switch {
	case strings.TrimSpace(f.Fixture) != "" && (f.Seed != "" || f.Items != ""):
		return nil, "", badInput("give a fixture, or a seed and a number of items, not both")
	case strings.TrimSpace(f.Fixture) != "":
		data, err = fixtures.LoadWithoutFolder("fixture", []byte(f.Fixture))
		return data, command.Ctl("fixture", "load", "fixture.yaml"), err
	case f.Seed == "" && f.Items == "":
		return nil, "", nil
	}
	seed, err := strconv.ParseUint(f.Seed, 10, 64)
	if err != nil || seed == 0 {
		return nil, "", badInput("the seed is a whole number from 1 on")
	}
	items, err := strconv.Atoi(f.Items)
	if err != nil || items < 1 || items > maxGenerated {
		return nil, "", badInput(fmt.Sprintf("the number of items is a whole number from 1 to %d", maxGenerated))
	}
	load = fmt.Sprintf("connectmock fixtures generate --seed %d --items %d | ", seed, items) + command.Ctl("fixture", "load", "-")
	return fixtures.Generate(fixtures.Options{Seed: seed, Items: items}), load, nil
}

// maxGenerated is how many items are generated for one account: they are in memory together.
const maxGenerated = 10_000

func badInput(message string) error { return &controlapi.Error{Status: 400, Message: message} }

// confirmDeleteAccount asks whether to delete an account.
func confirmDeleteAccount(req *request) (*response, error) {
	return req.render("account_delete", "Delete the account?", map[string]any{"Name": req.query("name")}), nil
}

// deleteAccount deletes an account that was created.
func deleteAccount(req *request) (*response, error) {
	name := req.form("name")
	if err := req.server.DeleteAccount(req.r.Context(), name); err != nil {
		return nil, err
	}
	return done("/accounts", session.Notice{
		Text: fmt.Sprintf("Deleted the account %q.", name), Ctl: command.Ctl("account", "delete", name),
	}), nil
}
