package console

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// commandsFile lists the command that each action shows. A test of the program parses them.
const commandsFile = "testdata/commands.txt"

// changesNothing lists the actions that change nothing in the mock: they show secrets, or stop a run that a person of a
// terminal stops with Ctrl-C.
func changesNothing() []string {
	return []string{"POST /token", "POST /help/token", "POST /vaults/item/show", "POST /contract/stop", "POST /scenarios/stop"}
}

// command returns the command that the notice of a page shows, "" if it shows none.
func (d *document) command() string {
	for _, notice := range d.all("div", "class", "notice") {
		for n := range notice.Descendants() {
			if n.Data == "button" && hasAttribute(n, "data-copy") {
				return attribute(n, "data-copy")
			}
		}
	}
	return ""
}

// walk carries out each action, in an order in which all succeed, and returns the commands: "POST /path\tcommand".
func (b *browser) walk() (list []string) {
	do := func(from, action string, values ...string) *document {
		b.t.Helper()
		page := b.get(from).submit(action, values...).expect(200)
		list = append(list, "POST "+action+"\t"+page.command())
		return page
	}
	_, vault, item := b.openMail()
	at := "vault=" + vault + "&item=" + item
	do("/vaults/item/new?category=LOGIN&vault="+vault, "/vaults/item/create", "title", "It's new", "field1.value", "hunter3")
	do("/vaults/item/edit?"+at, "/vaults/item/save", "tags", "Home")
	do("/vaults/item?"+at, "/vaults/item/copy")
	page := b.get("/vaults/item?"+at).submitFile("/vaults/file/add", "file", "-a b.txt", "x", "section", "More")
	list = append(list, "POST /vaults/file/add\t"+page.command())
	do("/vaults/item?"+at, "/vaults/file/delete")
	do("/vaults/item/delete?"+at, "/vaults/item/delete")

	do("/accounts", "/accounts/create", "name", "one")
	do("/accounts", "/accounts/create", "name", "two", "seed", "7", "items", "3")
	do("/accounts/delete?name=one", "/accounts/delete")
	do("/accounts/tokens?account=two", "/accounts/tokens/create", "name", "brief", "expires", "5m")
	do("/accounts/tokens", "/accounts/tokens/create", "name", "dated", "permission", "none", "vault."+vault, "read",
		"expires", "2040-01-31")
	do("/accounts/tokens?account=two", "/accounts/tokens/expire", "name", "brief", "expires", "-1s")
	do("/accounts/tokens?account=two", "/accounts/tokens/expire", "name", "brief", "expires", "2040-01-31T12:00:00Z")
	tokens, err := b.mock.ListTokens(b.t.Context(), "")
	if err != nil {
		b.t.Fatal(err)
	}
	scope := "/accounts/tokens/scope?token=" + tokens[len(tokens)-1].ID
	do(scope, "/accounts/tokens/scope", "permission", "read")
	do(scope, "/accounts/tokens/scope", "permission", "none", "vault."+vault, "write")
	do("/accounts/tokens?account=two", "/accounts/tokens/revoke", "name", "brief")
	do("/snapshots", "/snapshots/save", "name", "before")
	do("/snapshots/restore?name=before", "/snapshots/restore")
	do("/snapshots", "/snapshots/delete", "name", "before")
	do("/clock", "/clock", "do", "advance", "value", "-1h")
	do("/clock", "/clock", "do", "set", "value", "2030-01-31T12:00")
	do("/clock", "/clock", "do", "freeze", "of", "two")
	do("/clock", "/clock", "do", "real")
	do("/faults", "/faults/add", "name", "busy", "operation", "GetVaults", "times", "2", "abort", "503", "message", "It's late",
		"header", "Retry-After: 1", "delay", "1ms..2ms", "preset", "", "percentage", "50", "per", "token", "phase", "after")
	do("/faults", "/faults/add", "name", "slow", "preset", "", "drip", "10/5ms", "truncate", "0", "malform", "yes", "lag", "2s",
		"after", "1", "nth", "")
	do("/faults", "/faults/add", "name", "down", "preset", "sync-down")
	do("/faults", "/faults/add", "preset", "", "json", `{"name": "by hand",
		"abort": {"status": 500, "message": "It's %s"}}`)
	do("/faults", "/faults/remove", "name", "busy")
	do("/faults", "/faults/reset")
	do("/requests?account=two", "/requests/clear")
	do("/contract", "/contract/run", "rules", "vaults/* items/get")
	do("/scenarios", "/scenarios/run", "name", "slow")
	b.get("/scenarios").submit("/scenarios/stop")
	do("/scenarios", "/scenarios/run", "name", "", "text", "id: own")
	return list
}

func TestActions_ShowTheCommandThatDoesTheSame(t *testing.T) {
	t.Parallel()
	data, err := fixtures.Load("fixture.yaml", []byte(safeVault))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := startSuitesWith(t, mockserver.Config{Seed: 7, Fixture: data})
	list := b.walk()
	for _, p := range pages(&Suites{}) {
		for pattern := range p.handlers {
			if !strings.HasPrefix(pattern, "POST ") || slices.Contains(changesNothing(), pattern) {
				continue
			}
			if !slices.ContainsFunc(list, func(one string) bool {
				return strings.HasPrefix(one, pattern+"\tconnectmock ") ||
					strings.HasPrefix(one, pattern+"\tprintf ")
			}) {
				t.Errorf("no command is shown for %s", pattern)
			}
		}
	}
	got := strings.Join(list, "\n") + "\n"
	if *update {
		if err := os.WriteFile(commandsFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(commandsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("commands differ from %s, -update writes it:\n%s", commandsFile, diff)
	}
}
