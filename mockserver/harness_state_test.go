package mockserver_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
)

// accountState returns all that a client can see of an account: vaults, items,
// files and the activity, without the records of these requests. The account's own
// id is replaced. Responses are not checked against the document, because tests
// compare them with those of other states.
func (s *testServer) accountState(t testing.TB, account string) string {
	t.Helper()
	log := s.activity(t, "?limit=10000")
	lines := []string{fmt.Sprint("records ", log.total)}
	for _, record := range log.records {
		line, err := json.Marshal(record)
		must(t, err)
		lines = append(lines, strings.ReplaceAll(string(line), `"`+account+`"`, `"ACCOUNT"`))
	}
	read := func(path string) response {
		r := s.get(t, path).wantOK(t)
		lines = append(lines, path+" "+string(r.body))
		return r
	}
	for _, v := range decode[[]connect.Vault](t, read("/v1/vaults")) {
		items := "/v1/vaults/" + v.ID + "/items"
		read("/v1/vaults/" + v.ID)
		for _, it := range decode[[]connect.Summary](t, read(items)) {
			for _, f := range decode[connect.Item](t, read(items+"/"+it.ID)).Files {
				read(items + "/" + it.ID + "/files/" + f.ID + "/content")
			}
		}
	}
	return strings.Join(lines, "\n")
}

// wantState compares two states and shows where they begin to differ.
func wantState(t testing.TB, want, got, format string, args ...any) {
	t.Helper()
	if got != want {
		t.Errorf("%s: it differs %s", fmt.Sprintf(format, args...), excerpt(got, want))
	}
}

// excerpt returns the place where two texts begin to differ.
func excerpt(got, want string) string {
	at := firstDifference(got, want)
	cut := func(s string) string { return s[max(0, min(at-80, len(s))):min(at+80, len(s))] }
	return fmt.Sprintf("from byte %d on:\n got ...%s...\nwant ...%s...", at, cut(got), cut(want))
}

// firstDifference returns the index of the first byte that differs.
func firstDifference(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// withoutActivity returns a state without the activity, which grows with each read.
func withoutActivity(state string) string { return state[strings.Index(state, "\n/v1/vaults"):] }

// changeItems creates, changes and deletes items, with other values for other
// words.
func (s *testServer) changeItems(t testing.TB, d demoData, word string) {
	t.Helper()
	const change = `[{"op":"%s","path":"%s","value":"%s"}]`
	_, path := s.create(t, d.vault("Office"), `{"title":"`+word+`","category":"LOGIN","tags":["`+word+`"],`+
		`"fields":[{"purpose":"PASSWORD","value":"secret `+word+`"}]}`)
	s.send(t, "PATCH", path, fmt.Sprintf(change, "add", "/fields/password/value", "secret again "+word)).wantOK(t)
	s.create(t, d.vault("Office"), `{"title":"second `+word+`","category":"SECURE_NOTE"}`)
	items := d.items("Deployments")
	list := s.list(t, items)
	s.send(t, "DELETE", items+"/"+list[len(list)-1].ID, nil).wantStatus(t, 204)
	s.send(t, "PATCH", items+"/"+list[0].ID, fmt.Sprintf(change, "replace", "/title", word)).wantOK(t)
}

// runServer starts a server on a file, uses it and closes it.
func runServer(t *testing.T, file string, use func(*testServer), options ...connecttest.Option) {
	t.Helper()
	server, err := connecttest.Start(append(options, withStore(file))...)
	must(t, err)
	use(&testServer{server, server.Client})
	if err := server.Close(); err != nil {
		t.Error(err)
	}
}
