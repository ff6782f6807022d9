package mockserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// replaceInLine replaces a text in the first line that begins with start and has
// it.
func replaceInLine(t testing.TB, lines []string, start, old, replacement string) []string {
	t.Helper()
	for i, line := range lines {
		if strings.HasPrefix(line, start) && strings.Contains(line, old) {
			changed := slices.Clone(lines)
			changed[i] = strings.Replace(line, old, replacement, 1)
			return changed
		}
	}
	t.Fatalf("no line starts with %s and holds %s", start, old)
	return nil
}

// The error names the line, and nothing is changed.
func TestImport_RefusesImpossibleLines(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	s.get(t, "/v1/vaults").wantOK(t)
	lines := exportLines(t, s.export(t, "", "s"))
	first := func(start string) string {
		return lines[slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, start) })]
	}
	for name, c := range map[string]struct {
		start, old, replacement, text string
	}{
		"format 0":             {`{"head"`, `"version":1`, `"version":0`, "line 1: "},
		"no time":              {`{"head"`, `"createdAt":"2`, `"createdAT":"2`, "line 1: "},
		"vault's type":         {`{"vault"`, `"type":"EVERYONE"`, `"type":"NOBODY"`, "the type of the vault is unknown"},
		"vault's version":      {`{"vault"`, `"contentVersion":1`, `"contentVersion":-1`, "line 2: a version of the vault is invalid"},
		"vault's name":         {`{"vault"`, `"name":"Deployments"`, `"name":""`, "no name"},
		"vault's items":        {`{"vault"`, `"items":8`, `"items":9`, "should have 9 items and has 8"},
		"vault's id":           {`{"vault"`, `"id":"`, `"id":"X`, "the id of the vault is invalid"},
		"vault's time":         {`{"vault"`, `"updatedAt":"2`, `"updatedAt":"x`, "its content was changed"},
		"category":             {`{"item"`, `"category":"LOGIN"`, `"category":"LOGOUT"`, "the category of the item is unknown"},
		"item's version":       {`{"item"`, `"version":`, `"version":-`, "the version of the item is invalid"},
		"item's huge version":  {`{"item"`, `"version":`, `"version":99999999999`, "the version of the item is invalid"},
		"item's vault":         {`{"item"`, `"vault":{"id":"`, `"vault":{"id":"a`, "the vault of the item is not in the file"},
		"item's id":            {`{"item"`, `"id":"` + itemID(t, first(`{"item"`)), `"id":"short`, "the id of the item is invalid"},
		"item's editor":        {`{"item"`, `"lastEditedBy":"`, `"lastEditedBy":"x`, "editor"},
		"field's type":         {`{"item"`, `"type":"STRING"`, `"type":"STRINGS"`, "the type of fields[0] is unknown"},
		"field's purpose":      {`{"item"`, `"purpose":"USERNAME"`, `"purpose":"BOTH"`, "the purpose of fields[0] is unknown"},
		"field's section":      {`{"item"`, `"section":{"id":"`, `"section":{"id":"x`, "is not in the item"},
		"size of item's file":  {`{"item"`, `"size":`, `"size":-`, "the size or the content of files[0] is invalid"},
		"an unknown member":    {`{"item"`, `"title":`, `"titel":"x","title":`, "the item was changed"},
		"a member twice":       {`{"item"`, `"title":`, `"title":"x","title":`, "the item was changed"},
		"two things on a line": {`{"vault"`, `{"vault":`, `{"tally":{"vaults":0,"items":0,"files":0,"bytes":0,"tokens":0,"activity":0},"vault":`, "its content was changed"},
		"file's size":          {`{"file"`, `"size":`, `"size":-`, "the size of the file is invalid"},
		"file's huge size":     {`{"file"`, `"size":`, `"size":9999999999999`, "the size of the file is invalid"},
		"file's id":            {`{"file"`, `"id":"`, `"id":"x`, "belongs to no item"},
		"token's permission":   {`{"token"`, `"all":496`, `"all":4096`, "the permissions of the token are invalid"},
		"a negative one":       {`{"token"`, `"all":496`, `"all":-1`, "the permissions of the token are invalid"},
		"on a vault":           {`{"token"`, `"vaults":{"`, `"vaults":{"x`, "the permissions of the token are invalid"},
		"token's id":           {`{"token"`, `"id":"`, `"id":"X`, "the id of the token is invalid"},
		"token's name twice":   {`{"token"`, `"name":"read-only"`, `"name":"read-write"`, "two tokens have the same name"},
		"token's hash":         {`{"token"`, `"hash":"`, `"hash":"x`, "the hash of the token is invalid"},
		"action":               {`{"activity"`, `"action":"READ"`, `"action":"WRITE"`, "the action of the record is unknown"},
		"result":               {`{"activity"`, `"result":"SUCCESS"`, `"result":"MAYBE"`, "the result of the record is unknown"},
		"tally":                {`{"tally"`, `"items":`, `"items":1`, "the tally is"},
	} {
		changed := replaceInLine(t, lines, c.start, c.old, c.replacement)
		err := s.importFile("", "in", gzipLines(t, changed...))
		wantControlError(t, err, 400, "line ")
		wantControlError(t, err, 400, c.text)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if list, err := s.Mock.Snapshots(t.Context(), ""); err != nil || len(list) != 1 {
		t.Errorf("snapshots %+v, error %v", list, err)
	}
}

// itemID returns the id of the item in a line.
func itemID(t testing.TB, line string) string {
	t.Helper()
	var item struct{ Item struct{ ID string } }
	must(t, json.Unmarshal([]byte(line), &item))
	return item.Item.ID
}

