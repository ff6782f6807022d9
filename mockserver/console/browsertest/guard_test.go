package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// attack is a page of another site, which a person opens who has opened the console as well.
func attack(t *testing.T, body string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<!DOCTYPE html><title>attack</title>%s", body)
	}))
	t.Cleanup(server.Close)
	return server
}

// A page of the same host, to which browsers send the cookies, and one of another host post a form that deletes an item.
func TestGuards_RefuseFormsOfOtherSites(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"127.0.0.1", "localhost"} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			vault := s.vault("Deployments")
			b := s.signIn()
			csrf := evaluate[string](b, `document.querySelector("[name=csrf]").value`)
			evil := attack(t, fmt.Sprintf(`<form method="post" action="%s"><input name="vault" value="%s"><input name="item" value="%s">
				<input name="csrf" value="%s"></form>`, s.at("/vaults/item/delete"), vault, s.item(vault, "Build Agent"), csrf))
			b.open(strings.Replace(evil.URL, "127.0.0.1", host, 1))
			evaluate[bool](b, `document.forms[0].submit() || true`)
			b.waitText("refuses requests of other sites")
			if s.countItems(vault, "Build Agent") != 1 {
				t.Error("the item was deleted")
			}
		})
	}
}

func TestGuards_RefuseScriptsOfOtherSites(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	b := s.signIn()
	evil := attack(t, "")
	b.open(evil.URL)
	for _, options := range []string{
		`{}`, `{credentials: "include"}`, `{method: "POST", credentials: "include", headers: {"Content-Type": "application/json"}}`,
	} {
		got := evaluate[string](b, fmt.Sprintf(`fetch(%s, %s).then(async (r) => "read: " + await r.text(), (e) => e.name)`,
			quote(s.at("/vaults")), options))
		if got != "TypeError" {
			t.Errorf("%s: a script of another site gets %s", options, got)
		}
	}
}

func TestGuards_RefuseFormsWithoutTheirToken(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	b := s.signIn()
	for _, csrf := range []string{"", "none", "none&csrf=x"} {
		got := evaluate[string](b, fmt.Sprintf(`fetch("/console/faults/reset", {method: "POST", body: new URLSearchParams(%s)})
			.then(async (r) => r.status + " " + await r.text())`, quote("csrf="+csrf)))
		if !strings.HasPrefix(got, "403") || !strings.Contains(got, "not from a page of this session") {
			t.Errorf("csrf=%s: %s", csrf, got)
		}
	}
}

// The name of a page of an attacker may resolve to this machine when its script asks again.
func TestGuards_RefuseForeignHosts(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	b := s.signIn()
	b.open(strings.Replace(s.at("/"), "127.0.0.1", foreignHost, 1))
	b.waitText("not served under this name")
}

func TestGuards_RefuseFrames(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	b := s.signIn()
	for _, host := range []string{"127.0.0.1", "localhost"} {
		evil := attack(t, fmt.Sprintf(`<iframe src="%s"></iframe>`, s.at("/")))
		b.open(strings.Replace(evil.URL, "127.0.0.1", host, 1))
		tree, err := chromedp.Run(b.ctx, func(ctx context.Context, _ *chromedp.Target) (*page.FrameTree, error) {
			result, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
			return result.FrameTree, err
		})
		s.check(err)
		for _, frame := range tree.ChildFrames {
			if strings.HasPrefix(frame.Frame.URL, s.control.URL) && frame.Frame.UnreachableURL == "" {
				t.Errorf("a page of %s has the console in a frame", host)
			}
		}
		refused := strings.Join(b.complaints(), "\n")
		if !strings.Contains(refused, "403") && !strings.Contains(refused, "frame") {
			t.Errorf("%s: the browser says %q", host, refused)
		}
	}
}
