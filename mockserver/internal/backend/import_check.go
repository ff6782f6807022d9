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

// checker refuses what no server can have: what it lets through can be put into
// a store, and is exported again as it came.
type checker struct {
	account string // whose snapshot it is
	vaults  map[string]*checkedVault
	items   map[string]bool
	tokens  map[string]bool // by id, by name and by hash, the latter two with a prefix
	files   []connect.File  // of the last item, that have not come yet
}

// checkedVault is a vault and how many items of it came.
type checkedVault struct {
	connect.Vault
	count int
}

func (c *checker) head(h exportHead) error {
	if h.Version < 1 || !isPossibleTime(h.CreatedAt) || !connect.IsUserID(h.Account) {
		return problem("the version, the time or the account of the snapshot can't be")
	}
	c.account = h.Account
	return nil
}

func (c *checker) vault(v connect.Vault) error {
	switch {
	case !connect.IsID(v.ID) || c.vaults[v.ID] != nil:
		return problem("the vault has no id of its own")
	case v.Name == "":
		return problem("the vault has no name")
	case !slices.Contains(connect.VaultTypes(), v.Type):
		return problemf("there is no type of vaults of that name; there are: %s", strings.Join(connect.VaultTypes(), ", "))
	case !isPossibleVersion(v.AttributeVersion) || !isPossibleVersion(v.ContentVersion):
		return problem("the vault can't have such a version")
	case v.Items < 0:
		return problem("the vault can't have that many items")
	case !isPossibleTime(v.CreatedAt.Time) || !isPossibleTime(v.UpdatedAt.Time):
		return problem("the vault can't have such a time")
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
		return problem("the item has no id of its own")
	case v == nil || it.Vault.Name != "" && it.Vault.Name != v.Name:
		return problem("the item is in no vault of the file")
	case !slices.Contains(connect.Categories(), it.Category):
		return problemf("there is no category of items of that name; there are: %s", strings.Join(connect.Categories(), ", "))
	case !isPossibleVersion(it.Version):
		return problem("the item can't have such a version")
	case it.Parts() > connect.MaxItemParts:
		return problem("the item has more parts than an item can have")
	case it.Trashed:
		return problem("the item is in the trash, which no export is of")
	case !connect.IsUserID(it.LastEditedBy):
		return problem("the item's editor is no user's id")
	case !isPossibleTime(it.CreatedAt.Time) || !isPossibleTime(it.UpdatedAt.Time):
		return problem("the item can't have such a time")
	}
	if err := checkFields(it); err != nil {
		return err
	}
	if err := c.checkFilesCame(); err != nil {
		return err
	}
	c.items = with(c.items, it.ID)
	v.count++
	c.files = it.Files
	return checkFiles(it.Files)
}

func checkFields(it connect.Item) error {
	sections, fields := map[string]bool{}, map[string]bool{}
	for i, s := range it.Sections {
		if sections[s.ID] {
			return problemf("sections[%d] has no id of its own", i)
		}
		sections[s.ID] = true
	}
	for i, f := range it.Fields {
		switch {
		case f.ID == "" || fields[f.ID]:
			return problemf("fields[%d] has no id of its own", i)
		case !slices.Contains(connect.FieldTypes(), f.Type):
			return problemf("fields[%d] has no type of fields; there are: %s", i, strings.Join(connect.FieldTypes(), ", "))
		case f.Purpose != "" && !slices.Contains(connect.Purposes(), f.Purpose):
			return problemf("fields[%d] has no purpose of fields; there are: %s", i, strings.Join(connect.Purposes(), ", "))
		case f.Entropy < 0 || f.PasswordDetails != nil && !arePossibleDetails(*f.PasswordDetails):
			return problemf("fields[%d] can't have such an entropy or such details of a password", i)
		case f.Section != nil && !sections[f.Section.ID]:
			return problemf("fields[%d] is in no section of the item", i)
		}
		fields[f.ID] = true
	}
	return nil
}