// The next export would leave out an item whose files have no content.
func TestImport_RefusesItemsWithoutTheirFileContent(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	lines := exportLines(t, s.export(t, "", "s"))
	at := len(lines) - 1
	for !strings.HasPrefix(lines[at], `{"file"`) {
		at--
	}
	var file struct{ File struct{ Size int64 } }
	must(t, json.Unmarshal([]byte(lines[at]), &file))
	end := at + 1
	for strings.HasPrefix(lines[end], `{"bytes"`) {
		end++
	}
	var tally struct{ Tally map[string]int64 }
	must(t, json.Unmarshal([]byte(lines[len(lines)-1]), &tally))
	n := tally.Tally
	changed := replaceInLine(t, slices.Delete(slices.Clone(lines), at, end), `{"tally"`,
		fmt.Sprintf(`"files":%d,"bytes":%d`, n["files"], n["bytes"]),
		fmt.Sprintf(`"files":%d,"bytes":%d`, n["files"]-1, n["bytes"]-file.File.Size))
	err := s.importFile("", "in", gzipLines(t, changed...))
	wantControlError(t, err, 400, "are missing")
	wantControlError(t, err, 400, "line ")
}

// A file of some KB can hold an item with any number of fields.
func TestImport_RefusesMoreThanFitsInMemory(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	lines := exportLines(t, s.export(t, "", "s"))
	for name, c := range map[string]struct{ old, replacement, text string }{
		"fields": {`"fields":[`, `"fields":[` + strings.Repeat("{},", 101_001), "more than 101000 entries"},
		"nulls":  {`"fields":[`, `"fields":[` + strings.Repeat("null,", 101_001), "more than 101000 entries"},
		"tags":   {`"fields":[`, `"tags":[` + strings.Repeat(`"",`, 101_001) + `""],"fields":[`, "more than 101000 entries"},
		"depth":  {`"fields":[`, `"fields":` + strings.Repeat("[", 1000), "nested more than"},
		"title":  {`"title":"`, `"title":"` + strings.Repeat("a", 65<<20), "is longer than"},
	} {
		file := gzipLines(t, replaceInLine(t, lines, `{"item"`, c.old, c.replacement)...)
		if len(file) > 300<<10 {
			t.Errorf("%s: the file has %d bytes", name, len(file))
		}
		err := s.importFile("", "in", file)
		wantControlError(t, err, 400, c.text)
		wantControlError(t, err, 400, "nothing was changed")
	}
}

// Damaged files are refused with a reason that shows no value, and nothing is
// changed.
func TestImport_RefusesDamagedFiles(t *testing.T) {
	t.Parallel()
	s := newServer(t, withoutHistory())
	file := s.export(t, "", "s")
	lines := exportLines(t, file)
	changed := func(old, replacement string) []byte {
		return gzipLines(t, strings.Replace(strings.Join(lines, "\n"), old, replacement, 1))
	}
	without := func(start string) []byte {
		i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, start) })
		if i < 0 {
			t.Fatalf("no line starts with %s", start)
		}
		return gzipLines(t, slices.Delete(slices.Clone(lines), i, i+1)...)
	}
	flipped := bytes.Clone(file)
	flipped[len(flipped)-6] ^= 1 // in the checksum
	const no, damaged = "not an exported snapshot", "damaged"
	for name, test := range map[string]struct {
		file []byte
		text string
	}{
		"nothing":            {nil, no},
		"a text":             {[]byte("vaults: []\n"), no},
		"a text, compressed": {gzipLines(t, "vaults: []"), no},
		"other JSON":         {gzipLines(t, `{"head":{"format":"something else","version":1}}`), no},
		"newer":              {changed(`"version":1`, `"version":2`), "newer connectmock"},
		"only a head":        {gzipLines(t, lines[0]), damaged},
		"cut lines":          {gzipLines(t, lines[:len(lines)/2]...), damaged},
		"no tally":           {gzipLines(t, lines[:len(lines)-1]...), damaged},
		"more after it":      {gzipLines(t, append(slices.Clone(lines), lines[1])...), damaged},
		"twice":              {append(bytes.Clone(file), file...), damaged},
		"bytes after it":     {append(bytes.Clone(file), "more"...), damaged},
		"wrong checksum":     {flipped, damaged},
		"a vault less":       {without(`{"vault"`), damaged},
		"an item less":       {without(`{"item"`), damaged},
		"a file less":        {without(`{"file"`), damaged},
		"bytes less":         {without(`{"bytes"`), damaged},
		"a token less":       {without(`{"token"`), damaged},
		"a vault twice":      {gzipLines(t, slices.Insert(slices.Clone(lines), 1, lines[1])...), damaged},
		"a head twice":       {gzipLines(t, slices.Insert(slices.Clone(lines), 0, lines[0])...), damaged},
		"an odd item":        {changed(`{"item":{`, `{"item":{"id":7,`), damaged},
	} {
		err := s.importFile("", "in", test.file)
		t.Log(name, err)
		wantControlError(t, err, 400, test.text)
		if err != nil && strings.Contains(err.Error(), "tulip-anchor") {
			t.Errorf("%s: the error shows a value", name)
		}
	}
	for n := 0; n < len(file); n += 1 + len(file)/97 {
		wantControlError(t, s.importFile("", "in", file[:n]), 400, "")
	}
	wantControlError(t, s.importFile("", "a/b", file), 400, "name")
	wantControlError(t, s.importFile("nobody", "in", file), 404, "nobody")
	if err := s.Mock.ExportSnapshot(t.Context(), "", "none", io.Discard); err == nil {
		t.Error("a snapshot that does not exist was exported")
	}
	if list, err := s.Mock.Snapshots(t.Context(), ""); err != nil || len(list) != 1 {
		t.Errorf("snapshots %+v, error %v", list, err)
	}
	if err := s.importFile("", "in", file); err != nil {
		t.Errorf("the file itself: %v", err)
	}
}
