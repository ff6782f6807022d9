package backend

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// content is an account to be stored. Its items come one by one: a large world
// is never in memory as a whole.
type content struct {
	fixtures.Account // without items
	items            func(vault int) iter.Seq[fixtures.Item]
	count            int // of all items
}

// contents returns the accounts that an empty store is filled with, with the times of now.
func (c Options) contents(now time.Time) (list []content) {
	if c.Generate != nil {
		for _, a := range fixtures.Outline(*c.Generate).WithTimestamps(now).Accounts {
			list = append(list, content{a, func(vault int) iter.Seq[fixtures.Item] {
				return fixtures.GenerateItems(*c.Generate, a, vault)
			}, max(c.Generate.Items, 0)})
		}
		return list
	}
	for _, a := range c.Fixture.WithTimestamps(now).Accounts {
		list = append(list, fixtureContent(a))
	}
	return list
}

// fixtureContent returns the content of an account that is in memory.
func fixtureContent(a fixtures.Account) content {
	c := content{Account: a, items: func(vault int) iter.Seq[fixtures.Item] { return slices.Values(a.Vaults[vault].Items) }}
	for _, v := range a.Vaults {
		c.count += len(v.Items)
	}
	return c
}

// progress reports how far the filling of a store is.
type progress struct {
	Progress
	onProgress func(Progress) // nil: nobody listens
}

func (f *progress) add(items, records int) {
	f.Items += items
	f.Records = min(f.Records+records, f.AllRecords)
	if f.onProgress != nil {
		f.onProgress(f.Progress)
	}
}

// How many items and records go from one step to the next at a time, and how
// many times that may wait there.
const (
	itemsAtOnce   = 128
	recordsAtOnce = 16 * store.SegmentRecords
	batchesAhead  = 2
)

// seedContent makes a frozen account with all of a fixture but its tokens.
func (b *Backend) seedContent(tx *store.Tx, under string, a content, seed uint64, now time.Time, f *progress) error {
	if err := tx.PutSnapshot(store.Snapshot{ID: under, CreatedAt: now}); err != nil {
		return err
	}
	bulk, err := tx.Bulk(under, a.count)
	if err != nil {
		return err
	}
	past := fixtures.NewActivitySource(a.Account)
	for i := range a.Vaults {
		err := b.seedVault(tx, under, a, i, past, func(group batch) error {
			f.add(len(group.rows), 0)
			return bulk.AddItems(a.Vaults[i].ID, group.rows)
		})
		if err != nil {
			return err
		}
	}
	if err := bulk.Finish(); err != nil {
		return err
	}
	for segments := range produceAhead(segmented(produceAhead(inBatches(past.Records(a.History, seed, now), recordsAtOnce)))) {
		if err := bulk.AddActivity(segments); err != nil {
			return err
		}
		f.add(0, store.SegmentRecords*len(segments))
	}
	return nil
}

// segmented makes segments of the log of records.
func segmented(batches iter.Seq[[]connect.Activity]) iter.Seq[[]store.Segment] {
	return func(yield func([]store.Segment) bool) {
		for records := range batches {
			var list []store.Segment
			for part := range slices.Chunk(records, store.SegmentRecords) {
				list = append(list, store.EncodeSegment(part))
			}
			if !yield(list) {
				return
			}
		}
	}
}

// seedVault stores a vault, its items with put. The items are made up, imported
// and stored at the same time, each in its order: random values are drawn as if one came
// after the other.
func (b *Backend) seedVault(tx *store.Tx, account string, a content, i int, past *fixtures.ActivitySource, put func(batch) error) error {
	v := a.Vaults[i]
	vault := connect.Vault{
		AttributeVersion: 1, ContentVersion: 1, Description: v.Description, ID: v.ID, Name: v.Name,
		Type: v.Type, CreatedAt: connect.At(v.CreatedAt), UpdatedAt: connect.At(v.UpdatedAt),
	}
	for group := range produceAhead(b.imported(produceAhead(inBatches(a.items(i), itemsAtOnce)), v)) {
		for j, it := range group.items {
			if err := b.seedFiles(tx, account, it, &group, j); err != nil {
				return fmt.Errorf("vault %q: item %q: %w", v.Name, it.Title, err)
			}
			if a.History > 0 {
				past.AddItem(i, it)
			}
			vault.ContentVersion += it.Version // the writes that made the item what it is [R, rule inferred]
		}
		if group.err != nil {
			return fmt.Errorf("vault %q: %w", v.Name, group.err)
		}
		vault.Items += len(group.items)
		if err := put(group); err != nil {
			return fmt.Errorf("vault %q: %w", v.Name, err)
		}
	}
	return tx.PutVault(account, vault)
}

