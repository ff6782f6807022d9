package connecttest_test

import (
	"sync"

	"github.com/1Password/connect-sdk-go/connect"
	"github.com/1Password/connect-sdk-go/onepassword"
)

// calls counts the methods called.
type calls struct {
	mu     sync.Mutex
	byName map[string]int
}

func newCalls() *calls { return &calls{byName: map[string]int{}} }

func (c *calls) add(method string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.byName[method]++
}

func (c *calls) of(method string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byName[method]
}

// counted is a client whose calls are counted. A method that the interface
// gains is promoted and so not counted, which the test of the interface tells.
type counted struct {
	connect.Client
	calls *calls
}

func (c counted) GetVaults() ([]onepassword.Vault, error) {
	c.calls.add("GetVaults")
	return c.Client.GetVaults()
}

func (c counted) GetVault(uuid string) (*onepassword.Vault, error) {
	c.calls.add("GetVault")
	return c.Client.GetVault(uuid)
}

func (c counted) GetVaultByUUID(uuid string) (*onepassword.Vault, error) {
	c.calls.add("GetVaultByUUID")
	return c.Client.GetVaultByUUID(uuid)
}

func (c counted) GetVaultByTitle(title string) (*onepassword.Vault, error) {
	c.calls.add("GetVaultByTitle")
	return c.Client.GetVaultByTitle(title)
}

func (c counted) GetVaultsByTitle(uuid string) ([]onepassword.Vault, error) {
	c.calls.add("GetVaultsByTitle")
	return c.Client.GetVaultsByTitle(uuid)
}

func (c counted) GetItems(vaultQuery string) ([]onepassword.Item, error) {
	c.calls.add("GetItems")
	return c.Client.GetItems(vaultQuery)
}

func (c counted) GetItem(itemQuery, vaultQuery string) (*onepassword.Item, error) {
	c.calls.add("GetItem")
	return c.Client.GetItem(itemQuery, vaultQuery)
}

func (c counted) GetItemByUUID(uuid string, vaultQuery string) (*onepassword.Item, error) {
	c.calls.add("GetItemByUUID")
	return c.Client.GetItemByUUID(uuid, vaultQuery)
}

func (c counted) GetItemByTitle(title string, vaultQuery string) (*onepassword.Item, error) {
	c.calls.add("GetItemByTitle")
	return c.Client.GetItemByTitle(title, vaultQuery)
}

func (c counted) GetItemsByTitle(title string, vaultQuery string) ([]onepassword.Item, error) {
	c.calls.add("GetItemsByTitle")
	return c.Client.GetItemsByTitle(title, vaultQuery)
}

func (c counted) CreateItem(item *onepassword.Item, vaultQuery string) (*onepassword.Item, error) {
	c.calls.add("CreateItem")
	return c.Client.CreateItem(item, vaultQuery)
}

func (c counted) UpdateItem(item *onepassword.Item, vaultQuery string) (*onepassword.Item, error) {
	c.calls.add("UpdateItem")
	return c.Client.UpdateItem(item, vaultQuery)
}

func (c counted) DeleteItem(item *onepassword.Item, vaultQuery string) error {
	c.calls.add("DeleteItem")
	return c.Client.DeleteItem(item, vaultQuery)
}

func (c counted) DeleteItemByID(itemUUID string, vaultQuery string) error {
	c.calls.add("DeleteItemByID")
	return c.Client.DeleteItemByID(itemUUID, vaultQuery)
}

func (c counted) DeleteItemByTitle(title string, vaultQuery string) error {
	c.calls.add("DeleteItemByTitle")
	return c.Client.DeleteItemByTitle(title, vaultQuery)
}

func (c counted) GetFiles(itemQuery string, vaultQuery string) ([]onepassword.File, error) {
	c.calls.add("GetFiles")
	return c.Client.GetFiles(itemQuery, vaultQuery)
}

func (c counted) GetFile(uuid string, itemQuery string, vaultQuery string) (*onepassword.File, error) {
	c.calls.add("GetFile")
	return c.Client.GetFile(uuid, itemQuery, vaultQuery)
}

func (c counted) GetFileContent(file *onepassword.File) ([]byte, error) {
	c.calls.add("GetFileContent")
	return c.Client.GetFileContent(file)
}

func (c counted) DownloadFile(file *onepassword.File, targetDirectory string, overwrite bool) (string, error) {
	c.calls.add("DownloadFile")
	return c.Client.DownloadFile(file, targetDirectory, overwrite)
}

func (c counted) LoadStructFromItemByUUID(config any, itemUUID string, vaultQuery string) error {
	c.calls.add("LoadStructFromItemByUUID")
	return c.Client.LoadStructFromItemByUUID(config, itemUUID, vaultQuery)
}

func (c counted) LoadStructFromItemByTitle(config any, itemTitle string, vaultQuery string) error {
	c.calls.add("LoadStructFromItemByTitle")
	return c.Client.LoadStructFromItemByTitle(config, itemTitle, vaultQuery)
}

func (c counted) LoadStructFromItem(config any, itemQuery string, vaultQuery string) error {
	c.calls.add("LoadStructFromItem")
	return c.Client.LoadStructFromItem(config, itemQuery, vaultQuery)
}

func (c counted) LoadStruct(config any) error {
	c.calls.add("LoadStruct")
	return c.Client.LoadStruct(config)
}
