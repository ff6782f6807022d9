package console

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// hostile is a text that a page must show as text.
const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`

// safeVault is a fixture with secrets of each kind in the vault Safe.
//
//go:embed testdata/safe.yaml
var safeVault string

// secrets are those of the item Mail, as words that must not be in a page.
func secrets() []string {
	return []string{"!hunter2", "!hunter1", "!JBSWY3DPEHPK3PXP", "!hidden-by-type"}
}

// openMail returns the page of the item Mail, and its id and that of its vault.
func (b *browser) openMail() (page *document, vault, item string) {
	b.t.Helper()
	ctx := b.t.Context()
	it, err := b.mock.Item(ctx, "", "Safe", "Mail", false)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.get("/vaults/item?vault=" + it.Vault.ID + "&item=" + it.ID), it.Vault.ID, it.ID
}

// mail returns the item Mail as it is stored.
func (b *browser) mail() controlapi.Item {
	b.t.Helper()
	it, err := b.mock.Item(b.t.Context(), "", "Safe", "Mail", true)
	if err != nil {
		b.t.Fatal(err)
	}
	return it
}

func TestVaults_SecretsAreShownWhenAskedFor(t *testing.T) {
	t.Parallel()
	b := startConsole(t, safeVault)
	b.get("/vaults").expect(200, "Safe", "1 vault")
	page, vault, item := b.openMail()
	page.expect(200, append(secrets(), "ada", "notes.txt", "1 former password", "12 B", "Work", "ctl show item")...)
	b.get("/vaults/item/edit?vault="+vault+"&item="+item).expect(200, append(secrets(), "not shown; leave empty")...)
	b.get("/vaults/item/codes?vault="+vault+"&item="+item).expect(403, "asked for")
	b.get("/vaults/item/show?vault=" + vault + "&item=" + item).expect(404)

	shown := page.submit("/vaults/item/show").expect(200, "hunter2", "hunter1", "JBSWY3DPEHPK3PXP", "hidden-by-type",
		"--reveal")
	if !regexp.MustCompile(`Code [0-9]{6} , [0-9]+ s left`).MatchString(shown.text()) {
		t.Errorf("no code: %s", shown.text())
	}
	file := b.get("/vaults/file?vault=" + vault + "&item=" + item + "&file=notes.txt")
	if file.source != "twelve bytes" || file.header.Get("Content-Disposition") != `attachment; filename=notes.txt` ||
		file.header.Get("X-Content-Type-Options") != "nosniff" ||
		file.header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the file is %q, with %v", file.source, file.header)
	}
}

func TestVaults_ItemIsEdited(t *testing.T) {
	t.Parallel()
	b := startConsole(t, safeVault)
	_, vault, item := b.openMail()
	form := b.get("/vaults/item/edit?vault=" + vault + "&item=" + item)
	saved := form.submit("/vaults/item/save", "field0.value", "grace", "tags", "Work\r\nHome", "favorite", "yes",
		"section0.label", "Other", "url0.href", "https://example.com", "primary", "0",
		"field7.label", "extra", "field7.value", "a\r\nb", "field7.section", "New")
	saved.expect(200, append(secrets(), "Saved the item", "| connectmock ctl item replace ", "VALUE OF password", "grace", "Other", "New", "Home")...)
	it := b.mail()
	values := map[string]string{}
	for _, f := range it.Fields {
		values[f.Label+" in "+f.Section] = f.Value
	}
	for name, want := range map[string]string{
		"username in ": "grace", "password in ": "hunter2", "one-time password in ": "JBSWY3DPEHPK3PXP",
		"pin in Other": "hidden-by-type", "lines in ": "one\ntwo", "born in ": "662601600", "extra in New": "a\nb",
	} {
		if values[name] != want {
			t.Errorf("%s is %q, want %q, of %q", name, values[name], want, values)
		}
	}
	if strings.Join(it.Tags, " ") != "Home Work" || !it.Favorite || it.Version != 2 || it.URLs[0].Href != "https://example.com" {
		t.Errorf("%+v", it)
	}

	// The form of an older version is refused, and so is what clients can't write; what was typed stays.
	form.submit("/vaults/item/save", "title", "typed").expect(409, "the item was changed meanwhile")
	fresh := b.get("/vaults/item/edit?vault=" + vault + "&item=" + item)
	refused := fresh.submit("/vaults/item/save", "field3.value", "not base32!", "field0.value", "typed name")
	refused.expect(400, "otpauth", "not base32!")
	if len(refused.all("textarea", "name", "field0.value")) != 1 || !strings.Contains(refused.source, "typed name") {
		t.Error("what was typed is not in the form")
	}
	fresh.submit("/vaults/item/save", "more", "yes", "field0.value", "kept").expect(200, "kept")

	// A secret is replaced, made empty, generated; a field is removed.
	fresh.submit("/vaults/item/save", "field1.value", "hunter3", "field3.remove", "yes", "field4.clear", "yes").expect(200,
		"Saved", "!hunter3")
	it = b.mail()
	if it.Fields[1].Value != "hunter3" || strings.Join(it.Fields[1].History, " ") != "hunter2 hunter1" {
		t.Errorf("%+v", it.Fields[1])
	}
	for _, f := range it.Fields {
		if f.ID == "code" || f.ID == "pin" && f.Value != "" {
			t.Errorf("field %s is still there or has a value", f.ID)
		}
	}
}

func TestVaults_ItemIsCreatedCopiedAndDeleted(t *testing.T) {
	t.Parallel()
	b := startConsole(t, safeVault)
	_, vault, _ := b.openMail()
	form := b.get("/vaults/item/new?category=DATABASE&vault=" + vault)
	form.submit("/vaults/item/create", "title", hostile, "tags", hostile).expect(200, "Created the item", "| connectmock ctl item create ",
		hostile, "!<script>alert(1)", "!<img src=x")
	b.get("/vaults/items?vault="+vault).expect(200, hostile, "!<script>alert(1)", "!<img src=x")
	b.get("/vaults/item/new?category=CUSTOM&vault="+vault).expect(400, "category CUSTOM")
	b.get("/vaults/item/new?category=LOGIN&vault="+vault).submit("/vaults/item/create", "vault", "nowhere").expect(404, "vault")

	mail, _, item := b.openMail()
	copied := mail.submit("/vaults/item/copy").expect(200, "Mail (copy)", "notes.txt", "connectmock ctl item copy ")
	asked := b.get("/vaults/item/delete?vault="+vault+"&item="+item).expect(200, "Delete the item?", "Mail")
	asked.submit("/vaults/item/delete").expect(200, "Deleted the item \"Mail\"", "connectmock ctl item delete ")
	b.get("/vaults/item?vault=" + vault + "&item=" + item).expect(404)
	copied.submit("/vaults/item/show").expect(200, "hunter2", "!hunter1")
	mail.submit("/vaults/item/copy").expect(404)
}

func TestVaults_FilesAreAddedAndDeleted(t *testing.T) {
	t.Parallel()
	b := startConsole(t, safeVault)
	page, vault, item := b.openMail()
	name := `<b>"x".html`
	added := page.submitFile("/vaults/file/add", "file", name, "<script>", "section", "More").expect(200,
		"Added the file", `<b>"x".html`, "!<b>\"", "8 B")
	file := b.get("/vaults/file?vault=" + vault + "&item=" + item + "&file=%3Cb%3E%22x%22.html")
	if file.source != "<script>" || !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment; ") {
		t.Errorf("%q, %v", file.source, file.header)
	}
	page.submit("/vaults/file/add").expect(400, "No file was chosen")
	page.submitFile("/vaults/file/add", "file", "a.txt", "x", "section", "Nowhere").expect(400, "no section")
	id := b.mail().Files[1].ID
	added.submit("/vaults/file/delete", "file", id).expect(200, "Deleted the file")
	if files := b.mail().Files; len(files) != 1 || files[0].Name != "notes.txt" {
		t.Errorf("%+v", files)
	}
	added.submit("/vaults/file/delete", "file", id).expect(404)
}

// A page of items shows 50 of them, whatever the vault has.
func TestVaults_LongListIsPaged(t *testing.T) {
	t.Parallel()
	text := "vaults:\n  - name: Long\n    items:\n"
	for i := range 120 {
		text += fmt.Sprintf("      - {title: Item %03d, category: %s}\n", i, []string{"LOGIN", "SECURE_NOTE"}[i%2])
	}
	b := startConsole(t, text)
	vaults, err := b.mock.Vaults(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	list := "/vaults/items?vault=" + vaults[0].ID
	b.get(list).expect(200, "1 to 50 of 120", "Item 049", "!Item 050", "Next")
	b.get(list+"&offset=100").expect(200, "101 to 120 of 120", "Item 119", "!Item 050")
	b.get(list+"&offset=500").expect(200, "no item so far down")
	b.get(list+"&offset=-7").expect(200, "1 to 50 of 120")
	b.get(list+"&search=item+01").expect(200, "10 items found", "Item 015")
	b.get(list+"&category=LOGIN&search=01").expect(200, "!Item 011", "Item 012")
	b.get(list+"&search=nothing").expect(200, "No item is found here")
	b.get(list+"&category=NOTHING").expect(400, "No category")
	b.get("/vaults/items?vault=nowhere").expect(404, "vault")
	b.get("/vaults?account=nobody").expect(404, "account")
}

func TestSavedName_HasNoFolders(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"notes.txt": "notes.txt", "../../.profile": ".profile", "/etc/passwd": "passwd", `C:\x.bat`: "x.bat",
		"..": "file", "a/..": "file", "a/": "file", " . ": "file", `a"b`: `a"b`,
	} {
		if got := savedName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
