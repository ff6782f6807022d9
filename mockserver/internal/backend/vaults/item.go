package vaults

import (
	"context"
	"errors"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Item is an encoded item or file of an item.
type Item struct {
	Document
	Version int // of the item; set with an error too, where the item was found
}

// cachedItem is an encoded item as the cache keeps it.
type cachedItem struct {
	version int
	files   []connect.File
	body    []byte
	from    time.Time // when the one-time codes in body become valid; zero: body is always valid
	until   time.Time // when they end to be valid
}

// Size returns about how many bytes the item takes.
func (it cachedItem) Size() int64 { return int64(len(it.body)+256*len(it.files)) + 512 }

// IsValidAt reports whether the item looks like this at that moment.
func (it cachedItem) IsValidAt(now time.Time) bool {
	return it.from.IsZero() || !now.Before(it.from) && now.Before(it.until)
}

// Item returns an item as the caller sees it.
func (vs *Vaults) Item(ctx context.Context, view View, vault, item string) (Item, error) {
	it, err := vs.visibleItem(ctx, view, vault, item)
	return Item{Document{Body: it.body, Cached: vs.items.CanKeep(it)}, it.version}, err
}

// Title returns the title of an item, "" if it is not found.
func (vs *Vaults) Title(ctx context.Context, account, vault, item string) (title string) {
	_ = vs.store.View(ctx, func(tx *store.Tx) error {
		it, err := storedItem(tx, nil, account, vault, item)
		title = it.Title
		return err
	})
	return title
}

// visibleItem returns an item as the caller sees it.
func (vs *Vaults) visibleItem(ctx context.Context, view View, vault, item string) (cachedItem, error) {
	it, err := vs.cachedItem(ctx, view, vault, item)
	return vs.itemBefore(view, vault, item, it, err)
}

// cachedItem returns an item from the cache or from the store.
func (vs *Vaults) cachedItem(ctx context.Context, view View, vault, item string) (cachedItem, error) {
	k := cache.Key{Account: view.Account, Vault: vault, Item: item}
	cached, generation, ok := vs.items.Get(k, view.Now)
	if ok {
		return cached, nil
	}
	var it connect.Item
	err := view.withMemory(ctx, func(reserve reserveFunc) error {
		return vs.store.View(ctx, func(tx *store.Tx) (err error) {
			it, err = vs.readableItem(tx, reserve, view.Account, vault, item)
			return err
		})
	})
	if err != nil {
		return cached, err
	}
	if cached, err = vs.encodeItem(it, view.Now); err != nil {
		return cached, err
	}
	vs.items.Put(cloneKey(k), cached, generation)
	return cached, nil
}

// encodeItem returns an item, encoded as it is at that moment.
func (vs *Vaults) encodeItem(it connect.Item, now time.Time) (cachedItem, error) {
	encoded := cachedItem{version: it.Version, files: it.Files}
	encoded.from, encoded.until = items.CodePeriod(it, now)
	var err error
	encoded.body, err = vs.encoder.Item(items.WithCodes(it, now))
	return encoded, err
}

// storedItem returns an item of a vault. One in another vault is not found.
func storedItem(tx *store.Tx, reserve reserveFunc, account, vault, item string) (connect.Item, error) {
	document, err := tx.ItemJSON(account, vault, item)
	if errors.Is(err, store.ErrNotFound) {
		return connect.Item{}, connect.ItemNotFound(item)
	}
	if err == nil && reserve != nil {
		err = reserve(3 * int64(len(document))) // it, what it is decoded to, and that encoded
	}
	if err != nil {
		return connect.Item{}, err
	}
	return store.DecodeItem(item, document)
}

// EncodeItem returns an item as clients get it at that moment, whether it is stored or not.
func (vs *Vaults) EncodeItem(it connect.Item, now time.Time) ([]byte, error) {
	encoded, err := vs.encodeItem(it, now)
	return encoded.body, err
}
