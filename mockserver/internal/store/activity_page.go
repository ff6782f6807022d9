package store

import (
	"context"
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// recordsAtOnce is the number of records of a page that are read together. It bounds what is in memory beside the page.
const recordsAtOnce = 512

// EncodedPage is a page of an account's log as a JSON array.
type EncodedPage struct {
	Body    []byte
	Records int64 // in the page
	Total   int64 // in the log
}

// ActivityPage returns what Activity does, with the records as Options.AppendActivity writes them. The page ends with
// the first record that makes it larger than maxBytes.
func (s *Store) ActivityPage(ctx context.Context, account string, offset, limit, maxBytes int64) (EncodedPage, error) {
	if err := s.flushPending(ctx); err != nil {
		return EncodedPage{}, err
	}
	log, isKnown, version := s.pages.log(account)
	p := pageReader{
		pages: s.pages, version: version, append: s.appendActivity,
		offset: max(offset, 0), limit: max(limit, 0), maxBytes: maxBytes,
	}
	if isKnown && p.read(nil, log) == nil {
		return p.page, nil
	}
	err := s.View(ctx, func(tx *Tx) error {
		log, err := tx.findLog(account)
		if err == nil {
			err = s.retention.limit(tx, &log)
		}
		if err != nil {
			return err
		}
		if !s.retention.dependsOnTime() {
			s.pages.keepLog(log, p.version)
		}
		return p.read(tx, log)
	})
	return p.page, err
}

// pageReader reads a page of a log.
type pageReader struct {
	pages                   *pageCache
	version                 cacheVersion // from before anything was read
	append                  func([]byte, *connect.Activity) []byte
	offset, limit, maxBytes int64
	page                    EncodedPage
}

// read reads the page from the cache, and what it lacks from the database. Without a transaction it returns
// errPageNotCached if the cache lacks something.
func (p *pageReader) read(tx *Tx, log accountLog) error {
	p.page = EncodedPage{Body: []byte("[]"), Total: log.end - log.begin}
	if p.offset >= p.page.Total || p.limit == 0 {
		return nil
	}
	newest := log.end - 1 - p.offset
	left := min(p.limit, p.page.Total-p.offset)
	body := []byte{'['}
	for left > 0 && int64(len(body)) <= p.maxBytes {
		n := min(left, recordsAtOnce)
		blocks, err := p.blocks(tx, log, newest-n+1, newest)
		if err != nil {
			return err
		}
		body = p.appendRecords(body, blocks, newest-n+1, newest, left)
		newest, left = newest-n, left-n
	}
	p.page.Body = append(body, ']')
	return nil
}

// appendRecords appends the records from newest to oldest to a page that lacks so many.
func (p *pageReader) appendRecords(body []byte, blocks []*block, oldest, newest, left int64) []byte {
	n := newest - oldest + 1
	size := n // commas and the last bracket
	for _, b := range blocks {
		size += b.size(oldest, newest)
	}
	body = slices.Grow(body, int(size+min(size/n*(left-n), p.maxBytes))) // at the end exactly what is needed
	for _, b := range slices.Backward(blocks) {
		for n := min(newest, b.end()-1); n >= max(oldest, b.first); n-- {
			if int64(len(body)) > p.maxBytes {
				return body
			}
			if p.page.Records > 0 {
				body = append(body, ',')
			}
			body = append(body, b.record(n)...)
			p.page.Records++
		}
	}
	return body
}

// blocks returns the blocks with the records from oldest to newest.
func (p *pageReader) blocks(tx *Tx, log accountLog, oldest, newest int64) ([]*block, error) {
	at := oldest / blockRecords
	blocks := make([]*block, newest/blockRecords-at+1)
	p.pages.find(blocks, log.account, at, p.version)
	missing, last := len(blocks), -1
	for i, b := range blocks {
		first := (at + int64(i)) * blockRecords
		if !b.has(max(oldest, first), min(newest, first+blockRecords-1)) {
			missing, last = min(missing, i), i
		}
	}
	if last < 0 {
		return blocks, nil
	}
	if tx == nil {
		return nil, errPageNotCached
	}
	return blocks, p.readBlocks(tx, log, blocks[missing:last+1], at+int64(missing))
}

// readBlocks reads consecutive blocks from the number at on, whole ones as far as the log has their records.
func (p *pageReader) readBlocks(tx *Tx, log accountLog, blocks []*block, at int64) error {
	clear(blocks)
	n := max(at*blockRecords, log.begin)
	last := min((at+int64(len(blocks)))*blockRecords, log.end) - 1
	var record reusedRecord
	err := tx.eachPart(log, n, last, func(d *decoder, count int64) {
		for range count {
			i := n/blockRecords - at
			if blocks[i] == nil {
				blocks[i] = newBlock(n)
			}
			blocks[i].add(p.append, record.read(d, log))
			n++
		}
	})
	if err == nil {
		p.pages.keep(blocks, log.account, at, p.version)
	}
	return err
}

// reusedRecord is the memory of a record that is read, encoded and then replaced by the next.
type reusedRecord struct {
	packed      packedRecord
	activity    connect.Activity
	item, vault connect.Ref
}

// read reads the next record as the log shows it.
func (r *reusedRecord) read(d *decoder, log accountLog) *connect.Activity {
	d.record(&r.packed, &r.activity, &r.item, &r.vault)
	log.show(&r.activity)
	return &r.activity
}
