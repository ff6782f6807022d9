package controlapi

import (
	"context"
	"io"
	"net/http"
	"strconv"
)

// CreateItem creates an item, which is sent as JSON: as clients of Connect send it. The vault is given by its id or
// name. Like the methods below it does what a person does in an app: no permission and no fault applies, and the
// activity log gets no record.
func (c *Client) CreateItem(ctx context.Context, account, vault string, item any) (Item, error) {
	return post[Item](ctx, c, []string{"vaults", vault, "items"}, accountQuery(account), item)
}

// ReplaceItem replaces an item, which is given by its id or title, if it has the version; 0 means any.
func (c *Client) ReplaceItem(
	ctx context.Context, account, vault, item string, version int, replacement any,
) (written Item, err error) {
	query := accountQuery(account)
	if version != 0 {
		query.Set("version", strconv.Itoa(version))
	}
	err = c.do(ctx, call{
		method: http.MethodPut, path: []string{"vaults", vault, "items", item}, query: query, document: replacement,
		into: &written,
	})
	return written, err
}

// CopyItem creates a copy of an item in the same vault, with its files and without former passwords.
func (c *Client) CopyItem(ctx context.Context, account, vault, item string) (Item, error) {
	return post[Item](ctx, c, []string{"vaults", vault, "items", item, "copy"}, accountQuery(account), nil)
}

// DeleteItem deletes an item and its files.
func (c *Client) DeleteItem(ctx context.Context, account, vault, item string) error {
	path := []string{"vaults", vault, "items", item}
	return c.do(ctx, call{method: http.MethodDelete, path: path, query: accountQuery(account)})
}

// AddFile adds a file with a name to an item: in a section, which is given by its id or label, or in none for "".
func (c *Client) AddFile(
	ctx context.Context, account, vault, item, name, section string, content io.Reader,
) (added ItemFile, err error) {
	query := accountQuery(account)
	query.Set("name", name)
	if section != "" {
		query.Set("section", section)
	}
	err = c.do(ctx, call{
		method: http.MethodPost, path: []string{"vaults", vault, "items", item, "files"}, query: query,
		body: content, kind: "application/octet-stream", into: &added,
	})
	return added, err
}

// FileContent writes the content of a file, which is given by its id or name. After an error the output is incomplete.
func (c *Client) FileContent(ctx context.Context, account, vault, item, file string, w io.Writer) error {
	path := []string{"vaults", vault, "items", item, "files", file}
	return c.do(ctx, call{method: http.MethodGet, path: path, query: accountQuery(account), into: w})
}

// DeleteFile deletes a file of an item.
func (c *Client) DeleteFile(ctx context.Context, account, vault, item, file string) error {
	path := []string{"vaults", vault, "items", item, "files", file}
	return c.do(ctx, call{method: http.MethodDelete, path: path, query: accountQuery(account)})
}
