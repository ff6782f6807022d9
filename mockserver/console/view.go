package console

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// view is what templates get.
type view struct {
	Title   string
	Data    any    // of the page
	CSRF    string // of the session; every form has it, see the template "csrf"
	Here    string // address of the page without Mount
	Theme   string // "light", "dark", or "" for that of the browser
	Build   string
	Version string // of Connect
	Notice  *session.Notice
	Nav     []navItem
	Account string // id or name of the chosen account, "" for the first

	HasAccounts bool // people can choose an account
	Accounts    []controlapi.Account
	AccountsAll int // if there are more than Accounts
}

// navItem is a page in the navigation.
type navItem struct {
	Title, Link string
	Current     bool
}

// maxAccountChoice is how many accounts the list to choose from has. Others are typed.
const maxAccountChoice = 50

// completeView adds to a view what all pages have.
func (req *request) completeView(v view) view {
	v.Here, v.Build, v.Theme = req.here(), req.about.Build, theme(req.r)
	if req.session == nil {
		return v
	}
	v.CSRF, v.Account = req.session.CSRF, req.account()
	if id := req.query(noticeParameter); id != "" {
		v.Notice = req.session.TakeNotice(id)
	}
	for _, p := range req.pages {
		v.Nav = append(v.Nav, navItem{p.title, v.Link(p.path), req.page != nil && req.page.path == p.path})
	}
	if req.page != nil && req.page.accounts {
		v.Accounts, _ = req.server.Accounts(req.r.Context()) // without them nothing can be chosen
		v.AccountsAll = len(v.Accounts)
		v.HasAccounts = v.AccountsAll > 1
		v.Accounts = v.Accounts[:min(v.AccountsAll, maxAccountChoice)]
	}
	return v
}

// Link returns the address of a path of the console, with the chosen account and pairs of parameters. Empty ones are
// left out.
func (v view) Link(path string, parameters ...any) string {
	query := url.Values{}
	if v.Account != "" {
		query.Set("account", v.Account)
	}
	for i := 0; i+1 < len(parameters); i += 2 {
		query.Set(fmt.Sprint(parameters[i]), fmt.Sprint(parameters[i+1]))
	}
	for name := range query {
		if query.Get(name) == "" {
			query.Del(name)
		}
	}
	if len(query) == 0 {
		return Mount + path
	}
	return Mount + path + "?" + query.Encode()
}

// link returns a path with the chosen account and pairs of parameters, without Mount: for redirects.
func (req *request) link(path string, parameters ...any) string {
	return strings.TrimPrefix(view{Account: req.account()}.Link(path, parameters...), Mount)
}

// themes are those that the switch goes through.
var themes = []string{"", "light", "dark"}

const themeCookie = "connectmock-theme"

// theme returns the chosen theme of a browser.
func theme(r *http.Request) string {
	cookie, err := r.Cookie(themeCookie)
	if err != nil || !slices.Contains(themes, cookie.Value) {
		return ""
	}
	return cookie.Value
}

// setTheme sets the theme of the browser.
func setTheme(req *request) (*response, error) {
	chosen := req.form("theme")
	if !slices.Contains(themes, chosen) {
		return nil, &controlapi.Error{Status: http.StatusBadRequest, Message: "the theme is light, dark or empty"}
	}
	http.SetCookie(req.w, &http.Cookie{Name: themeCookie, Value: chosen, Path: Mount + "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, SameSite: http.SameSiteStrictMode})
	return redirect(safeBack(req.form("back"))), nil
}
