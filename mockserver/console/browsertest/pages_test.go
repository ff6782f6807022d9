package browsertest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The widths of the windows: a desk, a tablet and a phone.
const (
	desk   = 1200
	tablet = 900
	phone  = 390
)

// longWord does not fit in the window of a phone, and has nothing at which it could break.
var longWord = strings.Repeat("unbroken", 11)

// TestPages_AreSeenByEveryone opens each page in both themes and at the width of a phone: nothing is beside the window,
// the browser has no complaint, and axe-core finds nothing serious.
func TestPages_AreSeenByEveryone(t *testing.T) {
	t.Parallel()
	axe := readAxe(t)
	s := startSite(t)
	s.fill()
	b := s.signIn()
	look := func(p string) {
		evaluate[bool](b, axe+"; document.querySelectorAll('details').forEach((e) => { e.open = true; }); true")
		for _, theme := range []string{"light", "dark"} {
			for _, width := range []int{phone, tablet, desk} {
				b.show(width, 800, theme)
				b.checkWindow(width, theme)
			}
			b.checkAccess(theme)
		}
		if complaints := b.complaints(); len(complaints) > 0 && !strings.HasSuffix(p, "/nowhere") {
			t.Errorf("%s: %s", p, complaints)
		}
	}
	for _, p := range s.pages(b) {
		b.open(p)
		look(p)
	}
	office := s.vault("Office")
	b.open(s.at("/vaults/item?vault=" + office + "&item=" + s.item(office, "Time Tracker")))
	b.click("Show secret values")
	b.waitText("s left")
	look("an item with its secrets")
	b.click("Sign out")
	b.waitHeading("Sign in")
	b.complaints() // of the status 401
	look("the page to sign in")
}

// checkWindow checks that nothing is beside the window, and that text and paper have the colours of the theme.
func (b *tab) checkWindow(width int, theme string) {
	b.t.Helper()
	got := evaluate[struct {
		Wide, Window    int
		IsLight         bool
		Heading, Widest string
		Covered         string // by its button
	}](b, `(() => {
		const channel = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g).map(Number);
		const root = document.documentElement;
		const beside = [...document.querySelectorAll("main *")].find((e) => e.getBoundingClientRect().right > innerWidth + 1 &&
			!e.closest("pre") && !e.closest(".hidden-text") && !e.closest("thead"));
		return { Wide: root.scrollWidth, Window: root.clientWidth, IsLight: channel[0] > 127,
			Covered: [...document.querySelectorAll(".copied")].find((box) => box.querySelector("pre").getBoundingClientRect().right >
				box.querySelector("button").getBoundingClientRect().left + 1)?.textContent || "",
			Heading: document.querySelector("h1").textContent, Widest: beside ? beside.outerHTML.slice(0, 200) : "" };
	})()`)
	if got.Wide > got.Window || got.Window != width {
		b.t.Errorf("%s: %d wide in a window of %d, which should be %d: %s", b.address(), got.Wide, got.Window, width, got.Widest)
	}
	if got.IsLight != (theme == "light") {
		b.t.Errorf("%s: the paper is light: %t in the theme %s", b.address(), got.IsLight, theme)
	}
	if got.Covered != "" {
		b.t.Errorf("%s: a button covers %s", b.address(), got.Covered)
	}
	if got.Heading == "" {
		b.t.Errorf("%s: there is no heading", b.address())
	}
}

// fill gives every page something to show.
func (s *site) fill() {
	s.t.Helper()
	ctx := s.t.Context()
	vault := s.vault("Deployments")
	for _, c := range []struct{ path, token, agent string }{
		{"/v1/vaults", s.token, "shop/2.1"},
		{"/v1/vaults/" + vault + "/items/" + s.item(vault, "Web Shop Admin"), s.token, "shop/2.1 " + longWord},
		{"/v1/vaults/" + vault + "/items?filter=" + longWord, s.token, "shop/2.1"},
		{"/v1/vaults", "wrong", "curl/8"},
		{"/nowhere/" + longWord, s.token, "curl/8"},
	} {
		s.call("GET", c.path, c.token, c.agent)
	}
	_, err := s.mock.SaveSnapshot(ctx, controlapi.NewSnapshot{Name: "before"})
	s.check(err)
	s.create(vault, loginItem(longWord, "https://example.com/"+longWord))
	_, err = s.mock.AddFault(ctx, controlapi.Fault{Name: "slow-" + longWord, Delay: &controlapi.Delay{Fixed: controlapi.Duration(time.Millisecond)}, Times: 3,
		Abort: &controlapi.Abort{Status: 503, Message: longWord}})
	s.check(err)
	_, err = s.mock.CreateAccount(ctx, controlapi.NewAccount{Name: longWord})
	s.check(err)
	_, err = s.mock.IssueToken(ctx, controlapi.Token{Name: longWord, Permission: "read"})
	s.check(err)
	_, err = s.mock.AddFile(ctx, "", vault, s.item(vault, "Web Shop Admin"), controlapi.ItemFile{Name: longWord + ".txt"}, []byte("x"))
	s.check(err)
}

func (s *site) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// pages returns the addresses of all pages: those of the navigation, and those that they lead to.
func (s *site) pages(b *tab) []string {
	s.t.Helper()
	list := evaluate[[]string](b, `[...document.querySelectorAll("nav[aria-label=Pages] a")].map((a) => a.href)`)
	if len(list) < 10 {
		s.t.Fatalf("the navigation has only %s", list)
	}
	vault := s.vault("Deployments")
	place := fmt.Sprintf("vault=%s&item=%s", vault, s.item(vault, "Web Shop Admin"))
	long := fmt.Sprintf("vault=%s&item=%s", vault, s.item(vault, longWord))
	for _, path := range []string{
		"/vaults/items?vault=" + vault, "/vaults/items?search=none&vault=" + vault, "/vaults/item?" + place, "/vaults/item?" + long,
		"/vaults/item/edit?" + place, "/vaults/item/delete?" + long, "/vaults/item/new?vault=" + vault,
		"/requests/4", "/requests/5", "/requests?status=500", "/faults?operation=GetVaults&times=1", "/accounts/tokens",
		"/accounts/delete?name=" + longWord, "/snapshots/diff?from=before", "/snapshots/restore?name=before",
		"/contract/rules", "/scenarios/source?name=token-expiry", "/nowhere",
		"/help/first-minute", "/help/commands", "/help/console", "/help?search=token", "/contract/rules?operation=GetVaults", "/scenarios?request=4",
	} {
		list = append(list, s.at(path))
	}
	return list
}
