package browsertest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// hostile is markup that would mark the page if any of it was taken for more than text.
const hostile = `</title></textarea>"'><img src=x onerror="document.documentElement.dataset.ran=1"><script>` +
	`document.documentElement.dataset.ran=1</script><svg onload=document.documentElement.dataset.ran=1>`

// TestHostileTexts_AreText stores texts of an attacker wherever clients can, and opens the pages that show them.
func TestHostileTexts_AreText(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	vault := s.vault("Deployments")
	in := loginItem(hostile, "javascript:document.documentElement.dataset.ran=1")
	in.Fields = append(in.Fields, in.Fields[0])
	in.Fields[2].Purpose, in.Fields[2].Label, in.Fields[2].Value = "", hostile, hostile
	item := s.create(vault, in)
	_, err := s.mock.AddFile(t.Context(), "", vault, item, controlapi.ItemFile{Name: hostile}, []byte(hostile))
	s.check(err)
	s.call("GET", "/v1/vaults/"+vault+"/items/"+item, s.token, hostile)
	s.call("GET", "/"+url.PathEscape(hostile)+"?q="+url.QueryEscape(hostile), s.token, hostile)
	b := s.signIn()
	place := "vault=" + vault + "&item=" + item
	for _, path := range []string{
		"/", "/vaults/items?vault=" + vault, "/vaults/items?vault=" + vault + "&search=" + url.QueryEscape(hostile),
		"/vaults/item?" + place, "/vaults/item/edit?" + place, "/vaults/item/delete?" + place, "/requests", "/requests/1",
		"/requests/2", "/activity", "/accounts?search=" + url.QueryEscape(hostile),
	} {
		b.open(s.at(path))
		b.checkHarmless(path)
		if !strings.Contains(evaluate[string](b, "document.documentElement.innerText + [...document.querySelectorAll('input,textarea')].map((e) => e.value)"), "onerror=") &&
			path != "/accounts" && path != "/" {
			t.Errorf("%s does not show the text", path)
		}
	}
	b.open(s.at("/vaults/item?" + place))
	b.click("Duplicate")
	b.waitText("Made a copy of the item")
	b.checkHarmless("the copy")
}

// A request comes while the page is open, so its row is added by the script.
func TestHostileTexts_AreTextInLiveRows(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	b := s.signIn()
	b.open(s.at("/requests"))
	s.call("GET", "/"+url.PathEscape(hostile), s.token, hostile)
	b.waitText("onerror=")
	b.checkHarmless("/requests")
}

// checkHarmless checks that no script of an attacker ran, and that the browser did not have to stop one.
func (b *tab) checkHarmless(what string) {
	b.t.Helper()
	if found := evaluate[string](b, `(document.documentElement.dataset.ran || "") + [...document.querySelectorAll(
		"img, script:not([src='/console/static/console.js']), svg:not(.chart), [onload], [onerror], a[href^='javascript']")].map((e) => e.outerHTML)`); found != "" {
		b.t.Errorf("%s: %s", what, found)
	}
	if problems := b.complaints(); len(problems) > 0 {
		b.t.Errorf("%s: %s", what, problems)
	}
}

// The policy is the second line of defence: markup that got into a page does nothing there.
func TestPolicy_StopsInjectedScripts(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	b := s.signIn()
	evaluate[bool](b, fmt.Sprintf(`document.querySelector("main").insertAdjacentHTML("beforeend", %s) || true`,
		quote(`<img src="data:x" onerror="document.documentElement.dataset.ran=1"><style>main{color:red}</style>`)))
	evaluate[bool](b, `(() => {
		const script = document.createElement("script");
		script.textContent = "document.documentElement.dataset.ran = 1";
		document.body.append(script);
		return true;
	})()`)
	b.wait(`document.querySelector("main img").complete`)
	if ran := evaluate[string](b, `document.documentElement.dataset.ran || ""`); ran != "" {
		t.Error("a script in the page ran")
	}
	if color := evaluate[string](b, `getComputedStyle(document.querySelector("main")).color`); color == "rgb(255, 0, 0)" {
		t.Error("a style in the page applies")
	}
	refused := 0
	for _, problem := range b.complaints() {
		if strings.Contains(problem, "Content Security Policy") {
			refused++
		}
	}
	if refused < 3 {
		t.Errorf("the browser refused %d of 3", refused)
	}
}
