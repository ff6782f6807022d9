package mockserver_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// lastExplanation explains the response of the newest exchange.
func (r *testServer) lastExplanation(t testing.TB) controlapi.Explanation {
	t.Helper()
	e, err := r.Mock.Explain(t.Context(), r.lastEntry(t).ID)
	must(t, err)
	return e
}

// wantExplanation checks the explanation of the newest exchange. Without near there
// must be no hint.
func (s *testServer) wantExplanation(t testing.TB, check, rule string, near ...string) {
	t.Helper()
	wantExplanation(t, s.lastExplanation(t), check, rule, near...)
}

func wantExplanation(t testing.TB, got controlapi.Explanation, check, rule string, near ...string) {
	t.Helper()
	if got.Check != check || !strings.Contains(got.Rule, rule) {
		t.Errorf("check %q, rule %q; want %q, %q", got.Check, got.Rule, check, rule)
	}
	hints := strings.Join(got.Near, "\n")
	for _, want := range near {
		if !strings.Contains(hints, want) {
			t.Errorf("hints:\n%s\nlack: %s", hints, want)
		}
	}
	if len(near) == 0 && hints != "" {
		t.Errorf("hints that are not wanted:\n%s", hints)
	}
}

func TestExplain_Tokens(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := newServer(t, connecttest.WithClock(c.Now))
	brief := s.NewToken(t, controlapi.Token{Name: "brief", ExpiresAt: c.Now().Add(time.Minute)})
	later := s.NewToken(t, controlapi.Token{Name: "later", NotBefore: c.Now().Add(time.Hour)})
	foreign := newServer(t)
	c.advance(2 * time.Minute)
	for name, want := range map[string]struct {
		with requestOption
		rule string
		near []string
	}{
		"none":             {noHeader("Authorization"), "Authorization: the header is missing", []string{"send Authorization: Bearer and the token"}},
		"another scheme":   {header("Authorization", "Basic abc"), "the scheme must be Bearer", []string{"send Authorization: Bearer"}},
		"empty":            {header("Authorization", "Bearer "), "there is no token after Bearer", []string{"variable"}},
		"cut":              {token(s.Token[:len(s.Token)-40]), "the token is cut, or has something in it that no token has", nil},
		"two words":        {token("one two"), "the token is cut, or has something in it", nil},
		"another server's": {token(foreign.Token), "the token was signed with another key", []string{"another server"}},
		"invented":         {token("no-such-token"), "no account of this server has the token", []string{"account that was deleted"}},
		"expired":          {token(brief), "the token brief is expired", []string{"it expires at 2026-05-01T12:01:00Z; the account's clock shows 2026-05-01T12:02:00Z"}},
		"early":            {token(later), "the token later is not yet valid", []string{"it begins at 2026-05-01T13:00:00Z; the account's clock shows 2026-05-01T12:02:00Z"}},
		"revoked":          {token(s.demoToken(t, "revoked")), "the token revoked is revoked", []string{"it was revoked at"}},
	} {
		s.get(t, "/v1/vaults", want.with).wantStatus(t, 401)
		t.Log(name)
		s.wantExplanation(t, "authenticate", want.rule, want.near...)
	}
}

func TestExplain_Addresses(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	vault, item := d.vault("Deployments"), lastSegment(d.path("Deployments", "Orders Database"))
	for path, want := range map[string]struct {
		rule string
		near []string
	}{
		"/v1/vaults/Deployments":                               {`vaultUuid: an id is 26 of a-z and 0-9, "Deployments" is not`, []string{`the vault "Deployments" has the id ` + vault}},
		"/v1/vaults/deployment/items":                          {"vaultUuid: an id is", []string{`the vault "Deployments" has the id ` + vault}},
		"/v1/vaults/" + strings.ToUpper(vault):                 {"vaultUuid: an id is", []string{"there is the vault " + vault + ` ("Deployments")`}},
		"/v1/vaults/Sewing":                                    {"vaultUuid: an id is", nil},
		"/v1/vaults/" + vault + "/items/Orders%20Database":     {`itemUuid: an id is 26 of a-z and 0-9, "Orders Database" is not`, []string{`the item "Orders Database" has the id ` + item}},
		"/v1/vaults/" + vault + "/items/orders%20databse":      {"itemUuid: an id is", []string{`the item "Orders Database" has the id ` + item}},
		"/v1/vaults/" + vault + "/items/Company%20Card":        {"itemUuid: an id is", []string{`the item "Company Card" has the id `, `and is in the vault "Office"`}},
		"/v1/vaults/" + vault + "/items/" + item + "/files/no": {"fileUuid: an id is", []string{`the item "Orders Database" has no files`}},
		"/v1/activity?limit=-1":                                {"limit must be", nil},
		"/v1/activity?limit=ten":                               {"limit must be an integer", nil},
	} {
		s.get(t, path).wantStatus(t, 400)
		t.Log(path)
		s.wantExplanation(t, "address", want.rule, want.near...)
	}
	s.get(t, d.path("Deployments", "Deploy Certificates")+"/files/CA.pem").wantStatus(t, 400)
	got := s.lastExplanation(t)
	if len(got.Near) == 0 || !strings.HasPrefix(got.Near[0], "the file ") {
		t.Errorf("near: %v", got.Near)
	}
}

