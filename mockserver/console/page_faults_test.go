package console

import (
	"context"
	"strings"
	"testing"
)

func TestFaults_AreAddedCountedAndRemoved(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	token := b.firstToken()
	b.get("/faults").expect(200, "No fault is in force", "first-request-401", "a client that gives up or drops its token after one 401").
		submit("/faults/add", "name", "busy", "operation", "GetVaults", "times", "2", "abort", "503", "message", "Come back later",
			"header", "Retry-After: 1", "delay", "1ms..2ms", "preset", "").
		expect(200, "Added the fault busy.", "connectmock ctl fault add busy --operation GetVaults --times 2 "+
			"--delay 1ms..2ms --abort 503 --message 'Come back later' --header 'Retry-After: 1'", "2 times, 2 left")
	if status, body := b.callMock(token, "GET", "/v1/vaults", ""); status != 503 || !strings.Contains(body, "Come back later") {
		t.Errorf("got %d %s, want the fault", status, body)
	}
	page := b.get("/faults").expect(200, "2 times, 1 left")
	page.submit("/faults/remove", "name", "busy").
		expect(200, "Removed the fault busy.", "connectmock ctl fault remove busy", "No fault is in force")
	if status, _ := b.callMock(token, "GET", "/v1/vaults", ""); status != 200 {
		t.Errorf("got %d after the fault was removed", status)
	}
	b.get("/faults").submit("/faults/add", "preset", "sync-down", "name", "down").expect(200, "Added the fault")
	b.get("/faults").submit("/faults/reset").expect(200, "Removed all faults.", "connectmock ctl fault reset", "No fault is in force")
}

func TestFaults_KeepWhatWasTypedAndNameTheField(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	for _, test := range []struct{ field, value, want string }{
		{"times", "two", `times: "two" is not a whole number`},
		{"percentage", "200", `percentage: "200" is not a number from 0 to 100`},
		{"delay", "soon", "delay: "},
		{"drip", "fast", "drip: "},
		{"lag", "2", `lag: "2" is not a duration as 2s`},
		{"header", "Retry-After", `header: "Retry-After" is not a header`},
		{"abort", "99", "99"},
		{"vault", "Nowhere", "Nowhere"},
		{"message", "only a message", "status"},
		{"name", "nothing else", "does nothing"},
	} {
		t.Run(test.field, func(t *testing.T) {
			b.t = t
			page := b.get("/faults").submit("/faults/add", test.field, test.value, "preset", "")
			page.expect(400, test.want)
			if !strings.Contains(page.source, test.value) {
				t.Errorf("the form has lost %q", test.value)
			}
		})
	}
	list, err := b.mock.Faults(context.Background(), "")
	if err != nil || len(list) != 0 {
		t.Errorf("got %v, %v; want no fault", list, err)
	}
}

func TestFaults_FormIsFilledInByALink(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	page := b.get("/faults?operation=GetVaults&abort=429&name=%3Cscript%3E").expect(200, "!<script>alert", `!value="<script>"`)
	if got := attribute(page.all("input", "name", "abort")[0], "value"); got != "429" {
		t.Errorf("got status %q, want 429", got)
	}
	if len(page.all("details", "open", "")) == 0 {
		t.Error("the form is closed")
	}
}

func TestClock_IsChanged(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	b.get("/clock").submit("/clock", "do", "set", "value", "2030-01-31T12:00:00Z").
		expect(200, "is at 2030-01-31T12:00", "connectmock ctl clock set 2030-01-31T12:00:00Z")
	b.get("/clock").submit("/clock", "do", "freeze").expect(200, ", stopped.", "connectmock ctl clock freeze")
	b.get("/clock").submit("/clock", "do", "advance", "value", "-24h").
		expect(200, "is at 2030-01-30T12:00", "connectmock ctl clock advance --account ", " -- -24h")
	accounts, err := b.mock.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id := accounts[0].ID
	b.get("/clock").submit("/clock", "of", id, "do", "advance", "value", "1h").
		expect(200, "The clock of "+id+" is at 2030-01-30T13:00", "connectmock ctl clock advance --account "+id+" 1h", "its own")
	b.get("/clock").submit("/clock", "do", "resume").expect(200, "connectmock ctl clock resume")
	b.get("/clock").submit("/clock", "do", "real").expect(200, "connectmock ctl clock real")
	clock, err := b.mock.Clock(t.Context(), "")
	if err != nil || clock.Frozen || clock.Offset != 0 {
		t.Errorf("got %+v, %v; want the machine's clock", clock, err)
	}
}

func TestClock_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	for _, test := range []struct{ do, value, of, want string }{
		{"advance", "tomorrow", "", `"tomorrow" is not a duration as 30s`},
		{"set", "tomorrow", "", `"tomorrow" is not a moment as 2030-01-31`},
		{"jump", "", "", `The clock can't "jump"`},
		{"freeze", "", "nobody", "nobody"},
	} {
		page := b.get("/clock").submit("/clock", "do", test.do, "value", test.value, "of", test.of)
		if page.status < 400 || !strings.Contains(page.text(), test.want) {
			t.Errorf("%s %s: got %d %s, want %q", test.do, test.value, page.status, page.text(), test.want)
		}
	}
}

func TestFaults_AreReadAndShownAsJSON(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	b.get("/faults").submit("/faults/add", "preset", "", "json", `{"name":"busy","operation":"GetVaults","abort":503}`).
		expect(200, "Added the fault busy.", "| connectmock ctl fault add --file -", `"operations": [ "GetVaults" ]`)
	if status, _ := b.callMock(b.firstToken(), "GET", "/v1/vaults", ""); status != 503 {
		t.Errorf("got %d, want the fault", status)
	}
	for text, want := range map[string]string{
		`{"names":"x"}`: `unknown field "names"`, `{"Name":"x"}`: "Name", "no JSON": "json: ", `{"name":"idle"}`: "does nothing",
	} {
		b.get("/faults").submit("/faults/add", "preset", "", "json", text).expect(400, want, text)
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
