package backend

import (
	"encoding/hex"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
)

// checker is a target that refuses what no server can have. What it accepts can be stored, and is exported again
// without a change.
type checker struct {
	account string // that the snapshot is of
	vaults  map[string]*checkedVault
	items   map[string]bool // by id
	tokens  map[string]bool // by id, by name and by hash, the latter two with a prefix
	files   []connect.File  // files of the last item whose bytes are still to come
}

// checkedVault is a vault and the number of its items in the file so far.
type checkedVault struct {
	connect.Vault
	count int
}

func (c *checker) head(h exportHead) error {
	if h.Version < 1 || !isValidTime(h.CreatedAt) || !connect.IsUserID(h.Account) {
		return problem("the version, the time or the account of the snapshot is invalid")
	}
	c.account = h.Account
	return nil
}

func (c *checker) vault(v connect.Vault) error {
	switch {
	case !connect.IsID(v.ID) || c.vaults[v.ID] != nil:
		return problem("the id of the vault is invalid or occurs twice")
	case v.Name == "":
		return problem("the vault has no name")
	case !slices.Contains(connect.VaultTypes(), v.Type):
		return problemf("the type of the vault is unknown; there are: %s", strings.Join(connect.VaultTypes(), ", "))
	case !isValidVersion(v.AttributeVersion) || !isValidVersion(v.ContentVersion):
		return problem("a version of the vault is invalid")
	case v.Items < 0:
		return problem("the number of items in the vault is invalid")
	case !isValidTime(v.CreatedAt.Time) || !isValidTime(v.UpdatedAt.Time):
		return problem("a time of the vault is invalid")
	}
	if c.vaults == nil {
		c.vaults = map[string]*checkedVault{}
	}
	c.vaults[v.ID] = &checkedVault{Vault: v}
	return nil
}

func (c *checker) item(it connect.Item) error {
	v := c.vaults[it.Vault.ID]
	switch {
	case !connect.IsID(it.ID) || c.items[it.ID]:
		return problem("the id of the item is invalid or occurs twice")
	case v == nil || it.Vault.Name != "" && it.Vault.Name != v.Name:
		return problem("the vault of the item is not in the file")
	case !slices.Contains(connect.Categories(), it.Category):
		return problemf("the category of the item is unknown; there are: %s", strings.Join(connect.Categories(), ", "))
	case !isValidVersion(it.Version):
		return problem("the version of the item is invalid")
	case it.Parts() > connect.MaxItemParts:
		return problem("the item has more parts than an item can have")
	case it.Trashed:
		return problem("the item is in the trash, which is never exported")
	case !connect.IsUserID(it.LastEditedBy):
		return problem("the editor of the item is not the id of a user")
	case !isValidTime(it.CreatedAt.Time) || !isValidTime(it.UpdatedAt.Time):
		return problem("a time of the item is invalid")
	}
	if err := checkFields(it); err != nil {
		return err
	}
	if err := c.checkNoFileMissing(); err != nil {
		return err
	}
	c.items = addKey(c.items, it.ID)
	v.count++
	c.files = it.Files
	return checkFiles(it.Files)
}

func checkFields(it connect.Item) error {
	sections, fields := map[string]bool{}, map[string]bool{}
	for i, s := range it.Sections {
		if sections[s.ID] {
			return problemf("the id of sections[%d] occurs twice", i)
		}
		sections[s.ID] = true
	}
	for i, f := range it.Fields {
		switch {
		case f.ID == "" || fields[f.ID]:
			return problemf("the id of fields[%d] is missing or occurs twice", i)
		case !slices.Contains(connect.FieldTypes(), f.Type):
			return problemf("the type of fields[%d] is unknown; there are: %s", i, strings.Join(connect.FieldTypes(), ", "))
		case f.Purpose != "" && !slices.Contains(connect.Purposes(), f.Purpose):
			return problemf("the purpose of fields[%d] is unknown; there are: %s", i, strings.Join(connect.Purposes(), ", "))
		case f.Entropy < 0 || f.PasswordDetails != nil && !areValidDetails(*f.PasswordDetails):
			return problemf("the entropy or the password details of fields[%d] are invalid", i)
		case f.Section != nil && !sections[f.Section.ID]:
			return problemf("the section of fields[%d] is not in the item", i)
		}
		fields[f.ID] = true
	}
	return nil
}

func areValidDetails(d connect.PasswordDetails) bool {
	return d.Entropy >= 0 && len(d.History) <= connect.MaxPasswordHistory &&
		(d.Strength == "" || slices.Contains(connect.PasswordStrengths(), d.Strength))
}

