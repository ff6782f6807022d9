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

// content is an account to be stored. Its items are read one by one, so that a large fixture is never in memory as a
// whole.
type content struct {
	fixtures.Account // without items
	items            func(vault int) iter.Seq[fixtures.Item]
	count            int // number of items
}

// contents returns the accounts to fill an empty store with, with timestamps relative to now.
func (o Options) contents(now time.Time) (list []content) {
	if o.Generate != nil {
		for _, a := range fixtures.Outline(*o.Generate).WithTimestamps(now).Accounts {
			list = append(list, content{a, func(vault int) iter.Seq[fixtures.Item] {
				return fixtures.GenerateItems(*o.Generate, a, vault)
			}, max(o.Generate.Items, 0)})
		}
		return list
	}
	for _, a := range o.Fixture.WithTimestamps(now).Accounts {
		list = append(list, fixtureContent(a))
	}
	return list
}

// fixtureContent returns the content of an account whose items are in memory.
func fixtureContent(a fixtures.Account) content {
	items := func(vault int) iter.Seq[fixtures.Item] { return slices.Values(a.Vaults[vault].Items) }
	c := content{Account: a, items: items}
	for _, v := range a.Vaults {
		c.count += len(v.Items)
	}
	return c
}

// progress counts what is stored while a store is filled, and reports it.
type progress struct {
	Progress
	onProgress func(Progress) // nil: progress is not reported
}

func (p *progress) add(items, records int) {
	p.Items += items
	p.Records = min(p.Records+records, p.AllRecords)
	if p.onProgress != nil {
		p.onProgress(p.Progress)
	}
}

// The number of items and records in a batch, and of batches that a step of the pipeline may be ahead of the next.
const (
	itemsInBatch   = 128
	recordsInBatch = 16 * store.SegmentRecords
	batchesAhead   = 2
)

// seedContent stores an account without its tokens as a new snapshot.
func (b *Backend) seedContent(
	tx *store.Tx, snapshot string, a content, seed uint64, now time.Time, p *progress,
) error {
	if err := tx.PutSnapshot(store.Snapshot{ID: snapshot, CreatedAt: now}); err != nil {
		return err
	}
	bulk, err := tx.Bulk(snapshot)
	if err != nil {
		return err
	}
	activity := fixtures.NewActivitySource(a.Account)
	for i := range a.Vaults {
		err := b.seedVault(tx, snapshot, a, i, activity, func(items batch) error {
			p.add(len(items.rows), 0)
			return bulk.AddItems(a.Vaults[i].ID, items.rows)
		})
		if err != nil {
			return err
		}
	}
	records := produceAhead(inBatches(activity.Records(a.History, seed, now), recordsInBatch))
	for segments := range produceAhead(encodeSegments(records)) {
		if err := bulk.AddActivity(segments); err != nil {
			return err
		}
		p.add(0, store.SegmentRecords*len(segments))
	}
	return nil
}

// encodeSegments encodes batches of records as segments of an activity log.
func encodeSegments(batches iter.Seq[[]connect.Activity]) iter.Seq[[]store.Segment] {
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

// seedVault stores vault i, and its items with put. Items are generated, imported and stored concurrently, each step
// in the order of the items, so that random values do not depend on timing.
func (b *Backend) seedVault(
	tx *store.Tx, account string, a content, i int, activity *fixtures.ActivitySource, put func(batch) error,
) error {
	v := a.Vaults[i]
	vault := connect.Vault{
		AttributeVersion: 1, ContentVersion: 1, Description: v.Description, ID: v.ID, Name: v.Name,
		Type: v.Type, CreatedAt: connect.At(v.CreatedAt), UpdatedAt: connect.At(v.UpdatedAt),
	}
	for items := range produceAhead(b.importItems(produceAhead(inBatches(a.items(i), itemsInBatch)), v)) {
		for j, it := range items.items {
			if err := b.seedFiles(tx, account, it, &items, j); err != nil {
				return fmt.Errorf("vault %q: item %q: %w", v.Name, it.Title, err)
			}
			if a.History > 0 {
				activity.AddItem(i, it)
			}
			vault.ContentVersion += it.Version // each version of an item was a write to the vault [R, rule inferred]
		}
		if items.err != nil {
			return fmt.Errorf("vault %q: %w", v.Name, items.err)
		}
		vault.Items += len(items.items)
		if err := put(items); err != nil {
			return fmt.Errorf("vault %q: %w", v.Name, err)
		}
	}
	return tx.PutVault(account, vault)
}

// batch is some items of a vault in the forms they have on the way to the store.
type batch struct {
	items []fixtures.Item
	docs  []connect.Item
	rows  []store.EncodedItem // seedFiles sets those of items with files
	err   error               // nothing else is set
}

// importItems imports batches of items. It ends with the first error.
func (b *Backend) importItems(batches iter.Seq[[]fixtures.Item], v fixtures.Vault) iter.Seq[batch] {
	return func(yield func(batch) bool) {
		for list := range batches {
			n := len(list)
			next := batch{items: list, docs: make([]connect.Item, n), rows: make([]store.EncodedItem, n)}
			for i, it := range list {
				if next.err = b.importItem(it, v, &next.docs[i], &next.rows[i]); next.err != nil {
					next = batch{err: fmt.Errorf("item %q: %w", it.Title, next.err)}
					break
				}
			}
			if !yield(next) || next.err != nil {
				return
			}
		}
	}
}

// importItem sets the document of an item, and its row if it has no files.
func (b *Backend) importItem(
	it fixtures.Item, v fixtures.Vault, doc *connect.Item, row *store.EncodedItem,
) (err error) {
	*doc, err = items.Import(it.Input(), connect.VaultRef{ID: v.ID, Name: v.Name}, items.Options{
		Now: it.CreatedAt, NewID: b.random.ID, Rand: b.random, Editor: it.LastEditedBy,
		KeepSSHKeyType: true, DateISO: b.options.Quirks.DateISO, DateZone: b.options.Quirks.DateZone,
		OnlyLoginTemplate: b.options.Quirks.OnlyLoginTemplate,
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

// seedFiles stores the files of item j of a batch, adds them to its document and encodes it.
func (b *Backend) seedFiles(tx *store.Tx, account string, it fixtures.Item, items *batch, j int) (err error) {
	if len(it.Files) == 0 {
		return nil
	}
	doc, find := &items.docs[j], it.FindSections()
	known := map[string]bool{} // ids of the document's sections
	for _, s := range doc.Sections {
		known[s.ID] = true
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
		if section != nil && !known[section.ID] {
			known[section.ID] = true
			doc.Sections = append(doc.Sections, *section)
		}
	}
	items.rows[j], err = store.EncodeItem(*doc)
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

// ContentPath returns the path of a file's content. It starts with a slash because clients join it to the host [C].
func ContentPath(vault, item, file string) string {
	return "/v1/vaults/" + vault + "/items/" + item + "/files/" + file + "/content"
}
