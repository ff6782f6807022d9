package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestKeyboard_CreatesEditsAndDeletesAnItem uses nothing but Tab, Enter and letters.
func TestKeyboard_CreatesEditsAndDeletesAnItem(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	vault := s.vault("Deployments")
	b := s.signIn()
	b.press(kb.Tab)
	if name := b.focused(); name != "Skip to the content" {
		t.Errorf("the first thing to focus is %q", name)
	}
	b.follow("Vaults")
	b.waitHeading("Vaults")
	b.follow("Deployments")
	b.waitHeading("Deployments")
	b.follow("New item")
	b.waitHeading("New item")
	b.tabTo("Title")
	b.press("By the keyboard")
	b.tabTo("Value")
	b.press("ada")
	b.follow("Create")
	b.waitHeading("By the keyboard")
	b.waitText("Created the item.")
	if s.countItems(vault, "By the keyboard") != 1 {
		t.Error("there is no such item")
	}

	b.follow("Edit")
	b.waitHeading("Edit the item")
	b.tabTo("Title") // the browser selects the text of a field that Tab reaches
	b.press("Renamed by the keyboard")
	b.press(kb.Enter) // as in any form
	b.waitHeading("Renamed by the keyboard")
	if s.countItems(vault, "Renamed by the keyboard") != 1 || s.countItems(vault, "By the keyboard") != 1 {
		t.Error("the item was not renamed")
	}

	b.follow("Delete…")
	b.waitHeading("Delete the item?")
	b.follow("Delete the item")
	b.waitText("Deleted the item")
	if s.countItems(vault, "by the keyboard") != 0 {
		t.Error("the item is still there")
	}
}

// press presses the keys of a text.
func (b *tab) press(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// follow moves the focus to a link or button by its name, and presses Enter.
func (b *tab) follow(name string) {
	b.t.Helper()
	b.tabTo(name)
	b.press(kb.Enter)
}

// tabTo presses Tab until what has the focus has a name. A person must see where the focus is.
func (b *tab) tabTo(name string) {
	b.t.Helper()
	const most = 200 // no page has so much to focus
	for range most {
		b.press(kb.Tab)
		if b.focused() != name {
			continue
		}
		if !evaluate[bool](b, `(() => {
			const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect();
			return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.top >= 0 && box.bottom <= innerHeight;
		})()`) {
			b.t.Errorf("%s: nobody sees that %s has the focus", b.address(), name)
		}
		return
	}
	b.t.Fatalf("%s: Tab does not reach %s", b.address(), name)
}

// focused returns the name of what has the focus.
func (b *tab) focused() string {
	b.t.Helper()
	return evaluate[string](b, `(() => {
		const e = document.activeElement;
		return e.getAttribute("aria-label") || e.labels?.[0]?.textContent.trim() || e.textContent.trim();
	})()`)
}

// fill replaces the text of the field with a label.
func (b *tab) fill(label, text string) {
	b.t.Helper()
	id := evaluate[string](b, fmt.Sprintf(`[...document.querySelectorAll("label")].find((l) => l.textContent.trim() === %s).htmlFor`, quote(label)))
	field := chromedp.CSS("#" + id)
	b.do(chromedp.Clear(field), chromedp.SendKeys(field, text))
}
