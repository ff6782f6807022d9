package connecttest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/1Password/connect-sdk-go/onepassword"
	"github.com/google/go-cmp/cmp"
)

func testVaults(t *testing.T, s *sdk) {
	vaults := must(s.GetVaults())(t)
	var names []string
	for _, v := range vaults {
		names = append(names, v.Name)
		if v.Type == onepassword.UnknownVault || v.ContentVersion == 0 || v.CreatedAt.IsZero() || v.UpdatedAt.Before(v.CreatedAt) {
			t.Errorf("the vault is incomplete: %+v", v)
		}
		for name, got := range map[string]*onepassword.Vault{
			"GetVault by id":              must(s.GetVault(v.ID))(t),
			"GetVault by title":           must(s.GetVault(v.Name))(t),
			"GetVaultByUUID":              must(s.GetVaultByUUID(v.ID))(t),
			"GetVaultByTitle":             must(s.GetVaultByTitle(v.Name))(t),
			"GetVaultByTitle in capitals": must(s.GetVaultByTitle(strings.ToUpper(v.Name)))(t),
		} {
			if d := cmp.Diff(v, *got); d != "" {
				t.Errorf("%s differs from the list:\n%s", name, d)
			}
		}
		if got := must(s.GetVaultsByTitle(v.Name))(t); len(got) != 1 {
			t.Errorf("GetVaultsByTitle(%q) found %d", v.Name, len(got))
		}
		if items := must(s.GetItems(v.ID))(t); len(items) != v.Items {
			t.Errorf("vault %q says %d items and lists %d", v.Name, v.Items, len(items))
		}
	}
	if d := cmp.Diff([]string{"Deployments", "Office", "Ada's Own"}, names); d != "" {
		t.Error(d)
	}
	if got := must(s.GetVaultsByTitle("Unknown"))(t); len(got) != 0 {
		t.Errorf("found %d vaults with an unknown title", len(got))
	}
	if _, err := s.GetVaultByTitle("Unknown"); err == nil || err.Error() != `Found 0 vaults with title "Unknown"` {
		t.Errorf("GetVaultByTitle without a match: %v", err)
	}
}

func testFindItems(t *testing.T, s *sdk) {
	summaries := must(s.GetItems("Office"))(t)
	for _, summary := range summaries {
		if summary.Fields != nil || summary.Sections != nil || summary.Files != nil {
			t.Errorf("%q in a list has fields, sections or files", summary.Title)
		}
		byID := must(s.GetItem(summary.ID, "Office"))(t)
		for name, got := range map[string]*onepassword.Item{
			"GetItem by title": must(s.GetItem(summary.Title, "Office"))(t),
			"GetItemByUUID":    must(s.GetItemByUUID(summary.ID, summary.Vault.ID))(t),
			"GetItemByTitle":   must(s.GetItemByTitle(summary.Title, summary.Vault.ID))(t),
		} {
			if d := cmp.Diff(byID, got, cmp.AllowUnexported(onepassword.File{})); d != "" {
				t.Errorf("%s of %q differs from GetItem by id:\n%s", name, summary.Title, d)
			}
		}
		whole := *byID
		whole.Fields, whole.Sections, whole.Files = nil, nil, nil
		if d := cmp.Diff(summary, whole); d != "" {
			t.Errorf("%q in the list differs from the item:\n%s", summary.Title, d)
		}
	}
	it := must(s.GetItem("Time Tracker", "Office"))(t)
	for label, want := range map[string]string{
		"username": "ada.byron@example.com", "password": "mosaic-harbor-cinder-88",
		"Security.recovery e-mail": "it@example.com",
	} {
		if got := it.GetValue(label); got != want {
			t.Errorf("GetValue(%q) = %q, want %q", label, got, want)
		}
	}
	if !it.Favorite || it.Version != 7 || !slices.Equal(it.Tags, []string{"daily",
		"hr"}) || len(it.URLs) != 2 || !it.URLs[0].Primary {
		t.Errorf("the item differs from the fixture: %+v", it)
	}
}

func testDuplicateTitles(t *testing.T, s *sdk) {
	twins := must(s.GetItemsByTitle("Staging Server", "Deployments"))(t)
	if len(twins) != 2 || twins[0].ID == twins[1].ID {
		t.Fatalf("GetItemsByTitle found %d, want two different ones", len(twins))
	}
	for _, it := range twins {
		if it.GetValue("username") != "deploy" || it.CreatedAt.IsZero() {
			t.Errorf("the item is incomplete: %+v", it)
		}
	}
	_, err := s.GetItemByTitle("Staging Server", "Deployments")
	if err == nil || !strings.HasPrefix(err.Error(), "Found 2 item(s) in vault") {
		t.Errorf("GetItemByTitle of two: %v", err)
	}
	if got := must(s.GetItemsByTitle("Nothing", "Deployments"))(t); len(got) != 0 {
		t.Errorf("found %d items with an unknown title", len(got))
	}
}

func testLoadStructs(t *testing.T, s *sdk) {
	vault := must(s.GetVault("Office"))(t)
	it := must(s.GetItem("Time Tracker", "Office"))(t)
	type login struct {
		User    string                  `opfield:"username"`
		Pass    string                  `opfield:"password"`
		Mail    string                  `opsection:"security" opfield:"recovery e-mail"`
		Section onepassword.ItemSection `opsection:"security"`
		Sign    onepassword.ItemURL     `opurl:"sign in"`
		Item    onepassword.Item
	}
	var byTitle, byID, either login
	for _, err := range []error{
		s.LoadStructFromItemByTitle(&byTitle, it.Title, vault.Name),
		s.LoadStructFromItemByUUID(&byID, it.ID, vault.ID),
		s.LoadStructFromItem(&either, it.Title, vault.ID),
		s.LoadStructFromItem(&either, it.ID, vault.Name),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	// The codes of one-time passwords may change while the test runs.
	byTitle.Item.Fields, byID.Item.Fields, either.Item.Fields = nil, nil, nil
	for name, got := range map[string]login{"LoadStructFromItemByUUID": byID, "LoadStructFromItem": either} {
		if d := cmp.Diff(byTitle, got); d != "" {
			t.Errorf("%s loads other values than by title:\n%s", name, d)
		}
	}
	if byTitle.User != "ada.byron@example.com" || byTitle.Pass != "mosaic-harbor-cinder-88" || byTitle.Mail != "it@example.com" ||
		byTitle.Section.Label != "Security" || byTitle.Sign.URL != "https://time.example.com/login" || !byTitle.Sign.Primary || byTitle.Item.ID != it.ID {
		t.Errorf("loaded %+v", byTitle)
	}

	// The tag has the id of the vault, which is always the same in the demo fixture.
	var config struct {
		Card string `opvault:"tnkgkxe7hn66qjvqyrva6a5kb3" opitem:"Company Card" opfield:"number"`
		Wifi string `opvault:"tnkgkxe7hn66qjvqyrva6a5kb3" opitem:"Guest Wi-Fi" opfield:"wireless network password"`
	}
	if err := s.LoadStruct(&config); err != nil {
		t.Fatal(err)
	}
	if config.Card != "4111111111111111" || config.Wifi != "welcome-to-the-lobby" {
		t.Errorf("loaded %+v", config)
	}
}
