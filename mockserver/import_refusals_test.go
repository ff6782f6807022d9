package mockserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"pgregory.net/rapid"
)

// withLine are lines whose first that starts with start has old replaced.
func replaceInLine(t testing.TB, said []string, start, old, replacement string) []string {
	t.Helper()
	for i, line := range said {
		if strings.HasPrefix(line, start) && strings.Contains(line, old) {
			changed := slices.Clone(said)
			changed[i] = strings.Replace(line, old, replacement, 1)
			return changed
		}
	}
	t.Fatalf("no line starts with %s and holds %s", start, old)
	return nil
}

// What no server can have is refused with the number of its line, and nothing is
// changed.
func TestImport_RefusesImpossibleLines(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	s.get(t, "/v1/vaults").wantOK(t)
	said := exportLines(t, s.export(t, "", "s"))
	first := func(start string) string {
		return said[slices.IndexFunc(said, func(line string) bool { return strings.HasPrefix(line, start) })]
	}
	for name, c := range map[string]struct {
		start, old, replacement, say string
	}{
		"format 0":             {`{"head"`, `"version":1`, `"version":0`, "line 1: "},
		"no time":              {`{"head"`, `"createdAt":"2`, `"createdAT":"2`, "line 1: "},
		"vault's type":         {`{"vault"`, `"type":"EVERYONE"`, `"type":"NOBODY"`, "type of vaults"},
		"vault's version":      {`{"vault"`, `"contentVersion":1`, `"contentVersion":-1`, "line 2: the vault can't have such a version"},
		"vault's name":         {`{"vault"`, `"name":"Deployments"`, `"name":""`, "no name"},
		"vault's items":        {`{"vault"`, `"items":8`, `"items":9`, "says to have 9 items and has 8"},
		"vault's id":           {`{"vault"`, `"id":"`, `"id":"X`, "no id of its own"},
		"vault's time":         {`{"vault"`, `"updatedAt":"2`, `"updatedAt":"x`, "not as it was written"},
		"category":             {`{"item"`, `"category":"LOGIN"`, `"category":"LOGOUT"`, "no category"},
		"item's version":       {`{"item"`, `"version":`, `"version":-`, "such a version"},
		"item's huge version":  {`{"item"`, `"version":`, `"version":99999999999`, "such a version"},
		"item's vault":         {`{"item"`, `"vault":{"id":"`, `"vault":{"id":"a`, "no vault of the file"},
		"item's id":            {`{"item"`, `"id":"` + itemID(t, first(`{"item"`)), `"id":"short`, "no id of its own"},
		"item's editor":        {`{"item"`, `"lastEditedBy":"`, `"lastEditedBy":"x`, "editor"},
		"field's type":         {`{"item"`, `"type":"STRING"`, `"type":"STRINGS"`, "no type of fields"},
		"field's purpose":      {`{"item"`, `"purpose":"USERNAME"`, `"purpose":"BOTH"`, "no purpose"},
		"field's section":      {`{"item"`, `"section":{"id":"`, `"section":{"id":"x`, "no section of the item"},
		"an unknown member":    {`{"item"`, `"title":`, `"titel":"x","title":`, "the item is not as it was written"},
		"a member twice":       {`{"item"`, `"title":`, `"title":"x","title":`, "the item is not as it was written"},
		"two things on a line": {`{"vault"`, `{"vault":`, `{"tally":{"vaults":0,"items":0,"files":0,"bytes":0,"tokens":0,"activity":0},"vault":`, "not as it was written"},
		"file's size":          {`{"file"`, `"size":`, `"size":-`, "that size"},
		"file's huge size":     {`{"file"`, `"size":`, `"size":9999999999999`, "that size"},
		"file's id":            {`{"file"`, `"id":"`, `"id":"x`, "belongs to no item"},
		"token's permission":   {`{"token"`, `"all":496`, `"all":4096`, "such permissions"},
		"a negative one":       {`{"token"`, `"all":496`, `"all":-1`, "such permissions"},
		"on a vault":           {`{"token"`, `"vaults":{"`, `"vaults":{"x`, "such permissions"},
		"token's id":           {`{"token"`, `"id":"`, `"id":"X`, "no id or name of its own"},
		"token's name twice":   {`{"token"`, `"name":"read-only"`, `"name":"read-write"`, "two tokens of that name"},
		"token's hash":         {`{"token"`, `"hash":"`, `"hash":"x`, "no such hash"},
		"action":               {`{"activity"`, `"action":"READ"`, `"action":"WRITE"`, "no such action"},
		"result":               {`{"activity"`, `"result":"SUCCESS"`, `"result":"MAYBE"`, "no such result"},
		"tally":                {`{"tally"`, `"items":`, `"items":1`, "it says to hold"},
	} {
		changed := replaceInLine(t, said, c.start, c.old, c.replacement)
		_, err := s.Mock.ImportSnapshot(t.Context(), "", "in", bytes.NewReader(gzipLines(t, changed...)))
		wantControlError(t, err, 400, "line ")
		wantControlError(t, err, 400, c.say)
		if err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if list, err := s.Mock.Snapshots(t.Context(), ""); err != nil || len(list) != 1 {
		t.Errorf("snapshots %+v, error %v", list, err)
	}
}

// idOf is the id of the item of a line.
func itemID(t testing.TB, line string) string {
	t.Helper()
	var item struct{ Item struct{ ID string } }
	must(t, json.Unmarshal([]byte(line), &item))
	return item.Item.ID
}

// An item whose files' bytes never come would be cut from the next export.
func TestImport_RefusesItemsWithoutTheirFileContent(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	said := exportLines(t, s.export(t, "", "s"))
	at := len(said) - 1
	for !strings.HasPrefix(said[at], `{"file"`) {
		at--
	}
	var file struct{ File struct{ Size int64 } }
	must(t, json.Unmarshal([]byte(said[at]), &file))
	end := at + 1
	for strings.HasPrefix(said[end], `{"bytes"`) {
		end++
	}
	var tally struct{ Tally map[string]int64 }
	must(t, json.Unmarshal([]byte(said[len(said)-1]), &tally))
	n := tally.Tally
	changed := replaceInLine(t, slices.Delete(slices.Clone(said), at, end), `{"tally"`,
		fmt.Sprintf(`"files":%d,"bytes":%d`, n["files"], n["bytes"]),
		fmt.Sprintf(`"files":%d,"bytes":%d`, n["files"]-1, n["bytes"]-file.File.Size))
	_, err := s.Mock.ImportSnapshot(t.Context(), "", "in", bytes.NewReader(gzipLines(t, changed...)))
	wantControlError(t, err, 400, "are missing")
	wantControlError(t, err, 400, "line ")
}

// An archive of some KB can hold an item of any number of fields.
func TestImport_RefusesMoreThanFitsInMemory(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	said := exportLines(t, s.export(t, "", "s"))
	for name, c := range map[string]struct{ old, replacement, say string }{
		"fields": {`"fields":[`, `"fields":[` + strings.Repeat("{},", 101_001), "more than 101000 entries"},
		"nulls":  {`"fields":[`, `"fields":[` + strings.Repeat("null,", 101_001), "more than 101000 entries"},
		"tags":   {`"fields":[`, `"tags":[` + strings.Repeat(`"",`, 101_001) + `""],"fields":[`, "more than 101000 entries"},
		"depth":  {`"fields":[`, `"fields":` + strings.Repeat("[", 1000), "nested more than"},
		"title":  {`"title":"`, `"title":"` + strings.Repeat("a", 65<<20), "is longer than"},
	} {
		file := gzipLines(t, replaceInLine(t, said, `{"item"`, c.old, c.replacement)...)
		if len(file) > 300<<10 {
			t.Errorf("%s: the file has %d bytes", name, len(file))
		}
		_, err := s.Mock.ImportSnapshot(t.Context(), "", "in", bytes.NewReader(file))
		wantControlError(t, err, 400, c.say)
		wantControlError(t, err, 400, "nothing was changed")
	}
}

// While a snapshot comes there is no file of it that a kill -9 would leave.
func TestImport_WritesNoTemporaryFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newServer(t, withoutHistory(), connecttest.WithConfig(func(c *mockserver.Config) { c.Store = filepath.Join(dir, "mock.db") }))
	file := s.export(t, "", "s")
	names := func() (list []string) {
		entries, err := os.ReadDir(dir)
		must(t, err)
		for _, e := range entries {
			list = append(list, e.Name())
		}
		return list
	}
	before := names()
	half := bytes.NewReader(file[len(file)/2:])
	reader := io.MultiReader(bytes.NewReader(file[:len(file)/2]), readerFunc(func(p []byte) (int, error) {
		if now := names(); !slices.Equal(now, before) {
			t.Errorf("while it comes there are %v, before %v", now, before)
		}
		return half.Read(p)
	}))
	if _, err := s.Mock.ImportSnapshot(t.Context(), "", "in", reader); err != nil {
		t.Fatal(err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

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

// Whatever is changed in a file, it is refused without a trace, or it comes in
// whole: exported again it is as it was.
func TestImport_RefusesOrKeepsEveryChange(t *testing.T) {
	t.Parallel()
	still := connecttest.WithClock(newClock().Now)
	fixture, err := fixtures.Load("small.yaml", []byte(smallFixture))
	must(t, err)
	from, to := newServer(t, still, connecttest.WithFixture(fixture)), newServer(t, still, connecttest.WithFixture(twoAccounts(t)))
	from.get(t, "/v1/vaults").wantOK(t)
	said := exportLines(t, from.export(t, "", "s"))
	own := twoAccounts(t).Accounts[0].ID
	rapid.Check(t, func(rt *rapid.T) {
		changed := mutate(rt, said)
		_, err := to.Mock.ImportSnapshot(t.Context(), "", "in", bytes.NewReader(gzipLines(t, changed...)))
		if err != nil {
			wantControlError(t, err, 400, "")
			if list, err := to.Mock.Snapshots(t.Context(), ""); err != nil || len(list) != 0 {
				rt.Errorf("snapshots %+v, error %v", list, err)
			}
			return
		}
		var file bytes.Buffer
		must(rt, to.Mock.ExportSnapshot(t.Context(), "", "in", &file))
		must(rt, to.Mock.DeleteSnapshot(t.Context(), "", "in"))
		got, want := comparableLines(exportLines(t, file.Bytes()), own), comparableLines(changed, own)
		if got != want {
			rt.Errorf("exported again it differs %s", excerpt(got, want))
		}
	})
}

// contentOf are the lines but for the head, the tally, the token of the fixture
// that was there and whose the lines are.
func comparableLines(said []string, own string) string {
	account := accountOfHead(said[0])
	var kept []string
	for _, line := range said[1 : len(said)-1] {
		if !strings.Contains(line, `"name":"t"`) {
			kept = append(kept, truncateAgent(strings.ReplaceAll(line, `"account":"`+account+`"`, `"account":"`+own+`"`)))
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

// Of a user agent, its beginning is imported: snapshots of older versions have longer ones.
func TestImport_TruncatesLongUserAgents(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	s.get(t, "/v1/vaults").wantOK(t)
	long := strings.Repeat("a", journal.MaxUserAgent+1)
	said := exportLines(t, s.export(t, "", "s"))
	said = replaceInLine(t, said, `{"activity"`, `"userAgent":"`, `"userAgent":"`+long)
	if _, err := s.Mock.ImportSnapshot(t.Context(), "", "in", bytes.NewReader(gzipLines(t, said...))); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	must(t, s.Mock.ExportSnapshot(t.Context(), "", "in", &file))
	want := `"userAgent":"` + journal.Truncate(long, journal.MaxUserAgent) + `"`
	if got := strings.Join(exportLines(t, file.Bytes()), "\n"); !strings.Contains(got, want) || strings.Contains(got, long) {
		t.Errorf("the export has no %s", want)
	}
}

// demoAccount is the account of a head.
func accountOfHead(head string) string {
	var line struct{ Head struct{ Account string } }
	_ = json.Unmarshal([]byte(head), &line) // the import has read it
	return line.Head.Account
}

// mutate changes a line, or the order or number of lines.
func mutate(t *rapid.T, said []string) []string {
	changed := slices.Clone(said)
	at := rapid.IntRange(1, len(said)-2).Draw(t, "line")
	switch rapid.SampledFrom([]string{"value", "value", "value", "member", "delete", "repeat", "swap", "byte"}).Draw(t, "change") {
	case "value":
		changed[at] = mutateValue(t, changed[at])
	case "member":
		changed[at] = strings.Replace(changed[at], `":{"`, `":{"`+rapid.SampledFrom([]string{"id", "ID", "title", "odd"}).Draw(t, "member")+`":"x","`, 1)
	case "delete":
		changed = slices.Delete(changed, at, at+1)
	case "repeat":
		changed = slices.Insert(changed, at, changed[at])
	case "swap":
		other := rapid.IntRange(1, len(said)-2).Draw(t, "other")
		changed[at], changed[other] = changed[other], changed[at]
	case "byte":
		text := []byte(changed[at])
		i := rapid.IntRange(0, len(text)-1).Draw(t, "place")
		text[i] = rapid.SampledFrom([]byte(`a0-"{}[],:\Z`)).Draw(t, "byte")
		changed[at] = string(text)
	}
	return changed
}

// mutateValue replaces a value of a line, which stays JSON of the same order.
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

// What the generator makes, and the activity of requests of every kind, can be
// imported.
func TestImport_AcceptsGeneratedDataAndAllActivity(t *testing.T) {
	t.Parallel()
	to := newServer(t, connecttest.WithFixture(twoAccounts(t)))
	for name, change := range map[string]func(*mockserver.Config){
		"generated": func(c *mockserver.Config) {
			c.Fixture, c.Generate = nil, &fixtures.Options{Seed: 1, Vaults: 4, Items: 120, Files: 5, History: 700}
		},
		"demo": func(*mockserver.Config) {},
	} {
		from := newServer(t, connecttest.WithConfig(change))
		for _, path := range []string{"/v1/vaults", "/v1/vaults/" + noVault, "/v1/vaults/" + noVault + "/items"} {
			from.get(t, path)
		}
		file := from.export(t, "", "s")
		if _, err := to.Mock.ImportSnapshot(t.Context(), "", name, bytes.NewReader(file)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
