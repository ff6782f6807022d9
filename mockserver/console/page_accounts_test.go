package console

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestAccounts_AreCreatedAndDeleted(t *testing.T) {
	t.Parallel()
	b := startConsole(t, safeVault)
	page := b.get("/accounts").expect(200, "1 account")
	created := page.submit("/accounts/create", "name", "<i>mine").expect(200, "Created the account \"<i>mine\"",
		"ctl account create '<i>mine'", "shown only now", "eyJ", "!<i>")
	if again := b.get("/accounts"); strings.Contains(again.source, "eyJ") {
		t.Error("the token is shown twice")
	}
	created.submit("/accounts/create", "name", "<i>mine").expect(409, "already")
	page.submit("/accounts/create", "name", "x", "from", "nobody").expect(404, "no account")
	page.submit("/accounts/create", "name", "x", "fixture", "vaults: 7").expect(400, "fixture", "vaults: 7")
	page.submit("/accounts/create", "name", "x", "fixture", "vaults: []", "seed", "7").expect(400, "not both")
	page.submit("/accounts/create", "name", "x", "seed", "seven", "items", "3").expect(400, "whole number")
	page.submit("/accounts/create", "name", "x", "seed", "7", "items", "0").expect(400, "from 1 to 10000")
	page.submit("/accounts/create", "name", "by fixture", "fixture", "vaults:\n  - name: Fixed").expect(200,
		"ctl fixture load fixture.yaml --account 'by fixture'")
	page.submit("/accounts/create", "name", "by seed", "seed", "7", "items", "20").expect(200,
		"connectmock fixtures generate --seed 7 --items 20 | connectmock ctl fixture load - --account 'by seed'")
	for account, want := range map[string]int{"by fixture": 0, "by seed": 20} {
		vaults, err := b.mock.Vaults(t.Context(), account)
		if err != nil || len(vaults) != 1 || vaults[0].Items != want {
			t.Errorf("%s: %+v, %v", account, vaults, err)
		}
	}
	b.get("/accounts/delete?name=by+seed").expect(200, "Delete the account?").submit("/accounts/delete").expect(200,
		"Deleted the account", "ctl account delete 'by seed'")
	b.get("/accounts/delete?name=by+seed").submit("/accounts/delete").expect(404, "No account")
}

func TestAccounts_LongListIsPaged(t *testing.T) {
	t.Parallel()
	b := startConsole(t, safeVault)
	for i := range 60 {
		if _, err := b.mock.CreateAccount(t.Context(), controlapi.NewAccount{Name: fmt.Sprintf("test %02d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	b.get("/accounts").expect(200, "1 to 50 of 61", "test 48", "!test 49")
	b.get("/accounts?offset=50").expect(200, "51 to 61 of 61", "test 59")
	b.get("/accounts?search=TEST+4").expect(200, "10 accounts", "test 40", "!test 50")
	b.get("/accounts?search=nobody").expect(200, "No account is found")
}

func TestTokens_AreCreatedExpiredAndRevoked(t *testing.T) {
	t.Parallel()
	b := startConsole(t, safeVault)
	tokens, err := b.mock.ListTokens(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	page := b.get("/accounts/tokens").expect(200, "main", "active", "!"+tokens[0].Value)
	vault := b.mail().Vault.ID
	created := page.submit("/accounts/tokens/create", "name", "brief", "permission", "none", "vault."+vault, "read",
		"expires", "5m").expect(200, "Created the token \"brief\"", "eyJ", "shown only now",
		"ctl token create brief --vault Safe=read --expires 5m", "Safe: read")
	value := created.all("pre", "id", "notice-secret")[0].FirstChild.Data
	if status, _ := b.callMock(value, "GET", "/v1/vaults/"+vault+"/items", ""); status != 200 {
		t.Errorf("the new token gets %d", status)
	}
	b.get("/accounts/tokens").expect(200, "brief", "!"+value)
	created.submit("/accounts/tokens/create", "name", "brief").expect(409, "already")
	created.submit("/accounts/tokens/create", "name", "").expect(400, "needs a name")
	created.submit("/accounts/tokens/create", "name", "idle", "permission", "none").expect(400, "could do nothing")
	created.submit("/accounts/tokens/create", "name", "late", "expires", "tomorrow").expect(400, "such as 5m")
	brief, err := b.mock.ListTokens(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	id := brief[len(brief)-1].ID
	created.submit("/accounts/tokens/expire", "token", id, "expires", "never").expect(200, "It is active now", "--expires never")
	created.submit("/accounts/tokens/expire", "token", id, "expires", "-1s").expect(200, "It is expired now", "--expires -1s")
	created.submit("/accounts/tokens/expire", "token", id, "expires", "soon").expect(400, "such as 5m")
	b.get("/accounts/tokens/scope?token="+id).expect(200, "Scope of brief", "!"+value).
		submit("/accounts/tokens/scope", "permission", "read", "vault."+vault, "").
		expect(200, "Changed what the token \"brief\" may do", "ctl token change brief --permission read --no-vaults")
	b.get("/accounts/tokens/scope?token="+id).submit("/accounts/tokens/scope", "permission", "none", "vault."+vault, "").
		expect(400, "could do nothing")
	b.get("/accounts/tokens/scope?token=none").expect(404, "no such token")
	created.submit("/accounts/tokens/revoke", "token", id).expect(200, "Revoked the token \"brief\"", "ctl token revoke brief")
	created.submit("/accounts/tokens/revoke", "token", id).expect(404, "No token")
	if status, _ := b.callMock(value, "GET", "/v1/vaults", ""); status != 401 {
		t.Errorf("the revoked token gets %d", status)
	}
}
