package console

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/docsite"
)

func TestHelp_ShowsEveryPageOfTheDocumentation(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	index := b.get("/help").expect(200, "Look up", "Search")
	for _, p := range docsite.Pages() {
		if !index.contains(p.Title) {
			t.Errorf("the list has no %q", p.Title)
		}
		page := b.get("/help/"+p.Name).expect(200, "Fill in the token", "!"+b.firstToken())
		if n := len(page.all("h1", "", "")); n != 1 {
			t.Errorf("%s has %d titles", p.Name, n)
		}
		for _, attribute := range []string{" style=", "onclick="} {
			if strings.Contains(page.source, attribute) {
				t.Errorf("%s has %q, which the content policy forbids", p.Name, attribute)
			}
		}
	}
	all := docsite.Pages()
	second := b.get("/help/"+all[1].Name).expect(200, "Before: "+all[0].Title, "Next: "+all[2].Title)
	b.get(second.link("prev")).expect(200, "Next: "+all[1].Title, "!rel=\"prev\"")
	b.get("/help/"+all[len(all)-1].Name).expect(200, "!rel=\"next\"")
	b.get("/help/none").expect(404, "The help has no such page")
}

func TestHelp_FillsInTheTokenThatIsAskedFor(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	page := b.get("/help/install").expect(200, "Examples have the address of this mock")
	page.submit("/help/token").expect(200, "and its token until you leave this page")
	b.get("/help/install").expect(200, "Fill in the token")
}

func TestHelp_FindsParts(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	found := b.get("/help?search=GitLab").expect(200, "Found")
	link := attribute(found.all("dt", "", "")[0].FirstChild, "href")
	if !strings.HasPrefix(link, Mount+"/help/ci#") {
		t.Errorf("the first part that is found is %q", link)
	}
	b.get(strings.Split(link, "#")[0]).expect(200, "GitLab")
	b.get("/help?search=no+such+words+anywhere").expect(200, "Nothing contains all these words")
}

func TestExamples_HaveTheMock(t *testing.T) {
	t.Parallel()
	e := examples{host: "https://127.0.0.1:4321", control: "http://127.0.0.1:4322", token: "eyJ.a.b-c_"}
	for name, tt := range map[string]struct {
		e              examples
		language, have string
		want           string
	}{
		"addresses": {e, "sh", "curl http://127.0.0.1:8080/x; ctl --control http://127.0.0.1:8081", "curl https://127.0.0.1:4321/x; " +
			"ctl --control http://127.0.0.1:4322"},
		"variables": {e, "sh", `curl -H "Authorization: Bearer $OP_CONNECT_TOKEN" "${OP_CONNECT_HOST}/v1"`,
			`curl -H "Authorization: Bearer eyJ.a.b-c_" "https://127.0.0.1:4321/v1"`},
		"exports": {e, "sh", "export OP_CONNECT_HOST=http://127.0.0.1:8080 OP_CONNECT_TOKEN=eyJhbGciOi...\ncurl $OP_CONNECT_HOST",
			"export OP_CONNECT_HOST=https://127.0.0.1:4321 OP_CONNECT_TOKEN=eyJ.a.b-c_\ncurl $OP_CONNECT_HOST"},
		"not asked for":  {examples{host: "http://h:1"}, "sh", "OP_CONNECT_TOKEN=eyJhbGciOi...", "OP_CONNECT_TOKEN=TOKEN"},
		"no token":       {examples{host: "http://h:1"}, "sh", "curl $OP_CONNECT_HOST $OP_CONNECT_TOKEN", "curl http://h:1 $OP_CONNECT_TOKEN"},
		"own server":     {e, "sh", "connectmock exec -- sh -c 'curl $OP_CONNECT_HOST'", "connectmock exec -- sh -c 'curl $OP_CONNECT_HOST'"},
		"other variable": {e, "sh", "curl $OP_CONNECT_TOKEN_1", "curl $OP_CONNECT_TOKEN_1"},
		"unsafe value":   {examples{token: "a$(b)"}, "sh", "curl $OP_CONNECT_TOKEN", "curl $OP_CONNECT_TOKEN"},
		"job of CI":      {examples{host: "http://h:1", inCI: true}, "yaml", "host: http://127.0.0.1:8080", "host: http://127.0.0.1:8080"},
	} {
		if got := tt.e.fill(tt.language, tt.have); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
