package mockserver_test

import "net/http"

// noOperation is the name of the golden file for requests without an operation.
const noOperation = "no-operation"

// goldenCases returns the requests of the golden files, by operation.
func goldenCases(d demoData) map[string][]goldenCase {
	const (
		get, post, put    = http.MethodGet, http.MethodPost, http.MethodPut
		patch, del        = http.MethodPatch, http.MethodDelete
		login             = `{"title":"Queue","category":"LOGIN","tags":["b","a"],"urls":[{"href":"https://queue.example.com","primary":true}],"sections":[{"id":"extra","label":"Extra"}],"fields":[{"purpose":"USERNAME","value":"worker"},{"purpose":"PASSWORD","generate":true,"recipe":{"length":20,"characterSets":["LETTERS","DIGITS"]}},{"label":"vhost","type":"string","value":"/main","section":{"id":"extra"}},{"label":"since","type":"DATE","value":"2026-05-01"}]}`
		totp              = `{"title":"t","category":"LOGIN","sections":[{"id":"s"}],"fields":[{"label":"code","type":"TOTP","section":{"id":"s"}}]}`
		twoPasswords      = `{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"a"},{"purpose":"PASSWORD","value":"b"}]}`
		passwordInDB      = `{"title":"t","category":"DATABASE","fields":[{"purpose":"PASSWORD","value":"a"}]}`
		monthYear         = `{"title":"t","category":"LOGIN","fields":[{"label":"until","type":"MONTH_YEAR","value":"soon"}]}`
		changePassword    = `[{"op":"replace","path":"/fields/password/value","value":"changed"},{"op":"add","path":"/fields","value":{"label":"note","type":"STRING","value":"new"}}]`
		malformed         = "not-an-id"
		unknownItemOf     = "/items/" + noItem
		unknownVault      = "/v1/vaults/" + noVault
		wrongFilter       = "?filter=title%20eq%20%27x%27"
		inline            = "?inline_content=true"
		malformedItemPath = "/items/" + malformed
	)
	vault := "/v1/vaults/" + d.vault("Deployments")
	shop, tracker := d.path("Deployments", "Web Shop Admin"), d.path("Office", "Time Tracker")
	note := d.path("Office", "Where is the key? (alarm, cellar)")
	certificates := d.path("Deployments", "Deploy Certificates")
	chain := d.file("Deployments", "Deploy Certificates", "chain.pem")
	bundle := d.file("Deployments", "Deploy Certificates", "release-bundle.tar.gz")
	odd := d.file("Office", "Rental Contract", `Übergabe "final" (signed).txt`)
	replaced := `{"vault":{"id":"` + d.vault("Deployments") +
		`"},"title":"Shop","category":"LOGIN","fields":[{"purpose":"USERNAME","value":"root"}]}`

	anonymous := []requestOption{noHeader("Authorization")}
	plainText := []requestOption{header("Content-Type", "text/plain")}
	return map[string][]goldenCase{
		"GetVaults": {
			{name: "every vault", method: get, path: "/v1/vaults"},
			{name: "by title", method: get, path: "/v1/vaults?filter=title+eq+%22office%22"},
			{name: "no match", method: get, path: "/v1/vaults?filter=name%20eq%20%22nobody%22"},
			{name: "no token", method: get, path: "/v1/vaults", options: anonymous},
			{name: "an unknown token", method: get, path: "/v1/vaults", options: []requestOption{token("nonsense")}},
			{name: "filter in single quotes", method: get, path: "/v1/vaults" + wrongFilter},
		},
		"GetVaultById": {
			{name: "a vault", method: get, path: vault},
			{name: "a name for an id", method: get, path: "/v1/vaults/Deployments"},
			{name: "no such vault", method: get, path: unknownVault},
		},
		"GetVaultItems": {
			{name: "every item", method: get, path: vault + "/items"},
			{name: "by part of the title, or by tag", method: get, path: vault + "/items?filter=title%20co%20%22shop%22%20or%20tag%20eq%20%22ci%22"},
			{name: "filter in single quotes", method: get, path: vault + "/items" + wrongFilter},
			{name: "a name for an id", method: get, path: "/v1/vaults/Deployments/items"},
			{name: "no such vault", method: get, path: unknownVault + "/items"},
		},
		"CreateVaultItem": {
			{name: "a login", method: post, path: vault + "/items", body: login},
			{name: "no category", method: post, path: vault + "/items", body: `{"title":"t"}`},
			{name: "without a title", method: post, path: vault + "/items", body: `{"category":"LOGIN"}`},
			{name: "a category that can't be created", method: post, path: vault + "/items", body: `{"title":"t","category":"DOCUMENT"}`},
			{name: "field type passkey", method: post, path: vault + "/items", body: `{"category":"LOGIN","fields":[{"label":"key","type":"passkey"}]}`},
			{name: "field type TOTP", method: post, path: vault + "/items", body: totp},
			{name: "two passwords", method: post, path: vault + "/items", body: twoPasswords},
			{name: "a password in a database", method: post, path: vault + "/items", body: passwordInDB},
			{name: "an invalid month", method: post, path: vault + "/items", body: monthYear},
			{name: "not JSON", method: post, path: vault + "/items", body: `{"title":`},
			{name: "JSON of type text", method: post, path: vault + "/items", body: `{"Title":"t","CATEGORY":"SECURE_NOTE","vault":{"id":"deployments"}}`, options: plainText},
			{name: "no such vault", method: post, path: unknownVault + "/items", body: login},
		},
		"GetVaultItemById": {
			{name: "a login", method: get, path: shop},
			{name: "a login with a one-time password", method: get, path: tracker},
			{name: "a database", method: get, path: d.path("Deployments", "Orders Database")},
			{name: "a credit card", method: get, path: d.path("Office", "Company Card")},
			{name: "a key", method: get, path: d.path("Deployments", "Deploy Key")},
			{name: "a document", method: get, path: certificates},
			{name: "a name for an id", method: get, path: vault + malformedItemPath},
			{name: "no such item", method: get, path: vault + unknownItemOf},
			{name: "an item of another vault", method: get, path: vault + tracker[len(vault):]},
			{name: "no such vault", method: get, path: unknownVault + unknownItemOf},
		},
		"UpdateVaultItem": {
			{name: "other fields", method: put, path: shop, body: replaced},
			{name: "another category", method: put, path: note, body: `{"vault":{"id":"` + d.vault("Office") + `"},"title":"t","category":"LOGIN"}`},
			{name: "no vault", method: put, path: shop, body: `{"title":"t","category":"LOGIN"}`},
			{name: "a name for an id", method: put, path: vault + malformedItemPath, body: replaced},
			{name: "no such item", method: put, path: vault + unknownItemOf, body: replaced},
		},
		"PatchVaultItem": {
			{name: "a value and one more field", method: patch, path: shop, body: changePassword},
			{name: "nothing", method: patch, path: shop, body: `[]`},
			{name: "no such field", method: patch, path: shop, body: `[{"op":"replace","path":"/fields/nothing/value","value":"x"}]`},
			{name: "no such operation", method: patch, path: shop, body: `[{"op":"move","path":"/title","value":"x"}]`},
			{name: "path without a slash", method: patch, path: shop, body: `[{"op":"replace","path":"title","value":"x"}]`},
			{name: "an object", method: patch, path: shop, body: `{"op":"replace","path":"/title","value":"x"}`},
			{name: "no such item", method: patch, path: vault + unknownItemOf, body: `[]`},
		},
		"DeleteVaultItem": {
			{name: "an item", method: del, path: shop},
			{name: "no such item", method: del, path: vault + unknownItemOf},
			{name: "no such vault", method: del, path: unknownVault + unknownItemOf},
		},
		"GetItemFiles": {
			{name: "files", method: get, path: certificates + "/files"},
			{name: "no files", method: get, path: shop + "/files"},
			{name: "with their content", method: get, path: d.path("Ada's Own", "Old Forum") + "/files" + inline},
			{name: "one is too large to be inline", method: get, path: certificates + "/files" + inline},
			{name: "no such item", method: get, path: vault + unknownItemOf + "/files"},
		},
		"GetDetailsOfFileById": {
			{name: "a file", method: get, path: odd},
			{name: "with its content", method: get, path: chain + inline},
			{name: "by the published name", method: get, path: chain + "?inline_files=true"},
			{name: "too large to be inline", method: get, path: bundle + inline},
			{name: "a name for an id", method: get, path: certificates + "/files/chain.pem"},
			{name: "no such file", method: get, path: certificates + "/files/" + noFile},
		},
		"DownloadFileByID": {
			{name: "a file", method: get, path: chain + "/content"},
			{name: "a name with quotes", method: get, path: odd + "/content"},
			{name: "an empty file", method: get, path: d.file("Office", "Rental Contract", "empty.txt") + "/content"},
			{name: "no such file", method: get, path: certificates + "/files/" + noFile + "/content"},
			{name: "a file of another item", method: get, path: shop + chain[len(certificates):] + "/content"},
		},
		"GetApiActivity": {
			{name: "the last two", method: get, path: "/v1/activity?limit=2", first: shop},
			{name: "the second page", method: get, path: "/v1/activity?limit=1&offset=1", first: shop},
			{name: "beyond the end", method: get, path: "/v1/activity?offset=100000"},
			{name: "a limit that is not a number", method: get, path: "/v1/activity?limit=many"},
			{name: "an offset below zero", method: get, path: "/v1/activity?offset=-1"},
			{name: "no token", method: get, path: "/v1/activity", options: anonymous},
		},
		"GetServerHealth": {
			{name: "before the first token", method: get, path: "/health", options: anonymous},
			{name: "after the first token", method: get, path: "/health", options: anonymous, first: "/v1/vaults"},
			{name: "another method", method: post, path: "/health"},
		},
		"GetHeartbeat": {
			{name: "alive", method: get, path: "/heartbeat", options: anonymous},
			{name: "another method", method: del, path: "/heartbeat"},
		},
		"GetPrometheusMetrics": {
			{name: "after one request", method: get, path: "/metrics", options: anonymous, first: "/v1/vaults"},
			{name: "another method", method: put, path: "/metrics"},
		},
		noOperation: {
			{name: "no such route", method: get, path: "/v1/items"},
			{name: "no such method", method: post, path: "/v1/vaults"},
			{name: "a host with a slash at its end", method: get, path: "//v1/vaults"},
			{name: "HEAD", method: http.MethodHead, path: "/v1/vaults"},
		},
	}
}