func TestExplain_Permissions(t *testing.T) {
	t.Parallel()
	w := fixtures.Demo()
	other := fixtures.Account{ID: strings.Repeat("B", 26), Name: "other", User: strings.Repeat("U", 26),
		Vaults: []fixtures.Vault{{ID: strings.Repeat("b", 26), Name: "Theirs", Type: "USER_CREATED"}}}
	w.Accounts = append(w.Accounts, other)
	s, d := newServer(t, connecttest.WithFixture(w)), demo(t)
	vault, office := d.vault("Deployments"), d.vault("Office")
	item := lastSegment(d.path("Deployments", "Orders Database"))
	narrow := token(s.demoToken(t, "one-vault"))
	write := token(s.NewToken(t, controlapi.Token{Name: "writes", Permission: "write"}))
	for name, want := range map[string]struct {
		method, path string
		with         requestOption
		rule         string
		near         []string
	}{
		"out of scope":      {"GET", "/v1/vaults/" + office, narrow, `the vault "Office" is not in the scope of the token one-vault`, []string{`the token one-vault sees: "Deployments" (read)`}},
		"may not write":     {"DELETE", "/v1/vaults/" + vault + "/items/" + item, narrow, `the token one-vault may read in the vault "Deployments"; DeleteVaultItem needs more`, []string{"DeleteVaultItem needs the permission write"}},
		"may not read":      {"GET", "/v1/vaults/" + vault + "/items/" + item, write, `the token writes may write in the vault "Deployments"`, []string{"needs the permission read"}},
		"no vault":          {"GET", "/v1/vaults/" + noVault, token(s.Token), "vaultUuid: there is no vault " + noVault + " in the account", nil},
		"an id off by one":  {"GET", "/v1/vaults/" + vault[:25] + "?", token(s.Token), "", nil},
		"an item's id":      {"GET", "/v1/vaults/" + item, token(s.Token), "there is no vault", []string{item + ` is the id of the item "Orders Database" in the vault "Deployments"`}},
		"another account's": {"GET", "/v1/vaults/" + other.Vaults[0].ID, token(s.Token), "there is no vault", []string{`is the vault "Theirs" of the account other, the token is of ` + w.Accounts[0].Name}},
	} {
		if strings.HasSuffix(want.path, "?") { // replaced by another letter
			last := byte('a')
			if vault[25] == last {
				last = 'b'
			}
			want.path = "/v1/vaults/" + vault[:25] + string(last)
			want.rule, want.near = "there is no vault", []string{"there is the vault " + vault}
		}
		s.send(t, want.method, want.path, nil, want.with).wantStatus(t, 403)
		t.Log(name)
		s.wantExplanation(t, "authorize", want.rule, want.near...)
	}
}

func TestExplain_Bodies(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	items := d.items("Deployments")
	for body, want := range map[string]string{
		`{"title":1,"category":"LOGIN"}`:                         "title must be",
		`{"title":"t","category":"NONE"}`:                        "Invalid item category",
		`{"title":`:                                              "the body",
		`{"title":"t","category":"LOGIN","fields":[{"type":7}]}`: "fields[0].type must be",
	} {
		s.send(t, "POST", items, body).wantStatus(t, 400)
		t.Log(body)
		s.wantExplanation(t, "body", want)
	}
	s.send(t, "POST", items, "\x1f\x8b", header("Content-Encoding", "gzip")).wantStatus(t, 400)
	s.wantExplanation(t, "body",
		"the body must be sent without Content-Encoding, which is not decoded here: it is compressed with gzip")
	s.send(t, "POST", items, `{"title":"t","category":"DOCUMENT"}`).wantStatus(t, 400)
	s.wantExplanation(t, "handle", "items of category DOCUMENT can't be created")
	s.get(t, items+"?filter=title+is+%22x%22").wantStatus(t, 400)
	s.wantExplanation(t, "handle", "")
	s.send(t, "POST", items, `{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD"},{"purpose":"PASSWORD"}]}`).wantStatus(t, 400)
	s.wantExplanation(t, "handle", `You can only use one`)
}