func checkFiles(files []connect.File) error {
	ids := map[string]bool{}
	for i, f := range files {
		switch {
		case !connect.IsID(f.ID) || ids[f.ID]:
			return problemf("the id of files[%d] is invalid or occurs twice", i)
		case f.Size < 0 || len(f.Content) > 0:
			return problemf("the size or the content of files[%d] is invalid", i)
		}
		ids[f.ID] = true
	}
	return nil
}

// checkNoFileMissing returns an error if the bytes of a file of the last item have not come.
func (c *checker) checkNoFileMissing() error {
	if len(c.files) > 0 {
		return problemf("the bytes of file %s of the item before it are missing", c.files[0].ID)
	}
	return nil
}

// file accepts the files of an item in their order.
func (c *checker) file(_ string, f exportFile, content io.Reader) error {
	if len(c.files) == 0 || c.files[0].ID != f.ID || c.files[0].Size != f.Size {
		return problem("the file belongs to no item")
	}
	c.files = c.files[1:]
	_, err := io.Copy(io.Discard, content)
	return err
}

func (c *checker) token(t auth.Token) error {
	hash, err := hex.DecodeString(t.Hash)
	switch {
	case !connect.IsID(t.ID) || c.tokens[t.ID] || t.Name == "":
		return problem("the id of the token is invalid or occurs twice, or its name is missing")
	case t.RevokedAt.IsZero() && c.tokens["name "+t.Name]:
		return problem("two tokens have the same name")
	case t.Hash != "" && (err != nil || len(hash) != 32 || strings.ToLower(t.Hash) != t.Hash):
		return problem("the hash of the token is invalid")
	case t.Hash != "" && c.tokens["hash "+t.Hash]:
		return problem("two tokens have the same value")
	case t.Account != c.account || !connect.IsUserID(t.Server):
		return problem("the token belongs to another account, or its server is invalid")
	case t.All&^connect.ReadWrite != 0 || !areValidGrants(t.Vaults),
		t.FrozenClaims != nil && !areValidGrants(t.FrozenClaims.Vaults):
		return problem("the permissions of the token are invalid")
	}
	c.tokens = addKey(addKey(c.tokens, t.ID), "hash "+t.Hash)
	if t.RevokedAt.IsZero() {
		c.tokens = addKey(c.tokens, "name "+t.Name)
	}
	return c.checkNoFileMissing()
}

func (c *checker) activity(a connect.Activity) error {
	switch {
	case !slices.Contains(connect.Actions(), a.Action):
		return problem("the action of the record is unknown")
	case a.Result != connect.ResultSuccess && a.Result != connect.ResultDeny:
		return problem("the result of the record is unknown")
	case !slices.Contains([]string{"", connect.ResourceItem, connect.ResourceVault}, a.Resource.Type):
		return problem("the resource type of the record is unknown")
	case a.Resource.ItemVersion < 0 || a.Resource.ItemVersion > math.MaxInt32:
		return problem("the item version of the record is invalid")
	case a.Actor.Account != c.account || a.RequestID == "" || !connect.IsUserID(a.Actor.ID) || !connect.IsID(a.Actor.JTI):
		return problem("the record belongs to another account, or its request, user or token is invalid")
	case !isValidTime(a.Timestamp.Time):
		return problem("the time of the record is invalid")
	}
	return c.checkNoFileMissing()
}

func (c *checker) end() error {
	for _, v := range c.vaults {
		if v.Items != v.count {
			return problemf("vault %s should have %d items and has %d", v.ID, v.Items, v.count)
		}
	}
	return c.checkNoFileMissing()
}

// isValidVersion reports whether n can be a version: versions start at 1, and another one must be able to follow.
func isValidVersion(n int) bool { return n >= 1 && n < math.MaxInt32 }

// isValidTime reports whether a time is set and can be written in RFC 3339.
func isValidTime(t time.Time) bool {
	year := t.UTC().Year()
	return !t.IsZero() && year >= 1 && year <= 9999
}

// areValidGrants reports whether all keys are ids of vaults and all values permissions.
func areValidGrants(grants map[string]connect.Permission) bool {
	for vault, p := range grants {
		if !connect.IsID(ascii.ToLower(vault)) || p == 0 || p&^connect.ReadWrite != 0 {
			return false
		}
	}
	return true
}

// addKey adds an id to a set, which it makes if it is nil.
func addKey(set map[string]bool, id string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	set[id] = true
	return set
}
