package mockserver_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"pgregory.net/rapid"
)

const smallFixture = `
vaults:
- name: V
  items:
  - {title: "a <&> b", category: LOGIN, tags: [x, y], urls: [{href: "https://example.com"}],
     fields: [{label: username, purpose: USERNAME, value: u}, {label: password, purpose: PASSWORD, value: p},
              {label: more, section: S, type: CONCEALED, value: v}],
     files: [{name: f.txt, text: content}, {name: empty.txt, text: ""}]}
  - {title: c, category: SECURE_NOTE}
- {name: W, type: PERSONAL}
tokens: [{name: all}, {name: plain, value: plain-value}, {name: one, vaults: {V: read}, expiresAt: 2030-01-01T00:00:00Z}]
history: 3
`

// Any change to a file is refused and leaves nothing, or it is imported whole:
// exported again it is the same.
func TestImport_RefusesOrKeepsEveryChange(t *testing.T) {
	t.Parallel()
	clock := connecttest.WithClock(newClock().Now)
	from := newServer(t, clock, connecttest.WithFixture(parseFixture(t, smallFixture)))
	to := newServer(t, clock, connecttest.WithFixture(twoAccounts(t)))
	from.get(t, "/v1/vaults").wantOK(t)
	lines := exportLines(t, from.export(t, "", "s"))
	own := twoAccounts(t).Accounts[0].ID
	rapid.Check(t, func(rt *rapid.T) {
		changed := mutate(rt, lines)
		if err := to.importFile("", "in", gzipLines(rt, changed...)); err != nil {
			wantControlError(t, err, 400, "")
			if list, err := to.Mock.Snapshots(t.Context(), ""); err != nil || len(list) != 0 {
				rt.Errorf("snapshots %+v, error %v", list, err)
			}
			return
		}
		again := exportLines(rt, to.exportAgain(rt, "", "in"))
		must(rt, to.Mock.DeleteSnapshot(t.Context(), "", "in"))
		got, want := comparableLines(again, own), comparableLines(changed, own)
		if got != want {
			rt.Errorf("exported again it differs %s", excerpt(got, want))
		}
	})
}

// comparableLines returns the lines between head and tally as those of the account
// own, without the token that this account had before.
func comparableLines(lines []string, own string) string {
	var head struct{ Head struct{ Account string } }
	_ = json.Unmarshal([]byte(lines[0]), &head) // the import has read it
	var kept []string
	for _, line := range lines[1 : len(lines)-1] {
		if !strings.Contains(line, `"name":"t"`) {
			line = strings.ReplaceAll(line, `"account":"`+head.Head.Account+`"`, `"account":"`+own+`"`)
			kept = append(kept, truncateAgent(line))
		}
	}
	return strings.Join(kept, "\n")
}

var userAgent = regexp.MustCompile(`("userAgent":)("(?:[^"\\]|\\.)*")`)

// truncateAgent shortens the user agent of a line as an import does.
func truncateAgent(line string) string {
	found := userAgent.FindStringSubmatch(line)
	var agent string
	if found == nil || json.Unmarshal([]byte(found[2]), &agent) != nil || len(agent) <= journal.MaxUserAgent {
		return line
	}
	short, _ := json.Marshal(journal.Truncate(agent, journal.MaxUserAgent)) // a string always has JSON
	return strings.Replace(line, found[0], found[1]+string(short), 1)
}

// mutate changes a line, or the order or number of lines.
func mutate(t *rapid.T, lines []string) []string {
	changed := slices.Clone(lines)
	at := rapid.IntRange(1, len(lines)-2).Draw(t, "line")
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, what) }
	switch pick("change", "value", "value", "value", "member", "delete", "repeat", "swap", "byte") {
	case "value":
		changed[at] = mutateValue(t, changed[at])
	case "member":
		name := pick("member", "id", "ID", "title", "odd")
		changed[at] = strings.Replace(changed[at], `":{"`, `":{"`+name+`":"x","`, 1)
	case "delete":
		changed = slices.Delete(changed, at, at+1)
	case "repeat":
		changed = slices.Insert(changed, at, changed[at])
	case "swap":
		other := rapid.IntRange(1, len(lines)-2).Draw(t, "other")
		changed[at], changed[other] = changed[other], changed[at]
	case "byte":
		text := []byte(changed[at])
		i := rapid.IntRange(0, len(text)-1).Draw(t, "place")
		text[i] = rapid.SampledFrom([]byte(`a0-"{}[],:\Z`)).Draw(t, "byte")
		changed[at] = string(text)
	}
	return changed
}

// mutateValue replaces a value in a line of JSON.
func mutateValue(t *rapid.T, line string) string {
	var places [][2]int // of values after a colon
	for i := 0; i+1 < len(line); i++ {
		if line[i] != ':' || line[i-1] != '"' {
			continue
		}
		end := i + 1
		switch {
		case line[end] == '"':
			end += strings.IndexByte(line[end+1:], '"') + 2
		case strings.IndexByte("-0123456789tf", line[end]) >= 0:
			end += strings.IndexAny(line[end:], ",}]")
		default:
			continue
		}
		places = append(places, [2]int{i + 1, end})
	}
	if len(places) == 0 {
		return line
	}
	place := rapid.SampledFrom(places).Draw(t, "value's place")
	value := rapid.SampledFrom([]string{
		`""`, `"x"`, `"LOGIN"`, `"SSH_KEY"`, `"STRING"`, `"USER_CREATED"`, "0", "-1", "1", "7", "1.5", "1e3", "2147483648",
		"9223372036854775807", "null", "[]", "{}", "true", `"2026-02-30T00:00:00Z"`, `"2026-02-03T04:05:06Z"`,
		`"9999-12-31T23:59:59Z"`, `"0001-01-01T00:00:00Z"`, `"aaaaaaaaaaaaaaaaaaaaaaaaaa"`, `"AAAAAAAAAAAAAAAAAAAAAAAAAA"`,
		`"\u0000<&>\u2028ü"`, `"` + strings.Repeat("long", 999) + `"`,
	}).Draw(t, "new value")
	return line[:place[0]] + value + line[place[1]:]
}