func TestExplain_NotFound(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	deployments, office := "/v1/vaults/"+d.vault("Deployments"), "/v1/vaults/"+d.vault("Office")
	card := lastSegment(d.path("Office", "Company Card"))
	orders := lastSegment(d.path("Deployments", "Orders Database"))
	swapped := orders[1:2] + orders[:1] + orders[2:]

	s.get(t, deployments+"/items/"+card).wantStatus(t, 404)
	s.wantExplanation(t, "handle", "itemUuid: there is no item "+card+" in the vault",
		`the item "Company Card" has the id `+card+` and is in the vault "Office" (`+d.vault("Office")+")")
	if swapped != orders {
		s.get(t, deployments+"/items/"+swapped).wantStatus(t, 404)
		s.wantExplanation(t, "handle", "there is no item "+swapped, `the item "Orders Database" has the id `+orders)
	}
	s.get(t, deployments+"/items/"+noItem).wantStatus(t, 404)
	s.wantExplanation(t, "handle", "there is no item "+noItem)
	s.get(t, deployments+"/items/"+d.vault("Office")).wantStatus(t, 404)
	s.wantExplanation(t, "handle", "there is no item", `is the id of the vault "Office"`)

	s.send(t, "DELETE", office+"/items/"+card, nil).wantStatus(t, 204)
	deleted := s.lastEntry(t)
	s.get(t, office+"/items/"+card).wantStatus(t, 404)
	s.wantExplanation(t, "handle", "there is no item "+card, "it was deleted by "+deleted.Caller+" in the exchange")

	file := d.file("Deployments", "Deploy Certificates", "chain.pem")
	s.get(t, file[:strings.LastIndex(file, "/")+1]+noFile).wantStatus(t, 404)
	s.wantExplanation(t, "handle", `fileUuid: there is no file `+noFile+` in the item "Deploy Certificates"`)
}

func TestExplain_Routes(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	for _, c := range []struct {
		method, path string
		status       int
		rule         string
		near         []string
	}{
		{"GET", "/v1/vault", 404, "of no operation", []string{"GetVaults is GET /v1/vaults"}},
		{"GET", "/vaults", 404, "of no operation", []string{"GetVaults is GET /v1/vaults"}},
		{"GET", "/v1/vaults/" + d.vault("Office") + "/item", 404, "of no operation", []string{"GetVaultItems is GET /v1/vaults/{vaultUuid}/items"}},
		{"POST", "/v1/vaults/" + d.vault("Office") + "/item", 404, "of no operation", []string{"CreateVaultItem is POST /v1/vaults/{vaultUuid}/items"}},
		{"GET", "/v1//vaults", 404, "of no operation", []string{"a slash at its end", "GetVaults is GET /v1/vaults"}},
		{"GET", "/heartbeet", 404, "of no operation", []string{"GetHeartbeat is GET /heartbeat"}},
		{"DELETE", "/v1/vaults", 405, "the path has no method DELETE", []string{"GetVaults is GET /v1/vaults"}},
		{"GET", "/api/secret/engine/of/others", 404, "of no operation", nil},
	} {
		s.send(t, c.method, c.path, nil).wantStatus(t, c.status)
		t.Log(c.path)
		got := s.lastExplanation(t)
		wantExplanation(t, got, "route", c.rule, c.near...)
		if len(c.near) == 1 && got.Near[0] != c.near[0] {
			t.Errorf("%s is not the nearest: %v", c.near[0], got.Near)
		}
	}
}

func TestExplain_FiltersWithoutMatch(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	items := d.items("Deployments") + "?filter="
	for filter, want := range map[string][]string{
		`title+eq+"Order+Database"`:                {`there is the item "Orders Database", the filter says "Order Database"`},
		`title+eq+"Company+Card"`:                  {`in the vault "Office" there is the item "Company Card"`},
		`title+eq+"Sewing+Machine"`:                nil,
		`tag+eq+"postgress"`:                       {`there is the tag "postgres", the filter says "postgress"`},
		`title+eq+"x"+or+title+eq+"Mail+Rely+API"`: {`there is the item "Mail Relay API"`},
	} {
		s.get(t, items+strings.ReplaceAll(filter, `"`, "%22")).wantOK(t)
		t.Log(filter)
		s.wantExplanation(t, "", "the filter matches nothing", want...)
	}
	s.get(t, "/v1/vaults?filter=title+eq+%22Ofice%22").wantOK(t)
	s.wantExplanation(t, "", "the filter matches nothing", `there is a vault "Office", the filter says "Ofice"`)
	s.get(t, "/v1/vaults?filter=name+eq+%22Office%22", token(s.demoToken(t, "one-vault"))).wantOK(t)
	s.wantExplanation(t, "", "the filter matches nothing",
		`there is a vault "Office", the token one-vault does not see it`)
	s.get(t, "/v1/vaults").wantOK(t)
	s.wantExplanation(t, "", "nothing was refused")

	exact := newServer(t, connecttest.WithQuirk("item-title-match", "sensitive"))
	exact.get(t, items+"title+eq+%22orders+database%22").wantOK(t)
	exact.wantExplanation(t, "", "the filter matches nothing",
		`there is the item "Orders Database", the filter says "orders database"`)
}

