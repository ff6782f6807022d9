package connecttest_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/1Password/connect-sdk-go/onepassword"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/google/go-cmp/cmp"
)

func testFiles(t *testing.T, s *sdk) {
	it := must(s.GetItemByTitle("Deploy Certificates", "Deployments"))(t)
	byTitle := must(s.GetFiles("Deploy Certificates", "Deployments"))(t)
	byID := must(s.GetFiles(it.ID, it.Vault.ID))(t)
	if d := cmp.Diff(byID, byTitle, cmp.AllowUnexported(onepassword.File{})); d != "" || len(byID) != 3 {
		t.Errorf("%d files by id; by title they differ:\n%s", len(byID), d)
	}
	if len(it.Files) != 3 || it.Category != onepassword.Document {
		t.Errorf("the item shows %d files", len(it.Files))
	}
	for _, f := range byID {
		detail := must(s.GetFile(f.ID, it.ID, it.Vault.ID))(t)
		if d := cmp.Diff(f, *detail, cmp.AllowUnexported(onepassword.File{})); d != "" {
			t.Errorf("%s: details differ from the list:\n%s", f.Name, d)
		}
		content := must(s.GetFileContent(detail))(t)
		if want := demoContent(t, "Deployments", it.Title, f.Name); !bytes.Equal(content, want) || detail.Size != len(want) {
			t.Errorf("%s: %d bytes, size %d, want %d bytes of the fixture", f.Name, len(content), detail.Size, len(want))
		}
		detail.ContentPath = "/nowhere"
		if again := must(s.GetFileContent(detail))(t); !bytes.Equal(content, again) {
			t.Errorf("%s: the client fetched the content again", f.Name)
		}
	}
	if none := must(s.GetFiles("Web Shop Admin", "Deployments"))(t); len(none) != 0 {
		t.Errorf("an item without files has %d", len(none))
	}

	// The client uses inline content instead of fetching it.
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		s.proxy+strings.TrimSuffix(byID[1].ContentPath, "/content")+"?inline_content=true", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := s.server.Client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var inline onepassword.File
	var body bytes.Buffer
	if _, err := body.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	if err := inline.UnmarshalJSON(body.Bytes()); err != nil {
		t.Fatal(err)
	}
	inline.ContentPath = "/nowhere"
	content := must(s.GetFileContent(&inline))(t)
	if want := demoContent(t, "Deployments", it.Title, inline.Name); !bytes.Equal(content, want) {
		t.Errorf("the inline content of %s differs from the fixture", inline.Name)
	}
}

func testDownloads(t *testing.T, s *sdk) {
	for _, item := range []struct{ vault, title string }{{"Deployments", "Deploy Certificates"}, {"Office",
		"Rental Contract"}} {
		for _, f := range must(s.GetFiles(item.title, item.vault))(t) {
			dir := t.TempDir()
			path := must(s.DownloadFile(&f, dir, false))(t)
			if want := filepath.Join(dir, filepath.Base(f.Name)); path != want {
				t.Errorf("saved as %s, want %s", path, want)
			}
			got := must(os.ReadFile(path))(t)
			if !bytes.Equal(got, demoContent(t, item.vault, item.title, f.Name)) {
				t.Errorf("%s: the content differs from the fixture", f.Name)
			}
			if _, err := s.DownloadFile(&f, dir, false); err == nil {
				t.Errorf("%s: an existing file was overwritten", f.Name)
			}
			must(s.DownloadFile(&f, dir, true))(t)
		}
	}
}

// demoContent returns the content of a file of the demo fixture.
func demoContent(t *testing.T, vault, item, file string) []byte {
	t.Helper()
	for _, it := range fixtures.Demo().Accounts[0].Vault(vault).Items {
		for _, f := range it.Files {
			if it.Title != item || f.Name != file {
				continue
			}
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			var content bytes.Buffer
			if _, err := content.ReadFrom(r); err != nil {
				t.Fatal(err)
			}
			return content.Bytes()
		}
	}
	t.Fatalf("the demo fixture has no file %q in %q", file, item)
	return nil
}
