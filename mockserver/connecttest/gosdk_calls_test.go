package connecttest_test

import (
	"sync"

	"github.com/1Password/connect-sdk-go/connect"
	"github.com/1Password/connect-sdk-go/onepassword"
)

// calls counts calls by the name of the method.
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

// countingClient is a client whose calls are counted. A new method of the interface is promoted and so not counted,
// which the test reports.
type countingClient struct {
	connect.Client
	calls *calls
}

func (c countingClient) GetVaults() ([]onepassword.Vault, error) {
	c.calls.add("GetVaults")
	return c.Client.GetVaults()
}

func (c countingClient) GetVault(uuid string) (*onepassword.Vault, error) {
	c.calls.add("GetVault")
	return c.Client.GetVault(uuid)
}

func (c countingClient) GetVaultByUUID(uuid string) (*onepassword.Vault, error) {
	c.calls.add("GetVaultByUUID")
	return c.Client.GetVaultByUUID(uuid)
}

func (c countingClient) GetVaultByTitle(title string) (*onepassword.Vault, error) {
	c.calls.add("GetVaultByTitle")
	return c.Client.GetVaultByTitle(title)
}

func (c countingClient) GetVaultsByTitle(uuid string) ([]onepassword.Vault, error) {
	c.calls.add("GetVaultsByTitle")
	return c.Client.GetVaultsByTitle(uuid)
}

func (c countingClient) GetItems(vaultQuery string) ([]onepassword.Item, error) {
	c.calls.add("GetItems")
	return c.Client.GetItems(vaultQuery)
}

func (c countingClient) GetItem(itemQuery, vaultQuery string) (*onepassword.Item, error) {
	c.calls.add("GetItem")
	return c.Client.GetItem(itemQuery, vaultQuery)
}

func (c countingClient) GetItemByUUID(uuid string, vaultQuery string) (*onepassword.Item, error) {
	c.calls.add("GetItemByUUID")
	return c.Client.GetItemByUUID(uuid, vaultQuery)
}

func (c countingClient) GetItemByTitle(title string, vaultQuery string) (*onepassword.Item, error) {
	c.calls.add("GetItemByTitle")
	return c.Client.GetItemByTitle(title, vaultQuery)
}

func (c countingClient) GetItemsByTitle(title string, vaultQuery string) ([]onepassword.Item, error) {
	c.calls.add("GetItemsByTitle")
	return c.Client.GetItemsByTitle(title, vaultQuery)
}

func (c countingClient) CreateItem(item *onepassword.Item, vaultQuery string) (*onepassword.Item, error) {
	c.calls.add("CreateItem")
	return c.Client.CreateItem(item, vaultQuery)
}

func (c countingClient) UpdateItem(item *onepassword.Item, vaultQuery string) (*onepassword.Item, error) {
	c.calls.add("UpdateItem")
	return c.Client.UpdateItem(item, vaultQuery)
}

func (c countingClient) DeleteItem(item *onepassword.Item, vaultQuery string) error {
	c.calls.add("DeleteItem")
	return c.Client.DeleteItem(item, vaultQuery)
}

func (c countingClient) DeleteItemByID(itemUUID string, vaultQuery string) error {
	c.calls.add("DeleteItemByID")
	return c.Client.DeleteItemByID(itemUUID, vaultQuery)
}

func (c countingClient) DeleteItemByTitle(title string, vaultQuery string) error {
	c.calls.add("DeleteItemByTitle")
	return c.Client.DeleteItemByTitle(title, vaultQuery)
}

func (c countingClient) GetFiles(itemQuery string, vaultQuery string) ([]onepassword.File, error) {
	c.calls.add("GetFiles")
	return c.Client.GetFiles(itemQuery, vaultQuery)
}

func (c countingClient) GetFile(uuid string, itemQuery string, vaultQuery string) (*onepassword.File, error) {
	c.calls.add("GetFile")
	return c.Client.GetFile(uuid, itemQuery, vaultQuery)
}

func (c countingClient) GetFileContent(file *onepassword.File) ([]byte, error) {
	c.calls.add("GetFileContent")
	return c.Client.GetFileContent(file)
}

func (c countingClient) DownloadFile(file *onepassword.File, targetDirectory string, overwrite bool) (string, error) {
	c.calls.add("DownloadFile")
	return c.Client.DownloadFile(file, targetDirectory, overwrite)
}

func (c countingClient) LoadStructFromItemByUUID(config any, itemUUID string, vaultQuery string) error {
	c.calls.add("LoadStructFromItemByUUID")
	return c.Client.LoadStructFromItemByUUID(config, itemUUID, vaultQuery)
}

func (c countingClient) LoadStructFromItemByTitle(config any, itemTitle string, vaultQuery string) error {
	c.calls.add("LoadStructFromItemByTitle")
	return c.Client.LoadStructFromItemByTitle(config, itemTitle, vaultQuery)
}

func (c countingClient) LoadStructFromItem(config any, itemQuery string, vaultQuery string) error {
	c.calls.add("LoadStructFromItem")
	return c.Client.LoadStructFromItem(config, itemQuery, vaultQuery)
}

func (c countingClient) LoadStruct(config any) error {
	c.calls.add("LoadStruct")
	return c.Client.LoadStruct(config)
}
