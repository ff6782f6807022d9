package mockserver_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"mime"
	"strconv"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
)

// filesFixture returns a fixture of two items with files, and the path of the first.
func filesFixture(t testing.TB, files ...fixtures.File) (connecttest.Option, string) {
	t.Helper()
	w := &fixtures.Fixture{Accounts: []fixtures.Account{{Vaults: []fixtures.Vault{{Name: "V", Items: []fixtures.Item{
		{Title: "With", Category: "DOCUMENT", Files: files}, {Title: "Other", Category: "DOCUMENT", Files: []fixtures.File{{Name: "other", Text: "other"}}},
		{Title: "Without", Category: "LOGIN"},
	}}}}}}
	must(t, w.Complete())
	v := w.Accounts[0].Vaults[0]
	return connecttest.WithFixture(w), "/v1/vaults/" + v.ID + "/items/" + v.Items[0].ID
}

func everyByte() []byte {
	all := make([]byte, 0, 3*256)
	for i := range 3 * 256 {
		all = append(all, byte(i))
	}
	return append(all, "\r\n\r\n\x00\xff\xfe--boundary--\r\n"...)
}

func TestFiles_ListDescribeAndDownload(t *testing.T) {
	t.Parallel()
	fixture, item := filesFixture(t, fixtures.File{Name: "a.txt", Text: "text"},
		fixtures.File{Name: "b.bin", Base64: base64.StdEncoding.EncodeToString(everyByte())}, fixtures.File{Name: "empty"})
	s := newServer(t, fixture)
	list := decode[[]connect.File](t, s.get(t, item+"/files"))
	if len(list) != 3 {
		t.Fatalf("%d files", len(list))
	}
	full := s.item(t, item)
	if diff := cmp.Diff(list, full.Files); diff != "" {
		t.Errorf("(-list +item):\n%s", diff)
	}
	for i, want := range [][]byte{[]byte("text"), everyByte(), {}} {
		f := list[i]
		path := item + "/files/" + f.ID
		if f.ContentPath != path+"/content" || f.Size != int64(len(want)) || f.Content != nil {
			t.Errorf("listed as %+v", f)
		}
		if diff := cmp.Diff(f, decode[connect.File](t, s.get(t, path))); diff != "" {
			t.Errorf("(-list +details):\n%s", diff)
		}
		a := s.get(t, f.ContentPath).wantOK(t) // the Go client joins host and path
		if sha256.Sum256(a.body) != sha256.Sum256(want) {
			t.Errorf("%s: %d bytes of another content", f.Name, len(a.body))
		}
		if a.header.Get("Content-Type") != "application/octet-stream" ||
			a.header.Get("Content-Length") != strconv.Itoa(len(want)) {
			t.Errorf("%s: headers %v", f.Name, a.header)
		}
		if got, want := a.header.Get("Content-Disposition"), `attachment; filename="`+f.Name+`"`; got != want {
			t.Errorf("Content-Disposition is %s, want %s", got, want)
		}
	}
	list = decode[[]connect.File](t, s.get(t, strings.Replace(item, lastSegment(item),
		s.itemWithoutFiles(t, item), 1)+"/files"))
	if len(list) != 0 {
		t.Errorf("an item without files lists %v", list)
	}
}

// itemWithoutFiles returns the id of the item without files in the vault of another.
func (r *testServer) itemWithoutFiles(t tb, item string) string {
	t.Helper()
	found := r.list(t, item[:strings.LastIndex(item, "/")]+`?filter=title+eq+%22Without%22`)
	if len(found) != 1 {
		t.Fatalf("found %v", found)
	}
	return found[0].ID
}

func TestFiles_InlineContent(t *testing.T) {
	t.Parallel()
	fixture, item := filesFixture(t, fixtures.File{Name: "b.bin", Base64: base64.StdEncoding.EncodeToString(everyByte())},
		fixtures.File{Name: "limit", Size: 2 << 10}, fixtures.File{Name: "empty"})
	s := newServer(t, fixture, connecttest.WithConfig(func(c *mockserver.Config) { c.MaxInlineKB = 2 }))
	list := decode[[]connect.File](t, s.get(t, item+"/files"))
	for query, inline := range map[string]bool{
		"?inline_content=true": true, "?inline_files=true": true, "?inline_content=1": true, "?inline_files=True": true,
		"?inline_content=false&inline_files=true": true, "?inline_content=true&inline_files=true": true,
		"?inline_content=false": false, "?inline_files=false": false, "?inline=true": false, "?inline_content=0": false, "": false,
	} {
		listed := decode[[]connect.File](t, s.get(t, item+"/files"+query))
		one := decode[connect.File](t, s.get(t, item+"/files/"+list[0].ID+query))
		if (one.Content != nil) != inline || inline && !bytes.Equal(one.Content, everyByte()) {
			t.Errorf("%s: details have %d bytes", query, len(one.Content))
		}
		for i, f := range listed {
			want := decode[connect.File](t, s.get(t, item+"/files/"+f.ID+query))
			wantEqual(t, want, f, "%s: file %d", query, i)
			if inline && int64(len(f.Content)) != f.Size {
				t.Errorf("%s: file %d has %d of %d bytes", query, i, len(f.Content), f.Size)
			}
		}
	}
	if decode[connect.Item](t, s.get(t, item+"?inline_content=true")).Files[0].Content != nil {
		t.Error("the item holds content")
	}
	for _, query := range []string{"?inline_content=yes", "?inline_files=2", "?inline_content=",
		"?inline_files=true&inline_files=true"} {
		for _, path := range []string{item + "/files", item + "/files/" + list[0].ID} {
			if e := s.get(t, path+query).apiError(t); e.Status != 400 ||
				!strings.Contains(e.Message, strings.Trim(query[:strings.Index(query, "=")], "?")) {
				t.Errorf("%s: got %v", query, &e)
			}
		}
	}
}

