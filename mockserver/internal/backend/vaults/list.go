package vaults

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/openapi/connect"
)

// cachedList is a list as the cache keeps it: the items of a vault that a filter selects or, under no vault, the
// vaults of an account, or one of them under its id.
type cachedList struct {
	filter string // part of the key
	body   []byte // of items
	vaults []encodedVault
}

// Size returns about how many bytes the list takes.
func (l cachedList) Size() int64 {
	size := int64(len(l.filter)+len(l.body)) + 512
	for _, v := range l.vaults {
		size += int64(2*len(v.encoded)) + 256
	}
	return size
}

// IsValidAt reports that a list does not change with time.
func (cachedList) IsValidAt(time.Time) bool { return true }

// ListItems returns the summaries of the items of a vault that a filter selects, in the order the items were made (real
// servers promise none). An empty filter selects every item.
func (vs *Vaults) ListItems(ctx context.Context, view View, vault, filter string) (Document, error) {
	list, err := vs.cachedItems(ctx, view, vault, filter)
	if err != nil || len(vs.hiddenWrites(view, vault)) == 0 {
		return list, err
	}
	_ = list.Close() // it shows writes that are hidden from the caller
	body, err := vs.itemsBefore(ctx, view, vault, filter)
	return Document{Body: body}, err
}

// cachedItems returns a list of items from the cache or from the store.
func (vs *Vaults) cachedItems(ctx context.Context, view View, vault, filter string) (Document, error) {
	k := cache.Key{Account: view.Account, Vault: vault, Item: filter}
	cached, generation, ok := vs.lists.Get(k, view.Now)
	if ok {
		return Document{Body: cached.body, Cached: true}, nil
	}
	selected, err := vs.parseItemFilter(filter)
	if err != nil {
		return Document{}, err
	}
	var list *spool
	err = view.withMemory(ctx, func(reserve reserveFunc) error {
		list = &spool{dir: vs.options.SpoolDir, limit: spoolBytes, reserve: reserve}
		err := vs.store.Summaries(ctx, view.Account, vault, selected, func(stored []byte) error {
			summary, err := vs.encoder.Summary(stored)
			if err != nil {
				return err
			}
			return list.add(summary)
		})
		if err != nil {
			return errors.Join(err, list.Close())
		}
		return nil
	})
	if err != nil {
		return Document{}, err
	}
	doc, err := list.document()
	if err == nil && doc.Stream == nil && vs.lists.CanKeep(cachedList{filter: filter, body: doc.Body}) {
		doc.Body, doc.Cached = bytes.Clone(doc.Body), true
		vs.cacheList(k, cachedList{body: doc.Body}, generation)
	}
	return doc, err
}

// cacheList keeps a list, and nothing else of the request it was made for.
func (vs *Vaults) cacheList(k cache.Key, list cachedList, generation uint64) {
	k = cloneKey(k)
	list.filter = k.Item
	vs.lists.Put(k, list, generation)
}

// parseItemFilter returns the filter of a list of items, nil for an empty text.
func (vs *Vaults) parseItemFilter(text string) (*filter.Filter, error) {
	selected, err := filter.ParseItems(text)
	if selected != nil {
		selected.CaseSensitive = vs.quirks.ItemCaseSensitive
	}
	return selected, vs.filterError(text, err)
}

// filterError returns the error for a filter that is not valid: with the switch single-quote=500, one with a single
// quote is the neutral 500.
func (vs *Vaults) filterError(text string, err error) error {
	if err != nil && vs.quirks.SingleQuote500 && strings.Contains(text, "'") {
		return connect.SomethingWentWrong()
	}
	return err
}