// batch is items of a vault on their way to the store.
type batch struct {
	items []fixtures.Item
	docs  []connect.Item
	rows  []store.EncodedItem // not yet of those with files
	err   error
}

// imported makes of items what the store takes. It ends with the first error.
func (b *Backend) imported(batches iter.Seq[[]fixtures.Item], v fixtures.Vault) iter.Seq[batch] {
	return func(yield func(batch) bool) {
		for list := range batches {
			group := batch{items: list, docs: make([]connect.Item, len(list)), rows: make([]store.EncodedItem, len(list))}
			for i, it := range list {
				if group.err = b.importItem(it, v, &group.docs[i], &group.rows[i]); group.err != nil {
					group = batch{err: fmt.Errorf("item %q: %w", it.Title, group.err)}
					break
				}
			}
			if !yield(group) || group.err != nil {
				return
			}
		}
	}
}

func (b *Backend) importItem(it fixtures.Item, v fixtures.Vault, doc *connect.Item, row *store.EncodedItem) (err error) {
	*doc, err = items.Import(it.Input(), connect.VaultRef{ID: v.ID, Name: v.Name}, items.Options{
		Now: it.CreatedAt, NewID: b.Random.ID, Rand: b.Random, Editor: it.LastEditedBy,
		KeepSSHKeyType: true, DateISO: b.options.Import.DateISO, DateZone: b.options.Import.DateZone,
		OnlyLoginTemplate: b.options.Import.OnlyLoginTemplate,
	})
	if err != nil {
		return err
	}
	for _, f := range it.Fields {
		if f.PasswordDetails != nil {
			items.SetPasswordDetails(doc, f.ID, f.PasswordDetails.Wire())
		}
	}
	doc.ID, doc.Version, doc.UpdatedAt = it.ID, it.Version, connect.At(it.UpdatedAt)
	if len(it.Files) == 0 {
		*row, err = store.EncodeItem(*doc)
	}
	return err
}

// seedFiles stores the files of item j of a batch, and completes it.
func (b *Backend) seedFiles(tx *store.Tx, account string, it fixtures.Item, group *batch, j int) (err error) {
	if len(it.Files) == 0 {
		return nil
	}
	doc, find := &group.docs[j], it.FindSections()
	here := map[string]bool{}
	for _, s := range doc.Sections {
		here[s.ID] = true
	}
	for _, f := range it.Files {
		size, err := b.seedFile(tx, account, it.ID, f)
		if err != nil {
			return fmt.Errorf("file %q: %w", f.Name, err)
		}
		section := find(f.Section)
		doc.Files = append(doc.Files, connect.File{
			ContentPath: ContentPath(doc.Vault.ID, it.ID, f.ID), ID: f.ID, Name: f.Name, Section: section, Size: size,
		})
		if section != nil && !here[section.ID] {
			here[section.ID] = true
			doc.Sections = append(doc.Sections, *section)
		}
	}
	group.rows[j], err = store.EncodeItem(*doc)
	return err
}

func (b *Backend) seedFile(tx *store.Tx, account, item string, f fixtures.File) (int64, error) {
	content, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer content.Close()
	return tx.PutFile(account, item, f.ID, content)
}

// ContentPath returns where a file's bytes are to be had. Clients join it to the
// host, so it starts with a slash [C].
func ContentPath(vault, item, file string) string {
	return "/v1/vaults/" + vault + "/items/" + item + "/files/" + file + "/content"
}
