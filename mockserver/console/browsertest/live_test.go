package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// A program that uses the official client runs while the Requests page is open, and reads what a person changed.
func TestConsole_ShowsAndFeedsTheSDK(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	vault := s.vault("Deployments")
	item := s.item(vault, "Web Shop Admin")
	client := s.sdk("shop-of-this-test/1.0")
	b := s.signIn()

	b.open(s.at("/vaults/item/edit?vault=" + vault + "&item=" + item))
	b.fill("Title", "Web Shop Owner")
	b.click("Save")
	b.waitText("Saved the item.")
	got, err := client.GetItem(item, vault)
	s.check(err)
	if got.Title != "Web Shop Owner" || got.GetValue("password") != "correct-horse-battery-staple" {
		t.Errorf("the client reads the title %q, and a password of %d letters", got.Title, len(got.GetValue("password")))
	}

	b.open(s.at("/requests"))
	evaluate[string](b, `document.body.dataset.mark = "the page that was opened"`)
	b.waitText("GetVaultItemById")
	_, err = client.GetVaults()
	s.check(err)
	b.waitText("GetVaults")
	b.wait(`document.querySelectorAll("tbody tr").length >= 2`)
	if evaluate[string](b, "document.body.dataset.mark || ''") == "" {
		t.Error("the page was loaded again")
	}
	if problems := b.complaints(); len(problems) > 0 {
		t.Error(problems)
	}
}

// The page that started a run shows its end, with coverage and reports, without being loaded again.
func TestContract_ShowsTheEndOfARun(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	b := s.signIn()
	b.open(s.at("/contract"))
	b.click("Run")
	b.waitText("Stop the run")
	close(s.finish)
	b.waitText("1 passed, 1 failed")
	b.waitText("Save the report")
	b.wait(`!document.body.innerText.includes("Stop the run")`)
}

// A page beyond the limit of streams says that it does not follow, and does so when another is closed.
func TestConsole_SaysThatTooManyPagesFollow(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	b := s.signIn()
	b.open(s.at("/help")) // it follows nothing
	streams, closeStreams := context.WithCancel(t.Context())
	defer closeStreams()
	cookies := b.cookies()
	for status := 200; status == 200; {
		r, err := http.NewRequestWithContext(streams, http.MethodGet, s.at("/faults/events"), nil)
		s.check(err)
		r.Header.Set("Cookie", cookies)
		resp, err := s.control.Client().Do(r)
		s.check(err)
		defer resp.Body.Close()
		status = resp.StatusCode
	}
	b.open(s.at("/faults"))
	b.waitText("This page does not follow what happens")
	closeStreams()
	b.wait(`!document.body.innerText.includes("This page does not follow what happens")`)
}

func TestFaults_CountDown(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	_, err := s.mock.AddFault(t.Context(), controlapi.Fault{Name: "twice", Times: 3, Abort: &controlapi.Abort{Status: 503}})
	s.check(err)
	b := s.signIn()
	b.open(s.at("/faults"))
	b.waitText("3 left")
	for left := 2; left >= 0; left-- {
		if status := s.call("GET", "/v1/vaults", s.token, "shop/1"); status != 503 {
			t.Errorf("status %d, want 503", status)
		}
		b.waitText(fmt.Sprint(left, " left"))
	}
	if status := s.call("GET", "/v1/vaults", s.token, "shop/1"); status != 200 {
		t.Errorf("status %d after the fault, want 200", status)
	}
}

// The clock of the mock is moved on, so that the test need not wait for the next code.
func TestItem_CountsDownTheCode(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	frozen := true
	at := time.Date(2026, 3, 2, 9, 0, 10, 0, time.UTC)
	_, err := s.mock.SetClock(t.Context(), "", controlapi.ClockChange{Set: at, Frozen: &frozen})
	s.check(err)
	vault := s.vault("Office")
	b := s.signIn()
	b.open(s.at("/vaults/item?vault=" + vault + "&item=" + s.item(vault, "Time Tracker")))
	if text := evaluate[string](b, "document.documentElement.outerHTML"); containsAny(text, "JBSWY3DPEHPK3PXP", "s left") {
		t.Error("the seed or a code is in the page before it was asked for")
	}
	b.click("Show secret values")
	b.waitText("20 s left")
	code := evaluate[string](b, `document.querySelector("dd .code").textContent`)
	for _, step := range []struct {
		by   time.Duration
		left string
	}{{5 * time.Second, "15 s left"}, {20 * time.Second, "25 s left"}} {
		_, err := s.mock.SetClock(t.Context(), "", controlapi.ClockChange{Advance: controlapi.Duration(step.by)})
		s.check(err)
		b.waitText(step.left)
	}
	if next := evaluate[string](b, `document.querySelector("dd .code").textContent`); next == code || len(next) != 6 {
		t.Errorf("the code is %q, after it was %q", next, code)
	}
}
