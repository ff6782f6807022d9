package console

import (
	"net/http/httptest"
	"testing"
)

func TestActivity_ShowsWhatClientsRequested(t *testing.T) {
	t.Parallel()
	b := startConsole(t, safeVault)
	b.get("/activity").expect(200, "No record of this kind")
	tokens, err := b.mock.ListTokens(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	it := b.mail()
	for range 60 {
		r := httptest.NewRequest("GET", "/v1/vaults/"+it.Vault.ID+"/items/"+it.ID, nil)
		r.Header.Set("Authorization", "Bearer "+tokens[0].Value)
		r.Header.Set("User-Agent", hostile)
		b.mock.ServeHTTP(httptest.NewRecorder(), r)
	}
	b.callMock(tokens[0].Value, "DELETE", "/v1/vaults/"+it.Vault.ID+"/items/zzzzzzzzzzzzzzzzzzzzzzzzzz", "")
	page := b.get("/activity").expect(200, "61 records", "1 to 50 of 61", "Mail", "Safe", "DENY", "main", hostile,
		"!<script>alert(1)", "!<img src=x", "!"+tokens[0].Value, "/v1/activity?limit=50&offset=0")
	if rows := len(page.all("tr", "", "")); rows != 51 {
		t.Errorf("%d rows", rows)
	}
	b.get("/activity?offset=50").expect(200, "51 to 61 of 61", "!DENY")
	b.get("/activity?action=DELETE").expect(200, "DENY", "!SUCCESS")
	b.get("/activity?action=READ&token=main").expect(200, "Older")
	b.get("/activity?action=READ&offset=51").expect(200, "Newest", "!Older")
	b.get("/activity?token=nobody").expect(404, "No token")
	b.get("/activity?action=LOOK").expect(400, "No action")
}
