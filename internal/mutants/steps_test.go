package mutants

import "strings"

const (
	atVault  = "/v1/vaults/{vault}"
	atOffice = "/v1/vaults/{office}"
	atItems  = atVault + "/items"
	atMade   = atItems + "/{made}"
	atDoc    = atItems + "/{document}"
)

// script returns calls of all operations. Each mutant changes the response of one.
func script() []call {
	var all []call
	get := func(paths ...string) {
		for _, p := range paths {
			all = append(all, call{method: "GET", path: p})
		}
	}
	send := func(method, path string, bodies ...string) {
		for _, b := range bodies {
			all = append(all, call{method: method, path: path, body: b})
		}
	}
	filter := func(path string, filters ...string) {
		for _, f := range filters {
			get(path + "?filter=" + strings.NewReplacer(" ", "+", `"`, "%22", "é", "%C3%A9").Replace(f))
		}
	}
	// Before anything is written or refused.
	get("/v1/activity", "/v1/activity", "/v1/activity?limit=5", "/v1/activity?limit=60", "/v1/activity?limit=0",
		"/v1/activity?limit=-1",
		"/v1/activity?limit=x", "/v1/activity?limit=5&offset=3", "/v1/activity?offset=-1", "/v1/activity?offset=x",
		"/v1/activity?offset=100000")
	get("/heartbeat", "/health", "/metrics", "/nothing", "/v1/vaults", "/v1/vaults/", atVault, atOffice, atItems,
		atOffice+"/items", atItems+"/", "/metrics")
	all = append(all, call{"GET", "/heartbeat", "", "-", ""}, call{"GET", "/health", "", "-", ""},
		call{"GET", "/metrics", "", "-", ""},
		call{"GET", "/health", "", "bad", ""}, call{"GET", "/v1/vaults", "", "", "Content-Type: application/json"},
		call{"GET", "/v1/vaults", "", "", "Accept: application/json, */*"})
	filter("/v1/vaults", `name eq "Office"`, `title eq "office"`, `title eq "Off"`, `title co "ffi"`, `title eq "none"`,
		`title eq 'Office'`,
		`title eq "Office" or title eq "Deployments"`, `(title eq "Office" or title eq "Deployments")`, `colour eq "x"`, "",
		`title eq "é"`)
	get("/v1/vaults?=", `/v1/vaults?filter=title%20eq%20"Office"`, "/v1/vaults/?filter=title%20eq%20%22Office%22",
		"/v1/vaults/Office",
		"/v1/vaults/connectmocknosuchvault0000", "/v1/vaults/connectmocknosuchvault0000/items")
	get(atItems+"/{login}", atItems+"/connectmocknosuchitem00000", atItems+"/Name", atOffice+"/items/{login}",
		atOffice+"/items/{tracker}", atOffice+"/items/{card}",
		atItems+"/{tracker}", atItems+"/{database}")
	filter(atItems, `title eq "web shop admin"`, `title co "Server"`, `title eq "Staging Server"`, `tag eq "staging"`,
		`title eq "none"`,
		`title eq "Web Shop Admin" or title eq "Deploy Key"`, `title co "Deploy" and title co "Key"`, `title eq "a \"b\""`,
		`tag eq "old" and (title eq "Staging Server" or title eq "none")`,
		`title eq "none" and (title co "x" or title co "S")`)
	filter("/v1/vaults", `title co "ffi" or title co "Own"`)
	filter(atItems, `title sw "Server"`, `title ew "Staging"`, `title ne "Deploy Key"`, `not (title eq "Deploy Key")`)
	filter(atItems, `title co "Deploy" or title co "Server"`, `title eq "none" or tag eq "staging"`,
		`title eq "none" or title co "a" and title co "e"`, `title eq "none" or title co "Tracker"`,
		`title eq "none" or tag eq "billing"`, `title eq "none" or title eq "Time Tracker" and title co "Tracker"`)
	get(atItems+"?filter=title%20eq%20%22100%%22", atItems+"?filter=title%20eq%20%22Demo%20&%20Co%22")
	// The first writes to these vaults and items, whose dates are old.
	send("PUT", atOffice+"/items/{tracker}", `{"title":"Tracker","category":"LOGIN","vault":{"id":"{office}"}}`)
	get(atOffice+"/items/{tracker}", atOffice+"/items", atOffice)
	send("PATCH", "/v1/vaults/{own}/items/{home}", `[{"op":"replace","path":"/favorite","value":true}]`)
	get("/v1/vaults/{own}/items/{home}", "/v1/vaults/{own}")
	// Files.
	get(atDoc, atDoc+"/files", atDoc+"/files/{file}", atDoc+"/files/{second-file}", atDoc+"/files?inline_files=true",
		atDoc+"/files/{file}?inline_content=true",
		atDoc+"/files/{file}?inline_files=true", atDoc+"/files/{keys}?inline_content=true",
		atDoc+"/files/{file}?inline_content=false", atDoc+"/files/{large}?inline_content=true",
		atDoc+"/files/connectmocknosuchfile00000",
		atDoc+"/files/{file}/content", atDoc+"/files/{keys}/content", atItems+"/{login}/files",
		atItems+"/{login}/files/{file}",
		atItems+"/{login}/files/{file}/content")
	// Creates.
	field := func(members string) string {
		return `{"title":"Fields","category":"SECURE_NOTE","vault":{"id":"{vault}"},"fields":[` + members + `]}`
	}
	generated := func(recipe string) string {
		return `{"title":"Made","category":"PASSWORD","fields":[{"purpose":"PASSWORD","generate":true` + recipe + `}]}`
	}
	send("POST", atItems,
		`{"title":"A title of more than twenty letters","category":"LOGIN","favorite":true,"tags":["Zeta","alpha"],"vault":{"id":"{vault}"},
		"urls":[{"href":"https://example.com","label":"home","primary":true}],"sections":[{"id":"one","label":"One"}],"fields":[{"purpose":"USERNAME","value":"wendy"},
		{"purpose":"PASSWORD","value":"kite-lantern-51"},{"id":"mine","label":"Mine","type":"STRING","value":" é padded\nlines ","section":{"id":"one"}},
		{"label":"password","type":"concealed","value":"c"},{"label":"day","type":"DATE","value":"2024-02-29"},{"label":"month","type":"MONTH_YEAR","value":"202911"},
		{"label":"code","type":"OTP","value":"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"},{"label":"long","value":"`+
			strings.Repeat("0123456789", 30)+`"}]}`,
		generated(""), generated(""),
		generated(`,"recipe":{"length":12,"characterSets":["DIGITS"],"excludeCharacters":"123"}`),
		generated(`,"recipe":{"characterSets":["LETTERS"]}`), generated(`,"recipe":{"excludeCharacters":"!@.-_abc"}`),
		`{"title":"Kept","category":"LOGIN","fields":[{"purpose":"PASSWORD","generate":true,"value":"kite-lantern-51"}]}`,
		`{"title":"Sent","category":"LOGIN","id":"{login}"}`, `{"title":"Sent","category":"LOGIN","id":"abcdefghijklmnopqrstuvwxyz"}`,
		`{"title":"Same","category":"LOGIN","sections":[{"id":"s","label":"a"},{"id":"s","label":"b"}]}`,
		field(`{"id":"f","label":"a"},{"id":"f","label":"b"}`),
		field(`{"label":"code","type":"OTP","value":"otpauth://totp/x?issuer=x"}`),
		field(`{"label":"code","type":"OTP","value":"otpauth://totp/x?secret=KRSXG5CTMVRXEZLUKRSX"}`),
		generated(`,"recipe":{"length":12}`), `{"title":"Twice","category":"SECURE_NOTE"}`,
		`{"title":"Twice","category":"SECURE_NOTE"}`, `{"title":"Café","category":"SECURE_NOTE"}`,
		`{"title":"Say \"x\"","category":"SECURE_NOTE"}`)
	filter(atItems, `title eq "Café"`, `title eq "Say \"x\""`)
	get(atMade, atItems, atVault, "/v1/activity?limit=3")
	send("POST", atItems,
		`{"title":"","category":"LOGIN"}`, `{"title":"x"}`, `{"title":"x","category":"NONE"}`,
		`{"title":"x","category":"DOCUMENT"}`, `{"title":"x","category":"CUSTOM"}`,
		`{"title":"x","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"a"},{"purpose":"PASSWORD","value":"b"}]}`,
		`{"title":"x","category":"DATABASE","fields":[{"purpose":"USERNAME","value":"a"}]}`,
		field(`{"label":"x","type":"TOTP","value":"y"}`), field(`{"label":"x","type":"NONE","value":"y"}`),
		field(`{"label":"x","type":"MONTH_YEAR","value":"y"}`),
		field(`{"label":"x","type":"DATE","value":"y"}`), field(`{"id":"","label":"x","type":"","purpose":"","value":"y"}`),
		`{"title":"x","category":"LOGIN","vault":{"id":"{office}"}}`, `{"title":"x","category":"LOGIN"}{}`, `{"title":"x"`,
		``,
		`{"title":"x","category":"LOGIN","tags":"y"}`,
		`{"id":"","title":"Client","category":"LOGIN","urls":[{"href":""}],"createdAt":"0001-01-01T00:00:00Z",
		"version":9,"lastEditedBy":"ABCDEFGHIJKLMNOPQRSTUVWXYZ","sections":null,"mood":"good"}`,
		`{"title":"Sent back","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"p","passwordDetails":{"history":["before"]}}]}`)
	filter(atItems, `not (title co "zzz")`, `title is "x"`, `title eq "" and title eq "Deploy Key"`)
	send("POST", atItems, `{"title":"x","category":"LOGIN","sections":[{"id":"s"}],"fields":[{"label":"x","section":{"id":"s","label":"S"}}]}`,
		`{"category":"SECURE_NOTE"}`,
		`{"Title":"x","Vault":{"Id":"{vault}"},"Category":"LOGIN","Fields":[{"Purpose":"USERNAME","Value":"u"}]}`,
		`{"title":"x","category":"LOGIN","vault":{"id":"Deployments"}}`, field(`{"label":"x","type":"passkey"}`),
		field(`{"label":"x","value":"first","Value":"last"}`), field(`{"label":"x","type":"SSH_KEY","value":"y"}`),
		field(`{"label":"x","type":"PHONE","value":"y"}`), field(`{"label":"x","type":"ADDRESS","value":"y"}`),
		`{"title":"x","category":"LOGIN","sections":[{"id":"s"}],"fields":[{"purpose":"USERNAME","section":{"id":"s"}}]}`)
	all = append(all, call{"POST", atItems, `{"title":"x","category":"LOGIN"}`, "", "Content-Type: text/plain"},
		call{"POST", atItems, `title=x&category=LOGIN`, "", "Content-Type: application/x-www-form-urlencoded"},
		call{"POST", atItems, `{"title":"x","category":"LOGIN"}`, "", "Content-Type: "},
		call{"POST", atItems, `{"title":"x","category":"LOGIN"}`, "", "Content-Type: application/json; charset=utf-8"})
	// Replaces.
	send("PUT", atMade,
		`{"id":"{made}","title":"B","category":"LOGIN","tags":["beta"],"vault":{"id":"{vault}"},"version":1,"lastEditedBy":"ABCDEFGHIJKLMNOPQRSTUVWXYZ","fields":[{"purpose":"PASSWORD","generate":true}]}`)
	get(atMade, atItems, atVault)
	send("PUT", atMade, `{"title":"B","category":"SERVER","vault":{"id":"{vault}"}}`, `{"title":"B","category":"LOGIN"}`,
		`{"id":"{login}","title":"B","category":"LOGIN","vault":{"id":"{vault}"}}`,
		`{"title":"B","category":"LOGIN","vault":{"id":"{vault}"},"fields":[{"id":"username","purpose":"USERNAME","value":"w"},{"id":"other","label":"Other","value":"o"}]}`)
	send("PUT", atItems+"/connectmocknosuchitem00000", `{"title":"B","category":"LOGIN","vault":{"id":"{vault}"}}`)
	send("PUT", atOffice+"/items/{made}", `{"title":"B","category":"LOGIN","vault":{"id":"{office}"}}`)
	get(atMade)
	// Patches.
	patch := func(ops ...string) {
		send("PATCH", atMade, "["+strings.Join(ops, ",")+"]")
		get(atMade)
	}
	patch()
	patch(`{"op":"add","path":"/fields","value":{"id":"extra","label":"Extra","value":"1"}}`,
		`{"op":"replace","path":"/favorite","value":true}`)
	patch(`{"op":"replace","path":"/title","value":"P1"}`, `{"op":"replace","path":"/title","value":"P2"}`)
	patch(`{"op":"replace","path":"/title","value":"half"}`, `{"op":"replace","path":"/fields/none/value","value":"x"}`)
	patch(`{"op":"replace","path":"/fields/username","value":{"value":"v"}}`)
	patch(`{"op":"replace","path":"/fields/username/label","value":"Name"}`)
	patch(`{"op":"replace","path":"/tags","value":["b","c"]}`)
	patch(`{"op":"replace","path":"/tags/1","value":"a"}`)
	patch(`{"op":"add","path":"/urls","value":[{"href":"https://example.org"}]}`)
	patch(`{"op":"replace","path":"/urls","value":[{"href":"https://example.net"}]}`)
	patch(`{"op":"remove","path":"/fields/extra/value","value":""}`)
	patch(`{"op":"remove","path":"/fields/extra"}`)
	patch(`{"op":"REPLACE","path":"/favorite","value":false}`)
	patch(`{"op":"replace","path":"/fields/password","value":{"generate":true,"recipe":{"characterSets":["LETTERS"]}}}`)
	patch(`{"op":"add","path":"/fields","value":{"generate":true,"recipe":{"length":65}}}`)
	patch(`{"op":"add","path":"/fields","value":{"id":"kept","generate":true,"value":"kept"}}`)
	patch(`{"op":"add","path":"/fields","value":{"id":"kept","value":"second"}}`)
	patch(`{"op":"add","path":"/fields","value":{"id":"TOTP_a","type":"OTP","value":"JBSWY3DPEHPK3PXP"}}`)
	patch(`{"op":"replace","path":"/fields/TOTP_a/value","value":"KRSXG5CTMVRXEZLU"}`)
	patch(`{"op":"remove","path":"/tags/9"}`)
	patch(`{"op":"add","path":"/urls/0","value":{"href":"https://first.example.com"}}`)
	patch(`{"op":"replace","path":"/fields/kept/section","value":{"id":"sect","label":"Sect"}}`)
	patch(`{"op":"replace","path":"/tags/2","value":"d"}`)
	patch(`{"op":"remove","path":"/tags/1"}`)
	patch(`{"op":"add","path":"/tags/-","value":"last"}`)
	patch(`{"op":"add","path":"/tags/0","value":"a first one"}`)
	patch(`{"op":"replace","path":"/urls/0/label","value":"label"}`)
	patch(`{"op":"replace","path":"/sections","value":[{"id":"s","label":"S"},{"id":"t","label":"T"}]}`)
	patch(`{"op":"replace","path":"/sections/s/label","value":"Renamed"}`)
	patch(`{"op":"remove","path":"/sections/t"}`)
	patch(`{"op":"replace","path":"/fields/kept/type","value":"CONCEALED"}`)
	patch(`{"op":"replace","path":"/category","value":"SERVER"}`)
	patch(`{"op":"replace","path":"/vault/id","value":"{vault}"}`)
	patch(`{"op":"replace","path":"/fields/TOTP_none/value","value":"x"}`)
	patch(`{"op":"replace","path":"/createdAt","value":"2001-02-03T04:05:06Z"}`)
	patch(`{"op":"remove","path":"/urls"}`)
	patch(`{"op":"replace","path":"/title","value":5}`)
	patch(`{"op":"replace","path":"/fields/username/value/deeper","value":"x"}`)
	patch(`{"op":"replace","path":"/","value":{"title":"Whole, without a category"}}`)
	all = append(all, call{"PATCH", atMade, `[]`, "", "Content-Type: application/json-patch+json"})
	patch(`{"op":"move","path":"/title","from":"/tags/0"}`)
	patch(`{"op":"replace","path":"title","value":"no slash"}`)
	patch(`{"op":"replace","path":"/","value":{"title":"Whole","category":"LOGIN","vault":{"id":"{vault}"}}}`)
	send("PATCH", atMade, `{"op":"replace","path":"/title","value":"object"}`, `{`)
	send("PATCH", atOffice+"/items/{made}", `[]`)
	send("PATCH", atItems+"/connectmocknosuchitem00000", `[]`)
	// Tokens.
	for _, name := range []string{"-", "bad", "raw", "named", "empty", "cut", "longer", "unsigned", "algorithm", "claims",
		"expired", "revoked", "future"} {
		for _, path := range []string{"/v1/vaults", "/v1/activity", atDoc + "/files/{file}/content"} {
			all = append(all, call{"GET", path, "", name, ""})
		}
	}
	for _, name := range []string{"reader", "writer", "other"} {
		all = append(all, call{"GET", "/v1/vaults", "", name, ""}, call{"GET", atMade, "", name, ""},
			call{"GET", atDoc + "/files", "", name, ""}, call{"GET", atItems, "", name, ""},
			call{"GET", atVault, "", name, ""},
			call{"GET", atDoc + "/files/{file}", "", name, ""}, call{"GET", atDoc + "/files/{file}/content", "", name, ""},
			call{"GET", `/v1/vaults?filter=title+co+"e"+or+title+eq+"x"`, "", name, ""},
			call{"PATCH", atMade, "[]", name, ""},
			call{"POST", atItems, `{"title":"` + name + `","category":"LOGIN"}`, name, ""},
			call{"DELETE", atItems + "/{second}", "", name, ""})
	}
	// What does not exist.
	all = append(all, call{method: "POST", path: "/v1/vaults"}, call{method: "DELETE", path: atVault})
	send("DELETE", atOffice+"/items/{made}", "")
	send("DELETE", atItems+"/connectmocknosuchitem00000", "")
	send("DELETE", atItems+"/Name", "")
	send("DELETE", atMade, "")
	get(atMade, atItems, atVault, atMade+"/files")
	send("DELETE", atMade, "")
	send("DELETE", atDoc, "")
	get(atDoc, atDoc+"/files", atDoc+"/files/{file}/content")
	get("/v1/activity?limit=200", "/v1/activity?limit=200", "/metrics")
	return all
}
