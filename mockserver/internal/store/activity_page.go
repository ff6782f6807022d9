package store

import (
	"context"
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// recordsAtOnce is the number of records of a page that are read together. It bounds what is in memory beside the page.
const recordsAtOnce = 512

// maxPending is the number of uncommitted records, of all accounts, up to which a page is made with them: more are
// committed first.
const maxPending = 1024

// pendingBytes is about how many bytes an encoded record takes.
const pendingBytes = 512

// EncodedPage is a page of an account's log as a JSON array.
type EncodedPage struct {
	Body    []byte
	Records int64 // in the page
	Total   int64 // in the log
}

// ActivityPage returns what Activity does, with the records as Options.AppendActivity writes them. The page ends with
// the first record that makes it larger than maxBytes. It may have records that are not committed yet.
func (s *Store) ActivityPage(ctx context.Context, account string, offset, limit, maxBytes int64) (EncodedPage, error) {
	p := pageReader{
		store: s, account: account, offset: max(offset, 0), limit: max(limit, 0), maxBytes: maxBytes,
	}
	if p.readKnown() {
		return p.page, nil
	}
	if !s.queue.empty() {
		// With the bounds from the database the page may be known, so that nobody has to wait for a commit.
		if s.pages.limit > 0 && !s.retention.dependsOnTime() {
			if err := p.readCommitted(ctx); err != nil || p.readKnown() {
				return p.page, err
			}
		}
		if err := s.flushPending(ctx); err != nil {
			return EncodedPage{}, err
		}
	}
	err := p.readCommitted(ctx)
	return p.page, err
}

// pageReader reads a page of a log.
type pageReader struct {
	store                   *Store
	account                 string
	version                 cacheVersion // from before anything was read
	offset, limit, maxBytes int64
	uncommitted             int64              // records after the end of the log
	pending                 []connect.Activity // those of them that the page has, newest first
	page                    EncodedPage
}

// readCommitted reads the page of what is committed.
func (p *pageReader) readCommitted(ctx context.Context) error {
	s := p.store
	p.uncommitted, p.pending = 0, nil
	_, _, p.version = s.pages.log(p.account)
	return s.View(ctx, func(tx *Tx) error {
		log, err := tx.findLog(p.account)
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
}

// readKnown reads the page without the database, and reports whether it could.
func (p *pageReader) readKnown() bool {
	log, isKnown := p.findKnown()
	return isKnown && p.read(nil, log) == nil
}

// findKnown returns the bounds of the log and sets what is not committed of it, if that is known. In one moment, the
// bounds are those of the last commit, and all accepted records that are not in it are pending.
func (p *pageReader) findKnown() (log accountLog, isKnown bool) {
	q := p.store.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	log, isKnown, p.version = p.store.pages.log(p.account)
	if !isKnown || q.inFlight > 0 || q.failing || len(q.pending) > maxPending || len(q.pending) > 0 && log.isSnapshot {
		return log, false
	}
	p.uncommitted, p.pending = 0, nil
	for i := len(q.pending) - 1; i >= 0; i-- {
		if q.pending[i].account != p.account {
			continue
		}
		if p.offset <= p.uncommitted && p.uncommitted-p.offset < p.limit {
			if p.pending == nil {
				p.pending = make([]connect.Activity, 0, min(p.limit, int64(i+1)))
			}
			p.pending = append(p.pending, q.pending[i].record)
		}
		p.uncommitted++
	}
	p.store.retention.limitCount(&log, p.uncommitted)
	return log, true
}

// read reads the page from the cache, and what it lacks from the database. Without a transaction it returns
// errPageNotCached if the cache lacks something.
func (p *pageReader) read(tx *Tx, log accountLog) error {
	p.page = EncodedPage{Body: []byte("[]"), Total: log.end + p.uncommitted - log.begin}
	if p.offset >= p.page.Total || p.limit == 0 {
		return nil
	}
	newest := log.end + p.uncommitted - 1 - p.offset
	left := min(p.limit, p.page.Total-p.offset)
	body := p.appendPending([]byte{'['}, log, left)
	newest, left = newest-p.page.Records, left-p.page.Records
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

// appendPending appends the records that are not committed, as far as the page has them.
func (p *pageReader) appendPending(body []byte, log accountLog, most int64) []byte {
	pending := p.pending[:min(int64(len(p.pending)), most)]
	body = slices.Grow(body, pendingBytes*len(pending))
	for _, a := range pending {
		if int64(len(body)) > p.maxBytes {
			break
		}
		if p.page.Records > 0 {
			body = append(body, ',')
		}
		log.show(&a)
		body = p.store.appendActivity(body, &a)
		p.page.Records++
	}
	return body
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
	p.store.pages.find(blocks, log.account, at, p.version)
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
			blocks[i].add(p.store.appendActivity, record.read(d, log))
			n++
		}
	})
	if err == nil {
		p.store.pages.keep(blocks, log.account, at, p.version)
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
