package console

import (
	"strings"
	"testing"
)

func TestEvidenceText_HasWordsForLetters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[D] published document; [R] connect issue 93":          "[documented] published document; [recorded] connect issue 93",
		"R for password, python SDK issue 71; G for the others": "recorded for password, python SDK issue 71; guessed for the others",
		"the Java client's tests [T][C], captured [W]":          "the Java client's tests [tested][relied on], captured [captured]",
		"RFC 6901, the JS SDK and GET":                          "RFC 6901, the JS SDK and GET",
	} {
		if got := evidenceText(text); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Nobody has to look up a letter.
func TestPages_ShowEvidenceInWords(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	if status, _ := b.callMock(b.firstToken(), "GET", "/v1/vaults/no-id", ""); status != 400 {
		t.Fatalf("status %d", status)
	}
	b.get("/requests/1").expect(200, "recorded", "what that means")
	if page := b.get("/faults").expect(200, "[documented]", "[recorded]"); strings.Contains(page.text(), "[R]") {
		t.Error("the page has a letter")
	}
}