func TestFiles_RefuseLargeInlineContent(t *testing.T) {
	t.Parallel()
	fixture, item := filesFixture(t, fixtures.File{Name: "small", Text: "small"},
		fixtures.File{Name: "large", Size: 100<<10 + 1})
	for limit, want := range map[int64]int{0: 413, 99: 413, 100: 413, 101: 200, 1 << 20: 200} {
		s := newServer(t, fixture, connecttest.WithConfig(func(c *mockserver.Config) { c.MaxInlineKB = limit })).withoutCheck()
		list := decode[[]connect.File](t, s.get(t, item+"/files"))
		for _, name := range []string{"inline_content", "inline_files"} {
			for _, path := range []string{item + "/files/" + list[1].ID, item + "/files"} {
				a := s.get(t, path+"?"+name+"=true").wantStatus(t, want)
				if want == 413 {
					a.wantError(t, connect.FileTooLarge())
				}
			}
			s.get(t, item+"/files/"+list[0].ID+"?"+name+"=true").wantOK(t)
		}
		s.get(t, list[1].ContentPath).wantOK(t)
	}
}

func TestFiles_EscapeNamesOfDownloads(t *testing.T) {
	t.Parallel()
	names := []string{
		"plain.txt", "with space.txt", `with "quotes".txt`, `back\slash`, "Übergabe (final).txt", "日本語.pdf", "🐉.png", "semi;colon=.txt", "per%20cent.txt",
		"a'b.txt", "comma, and more.txt", "dir/name.txt", "..", "%", `"`, `\`, "tab\there", "line\r\nX-Injected: yes", "ends with \\", "\u202egpj.exe", " leading", "trailing ",
		strings.Repeat("long", 200), "ünd \"quotes\" und \\.txt", "\u007f", "ä\nb",
	}
	var files []fixtures.File
	for _, name := range names {
		files = append(files, fixtures.File{Name: name, Text: "x"})
	}
	fixture, item := filesFixture(t, files...)
	s := newServer(t, fixture)
	list := decode[[]connect.File](t, s.get(t, item+"/files"))
	for i, name := range names {
		if list[i].Name != name {
			t.Errorf("%q is listed as %q", name, list[i].Name)
		}
		a := s.get(t, list[i].ContentPath).wantOK(t)
		disposition := a.header.Get("Content-Disposition")
		kind, params, err := mime.ParseMediaType(disposition)
		if err != nil || kind != "attachment" {
			t.Errorf("%q: Content-Disposition %s: %v", name, disposition, err)
			continue
		}
		want := strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return '_'
			}
			return r
		}, name)
		if params["filename"] != want {
			t.Errorf("%q: the name of %s is %q", name, disposition, params["filename"])
		}
		if a.header.Get("X-Injected") != "" {
			t.Errorf("%q puts a header in", name)
		}
		for _, r := range disposition {
			if r > '~' || r < ' ' {
				t.Errorf("%q: Content-Disposition %q is not plain ASCII", name, disposition)
			}
		}
	}
}

func TestFiles_OfOtherItemsAreNotFound(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	file := d.file("Deployments", "Deploy Certificates", "chain.pem")
	id := lastSegment(file)
	s.get(t, file).wantOK(t)
	for _, tail := range []string{"", "/content", "?inline_content=true"} {
		s.get(t, d.path("Office", "Rental Contract")+"/files/"+id+tail).wantError(t, connect.FileNotFound(id))
		s.get(t, d.path("Deployments", "Web Shop Admin")+"/files/"+id+tail).wantError(t, connect.FileNotFound(id))
		s.get(t, d.path("Deployments", "Deploy Certificates")+"/files/"+
			noFile+tail).wantError(t, connect.FileNotFound(noFile))
		item := d.path("Deployments", "Deploy Certificates")
		itemID := lastSegment(item)
		s.get(t, strings.Replace(file, d.vault("Deployments"), d.vault("Office"),
			1)+tail).wantError(t, connect.ItemNotFound(itemID))
		s.get(t, strings.Replace(file, itemID, noItem, 1)+tail).wantError(t, connect.ItemNotFound(noItem))
		s.get(t, strings.Replace(file, d.vault("Deployments"), noVault, 1)+tail).wantError(t, connect.VaultDenied(noVault))
	}
	s.send(t, "DELETE", d.path("Deployments", "Deploy Certificates"), nil).wantStatus(t, 204)
	for _, tail := range []string{"", "/content"} {
		if e := s.get(t, file+tail).apiError(t); e.Status != 404 {
			t.Errorf("file of a deleted item: got %v", &e)
		}
	}
}