func TestExplain_Faults(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	s.addFault(t, controlapi.Fault{Name: "throttle", Operation: "GetVaults", Times: 1,
		Abort: &controlapi.Abort{Status: 429}})
	s.addFault(t, controlapi.Fault{Name: "lost", Operation: "GetVaultById", Connection: "empty"})
	s.addFault(t, controlapi.Fault{Name: "slow", Operation: "GetVaultItemById", Delay: &controlapi.Delay{Fixed: 1}})
	bare := s.withoutCheck()
	bare.get(t, "/v1/vaults").wantStatus(t, 429)
	if e := s.lastEntry(t); e.Status != 429 || e.Faults[0] != "throttle" || e.Message == "" {
		t.Errorf("%+v", e)
	}
	s.wantExplanation(t, "fault", "the fault throttle made the response; nothing was done")
	if answer, err := s.Client.Get(s.URL + "/v1/vaults/" + d.vault("Office")); err == nil {
		answer.Body.Close()
		t.Error("a response arrived")
	}
	if e := s.lastEntry(t); e.Status != 0 || e.Faults[0] != "lost" {
		t.Errorf("%+v", e)
	}
	s.wantExplanation(t, "fault",
		"the fault lost kept the response from the client; the operation was carried out")
	s.get(t, d.items("Office")+"/"+noItem).wantStatus(t, 404)
	s.wantExplanation(t, "handle", "there is no item", "the fault slow also applied to it")
	count := 1 // there may be more of lost: Go retries on a connection that was used before
	verified, err := s.Mock.VerifyJournal(t.Context(), controlapi.Verification{InOrder: true, Only: true,
		Expect: []controlapi.Expectation{
			{Fault: "throttle", Count: &count}, {Fault: "lost", Status: "0"}, {Fault: "slow", Status: "404", Count: &count}}})
	if err != nil || !verified.OK {
		t.Errorf("%+v, %v", verified, err)
	}
}

// An account stores changes to the fixture it starts with, so hints come from both.
// Of a deleted account only the entry of the journal is left.
func TestExplain_InACreatedAccount(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	account := s.createAccount(t, controlapi.NewAccount{Name: "mine"})
	vault := "/v1/vaults/" + d.vault("Deployments")
	orders := lastSegment(d.path("Deployments", "Orders Database"))
	s.send(t, "POST", vault+"/items", `{"title":"Only Mine","category":"LOGIN"}`, token(account.Token)).wantOK(t)
	s.get(t, vault+"/items/orders%20database", token(account.Token)).wantStatus(t, 400)
	s.wantExplanation(t, "address", "itemUuid", `the item "Orders Database" has the id `+orders)
	s.get(t, vault+"/items?filter=title+eq+%22Only%20Mne%22", token(account.Token)).wantOK(t)
	s.wantExplanation(t, "", "the filter matches nothing", `there is the item "Only Mine"`)
	s.get(t, vault+"/items?filter=title+eq+%22Only%20Mne%22").wantOK(t)
	s.wantExplanation(t, "", "the filter matches nothing")
	s.get(t, vault+"/items/"+noItem, token(account.Token)).wantStatus(t, 404)
	missed := s.lastEntry(t)
	if missed.Account != account.ID {
		t.Errorf("the exchange is of %q", missed.Account)
	}
	must(t, s.Mock.DeleteAccount(t.Context(), "mine"))
	e, err := s.Mock.Explain(t.Context(), missed.ID)
	must(t, err)
	wantExplanation(t, e, "handle", "itemUuid: there is no item "+noItem)
	s.get(t, "/v1/vaults", token(account.Token)).wantStatus(t, 401)
	s.wantExplanation(t, "authenticate", "no account of this server has the token",
		"an account that was deleted")
}
