package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is a page of the browser.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string // what the console of the browser says: errors, exceptions, violations of the policy
}

// newTab opens an empty page in a browser context of its own.
func newTab(t *testing.T) *tab {
	t.Helper()
	return newTabIn(t, newBrowserContext(t))
}

// newTabIn opens an empty page in a browser context.
func newTabIn(t *testing.T, ctx context.Context) *tab {
	t.Helper()
	b := &tab{t: t, ctx: ctx}
	// The first action opens the page; a deadline would end it. Only what has the focus counts as visible: the timers of
	// other pages run once a minute, and the console does not follow anything there.
	focus := chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
	if err := chromedp.Do(ctx, focus); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	return b
}

// note keeps what the browser complains about.
func (b *tab) note(event any) {
	var problem string
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			problem = e.Entry.Text + " " + e.Entry.URL
		}
	case *runtime.EventConsoleAPICalled:
		problem = fmt.Sprint(e.Type, " by a script")
	case *runtime.EventExceptionThrown:
		problem = "exception: " + e.ExceptionDetails.Text
	}
	if problem != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.problems = append(b.problems, problem)
	}
}

// complaints returns what the browser complained about since the last call.
func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.problems
	b.problems = nil
	return list
}

// do carries out actions.
func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("at %s: %v", b.address(), err)
	}
}

// open opens an address and waits until it has loaded.
func (b *tab) open(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
}

// address returns the address of the page, for messages.
func (b *tab) address() string {
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	address, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return "an unknown page"
	}
	return address
}

// cookies returns the cookies that the browser sends to the page, as a header.
func (b *tab) cookies() string {
	b.t.Helper()
	var list []string
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		result, err := chromedp.Call(ctx, network.GetCookies, network.GetCookiesParams{})
		if err != nil {
			return err
		}
		for _, c := range result.Cookies {
			list = append(list, c.Name+"="+c.Value)
		}
		return nil
	}))
	return strings.Join(list, "; ")
}

// evaluate returns the value of an expression in the page. A promise is waited for.
func evaluate[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := tryEvaluate[T](b, expression)
	if err != nil {
		b.t.Fatalf("at %s: %s: %v", b.address(), expression[:min(len(expression), 200)], err)
	}
	return value
}

func tryEvaluate[T any](b *tab, expression string) (T, error) {
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// wait waits until an expression is true in a page that has loaded: the present one, or one that replaces it.
func (b *tab) wait(condition string) {
	b.t.Helper()
	look := fmt.Sprintf(`new Promise((resolve) => {
		const look = () => {
			let is = false;
			try { is = document.readyState === "complete" && (%s); } catch { /* not there yet */ }
			if (is) resolve(true); else setTimeout(look, 20);
		};
		look();
	})`, condition)
	for {
		_, err := tryEvaluate[bool](b, look)
		if err == nil {
			return
		}
		if !isOtherPage(err) {
			b.t.Fatalf("at %s: waiting for %s: %v; the page is: %s", b.address(), condition, err, b.text())
		}
	}
}

// isOtherPage reports whether an error says that the page was replaced while a script ran in it.
func isOtherPage(err error) bool {
	return slices.ContainsFunc([]string{"navigated", "context was destroyed", "Cannot find context", "Promise was collected"},
		func(text string) bool { return strings.Contains(err.Error(), text) })
}

// text returns the beginning of the text of the page as people see it, for messages.
func (b *tab) text() string {
	text, err := tryEvaluate[string](b, "document.body.innerText")
	if err != nil {
		return err.Error()
	}
	return text[:min(len(text), 800)]
}

// waitText waits until the page shows a text.
func (b *tab) waitText(text string) {
	b.t.Helper()
	b.wait("document.body.innerText.includes(" + quote(text) + ")")
}

// waitHeading waits for the page with a heading.
func (b *tab) waitHeading(heading string) {
	b.t.Helper()
	b.wait("document.querySelector('h1')?.textContent === " + quote(heading))
}

// click clicks with the mouse on the button or link that has a text as its name.
func (b *tab) click(name string) {
	b.t.Helper()
	const mark = "data-clicked"
	b.wait(fmt.Sprintf(`(() => {
		const found = [...document.querySelectorAll("a, button, summary")].find((e) =>
			(e.getAttribute("aria-label") || e.textContent.trim()) === %s && e.checkVisibility());
		found?.setAttribute(%q, "");
		return found;
	})()`, quote(name), mark))
	b.do(chromedp.Click(chromedp.CSS("[" + mark + "]")))
}

// show sets the size of the window, and the theme that the browser asks for.
func (b *tab) show(width, height int, theme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(int64(width), int64(height)), b.theme(theme))
}

// theme lets the browser prefer a theme.
func (b *tab) theme(theme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
		})
		return err
	})
}

// quote returns a text as a literal of JavaScript.
func quote(text string) string {
	literal, err := json.Marshal(text)
	if err != nil {
		panic(err) // impossible: it is a text
	}
	return string(literal)
}
