package mutants

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi"
)

// Each mutant changes a response of the mock, but no response of an operation that it
// does not affect.
func TestMutants_ChangeOnlyWhatTheyAffect(t *testing.T) {
	t.Parallel()
	recorded := newRecording(t, script())
	for _, m := range All() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			if !recorded.replay(t, m) && !recorded.runLive(t, m) {
				t.Errorf("%s: no response differs", m.About)
			}
		})
	}
}

// dependsOnWrites reports whether a response may differ because the mutant changes
// earlier writes.
func dependsOnWrites(m Mutant, op string) bool {
	writes := slices.ContainsFunc([]string{createItem, putItem, patchItem, deleteItem}, m.Affects)
	return writes && op != getHealth && op != getBeat && op != noRoute
}

func TestMutants_HaveUniqueNamesAndTexts(t *testing.T) {
	t.Parallel()
	document, err := openapi.Connect()
	if err != nil {
		t.Fatal(err)
	}
	names, abouts := map[string]bool{}, map[string]string{}
	for _, m := range All() {
		if names[m.Name] || m.Name != strings.ToLower(m.Name) || strings.ContainsAny(m.Name, " _.") {
			t.Errorf("%s: the name is not unique, or not of words joined by -", m.Name)
		}
		if m.About == "" || strings.HasSuffix(m.About, ".") || abouts[m.About] != "" {
			t.Errorf("%s: About must be one unique sentence without a full stop; %s", m.Name, abouts[m.About])
		}
		names[m.Name], abouts[m.About] = true, m.Name
		if m.Kind == "" || len(m.Operations) == 0 {
			t.Errorf("%s has no kind or affects nothing", m.Name)
		}
		for _, op := range m.Operations {
			if op != noRoute && document.Operation(op) == nil {
				t.Errorf("%s affects the unknown operation %q", m.Name, op)
			}
		}
	}
	if len(names) < 50 {
		t.Errorf("only %d mutants", len(names))
	}
}

// The routes of this package are those of the document.
func TestOperation_AgreesWithTheDocument(t *testing.T) {
	t.Parallel()
	document, err := openapi.Connect()
	if err != nil {
		t.Fatal(err)
	}
	id := strings.Repeat("a", 26)
	path := strings.NewReplacer("{vaultUuid}", id, "{itemUuid}", "some%20name", "{fileUuid}", "a%2Fb")
	for _, op := range document.Operations {
		for _, slash := range []string{"", "/"} {
			r := httptest.NewRequest(op.Method, path.Replace(op.Path)+slash, nil)
			if got := Operation(r); got != op.ID {
				t.Errorf("%s %s is %q, want %s", op.Method, op.Path, got, op.ID)
			}
		}
	}
	for _, path := range []string{"/", "/v1", "/v1/vaults/x/y", "/v1/vaults/x/items/y/z",
		"/v1/vaults/x/items/y/files/z/raw", "/health/x"} {
		if got := Operation(httptest.NewRequest("GET", path, nil)); got != noRoute {
			t.Errorf("%s is %q", path, got)
		}
	}
	if got := Operation(httptest.NewRequest("POST", "/v1/vaults", nil)); got != noRoute {
		t.Errorf("POST of vaults is %q", got)
	}
}

// Each wrapped server has its own state and does not change the responses that the
// mutant does not affect.
func TestWrap_KeepsStatePerServer(t *testing.T) {
	t.Parallel()
	i := slices.IndexFunc(All(), func(m Mutant) bool { return m.Name == "reads-are-cached" })
	d := All()[i]
	count := 0
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count++
		_ = json.NewEncoder(w).Encode(map[string]int{"count": count})
	})
	one, two := Wrap(next, d), Wrap(next, d)
	read := func(h http.Handler, path string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		body, _ := io.ReadAll(w.Body) // from memory
		return strings.TrimSpace(string(body))
	}
	item := "/v1/vaults/a/items/b"
	for i, c := range []struct {
		handler    http.Handler
		path, want string
	}{
		{one, item, `{"count":1}`}, {one, item, `{"count":1}`}, {two, item, `{"count":2}`}, {one, item, `{"count":1}`},
		{one, "/v1/vaults", `{"count":3}`}, {one, "/v1/vaults", `{"count":4}`},
	} {
		if got := read(c.handler, c.path); got != c.want {
			t.Errorf("read %d: %s, want %s", i, got, c.want)
		}
	}
}

// demoIDs returns the ids of the demo fixture that the script needs.
func demoIDs(t *testing.T) map[string]string {
	t.Helper()
	st := newTestServer(t, nil)
	find := func(path, name, wanted string) string {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Authorization", "Bearer "+st.tokens[""])
		w := httptest.NewRecorder()
		st.handler.ServeHTTP(w, r)
		v, _ := decodeJSON(w.Body.Bytes())
		for _, m := range objects(v) {
			if textMember(m, name) == wanted {
				return textMember(m, "id")
			}
		}
		t.Fatalf("%s has no %s", path, wanted)
		return ""
	}
	vault, office := find("/v1/vaults", "name", "Deployments"), find("/v1/vaults", "name", "Office")
	items := "/v1/vaults/" + vault + "/items"
	document := find(items, "title", "Deploy Certificates")
	files := items + "/" + document + "/files"
	own := find("/v1/vaults", "name", "Ada's Own")
	return map[string]string{
		"own": own, "home": find("/v1/vaults/"+own+"/items", "category", "LOGIN"),
		"vault": vault, "office": office, "document": document,
		"login": find(items, "title", "Web Shop Admin"), "database": find(items, "title", "Orders Database"),
		"tracker": find("/v1/vaults/"+office+"/items", "title", "Time Tracker"),
		"card":    find("/v1/vaults/"+office+"/items", "title", "Company Card"),
		"file":    find(files, "name", "chain.pem"), "keys": find(files, "name", "keystore.p12"),
		"large":       find(files, "name", "release-bundle.tar.gz"),
		"second-file": find(files, "name", "keystore.p12"),
	}
}