func arePossibleDetails(d connect.PasswordDetails) bool {
	return d.Entropy >= 0 && len(d.History) <= connect.MaxPasswordHistory &&
		(d.Strength == "" || slices.Contains(connect.PasswordStrengths(), d.Strength))
}

func checkFiles(files []connect.File) error {
	ids := map[string]bool{}
	for i, f := range files {
		switch {
		case !connect.IsID(f.ID) || ids[f.ID]:
			return problemf("files[%d] has no id of its own", i)
		case f.Size < 0 || len(f.Content) > 0:
			return problemf("files[%d] can't have such a content", i)
		}
		ids[f.ID] = true
	}
	return nil
}

// checkFilesCame refuses an item some of whose files have no bytes.
func (c *checker) checkFilesCame() error {
	if len(c.files) > 0 {
		return problemf("the bytes of file %s of the item before it are missing", c.files[0].ID)
	}
	return nil
}

// file takes the files of an item in their order.
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
		return problem("the token has no id or name of its own")
	case t.RevokedAt.IsZero() && c.tokens["name "+t.Name]:
		return problem("there are two tokens of that name")
	case t.Hash != "" && (err != nil || len(hash) != 32 || strings.ToLower(t.Hash) != t.Hash):
		return problem("the token has no such hash")
	case t.Hash != "" && c.tokens["hash "+t.Hash]:
		return problem("there are two tokens of that value")
	case t.Account != c.account || !connect.IsUserID(t.Server):
		return problem("the token is of another account, or of no server")
	case t.All&^auth.ReadWrite != 0 || !arePossibleGrants(t.Vaults) || t.FrozenClaims != nil && !arePossibleGrants(t.FrozenClaims.Vaults):
		return problem("the token can't have such permissions")
	}
	c.tokens = with(with(c.tokens, t.ID), "hash "+t.Hash)
	if t.RevokedAt.IsZero() {
		c.tokens = with(c.tokens, "name "+t.Name)
	}
	return c.checkFilesCame()
}

func (c *checker) activity(a connect.Activity) error {
	switch {
	case !slices.Contains(connect.Actions(), a.Action):
		return problem("there is no such action")
	case a.Result != connect.ResultSuccess && a.Result != connect.ResultDeny:
		return problem("there is no such result")
	case !slices.Contains([]string{"", connect.ResourceItem, connect.ResourceVault}, a.Resource.Type):
		return problem("there is no such type of resource")
	case a.Resource.ItemVersion < 0 || a.Resource.ItemVersion > math.MaxInt32:
		return problem("the item of the record can't have such a version")
	case a.Actor.Account != c.account || a.RequestID == "" || !connect.IsUserID(a.Actor.ID) || !connect.IsID(a.Actor.JTI):
		return problem("the record is of another account, or of no request")
	case !isPossibleTime(a.Timestamp.Time):
		return problem("the record can't have such a time")
	}
	return c.checkFilesCame()
}

func (c *checker) end() error {
	for _, v := range c.vaults {
		if v.Items != v.count {
			return problemf("vault %s says to have %d items and has %d", v.ID, v.Items, v.count)
		}
	}
	return c.checkFilesCame()
}

// isPossibleVersion says whether a version can be: they count from 1, and one more
// must be possible.
func isPossibleVersion(n int) bool { return n >= 1 && n < math.MaxInt32 }

// isPossibleTime says whether an instant can be written on the wire and is set.
func isPossibleTime(t time.Time) bool {
	year := t.UTC().Year()
	return !t.IsZero() && year >= 1 && year <= 9999
}

// arePossibleGrants says whether all are permissions on vaults.
func arePossibleGrants(grants map[string]auth.Permission) bool {
	for vault, p := range grants {
		if !connect.IsID(ascii.ToLower(vault)) || p == 0 || p&^auth.ReadWrite != 0 {
			return false
		}
	}
	return true
}

func with(set map[string]bool, id string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	set[id] = true
	return set
}
