package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
)

// chunkSize is the size of the parts in which contents are stored, and which a
// reader holds in memory.
const chunkSize = 256 << 10

// PutFile stores or replaces the content of a file of an item, and returns its
// size in bytes. It does not change the item's document. No other transaction
// can write until r is read to its end.
func (tx *Tx) PutFile(account, item, file string, r io.Reader) (int64, error) {
	if _, err := tx.writableLayer(account); err != nil {
		return 0, err
	}
	var content, size int64
	err := tx.session.queryRow(`INSERT INTO sequences (name, value) VALUES ('content', 1)
		ON CONFLICT (name) DO UPDATE SET value = sequences.value + 1 RETURNING value`, nil, &content)
	if err != nil {
		return 0, err
	}
	if err := tx.deleteContent(account, item, file); err != nil {
		return 0, err
	}
	var chunk bytes.Buffer // most files are far smaller than a chunk
	for n := 0; ; n++ {
		if err := tx.ctx.Err(); err != nil {
			return 0, err
		}
		chunk.Reset()
		length, end := io.CopyN(&chunk, r, chunkSize)
		if end != nil && end != io.EOF {
			return 0, fmt.Errorf("file %s: %w", file, end)
		}
		if length > 0 {
			if _, err := tx.exec(`INSERT INTO chunks (account, content, n, data) VALUES ($1, $2, $3, $4)`,
				account, content, n, chunk.Bytes()); err != nil {
				return 0, err
			}
			size += length
		}
		if end != nil {
			break
		}
	}
	_, err = tx.exec(`INSERT INTO files (account, item, id, content, size) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account, item, id) DO UPDATE SET content = excluded.content, size = excluded.size`,
		account, item, file, content, size)
	return size, err
}

// deleteContent removes the chunks of a file.
func (tx *Tx) deleteContent(account, item, file string) error {
	_, err := tx.exec(`DELETE FROM chunks WHERE account = $1 AND content IN
		(SELECT content FROM files WHERE account = $1 AND item = $2 AND id = $3)`, account, item, file)
	return err
}

// DeleteFile removes the content of a file of an item, except that of a base. It does
// not change the item's document, without which a file is not found.
func (tx *Tx) DeleteFile(account, item, file string) error {
	if _, err := tx.writableLayer(account); err != nil {
		return err
	}
	if err := tx.deleteContent(account, item, file); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM files WHERE account = $1 AND item = $2 AND id = $3`, account, item, file)
	return err
}

// OpenFile opens the content of a file and returns its size in bytes. The reader
// loads one chunk at a time and holds no transaction between two reads. When the
// file is deleted or replaced meanwhile, the next chunk fails with ErrNotFound;
// a file of the base that a layer shows stays until the base is removed. The
// context applies to reading too. The reader is for one goroutine. It is also an
// io.WriterTo, which may send a cached file (see Options.FileCacheBytes): such a
// file is sent to its end even if it is deleted meanwhile.
func (s *Store) OpenFile(ctx context.Context, account, item, file string) (io.ReadSeekCloser, int64, error) {
	f := &fileReader{ctx: ctx, store: s, name: file, loaded: -1}
	err := s.View(ctx, func(tx *Tx) error {
		return tx.session.queryRow(`SELECT account, content, size FROM files WHERE account = $1 AND item = $2 AND id = $3
			UNION ALL SELECT f.account, f.content, f.size FROM accounts a CROSS JOIN files f
				WHERE a.id = $1 AND f.account = a.base AND f.item = $2 AND f.id = $3
				AND NOT EXISTS (SELECT 1 FROM hidden_files h WHERE h.account = $1 AND h.item = $2)
			LIMIT 1`, []any{account, item, file}, &f.account, &f.content, &f.size)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("file %s: %w", file, err)
	}
	return f, f.size, nil
}

// fileReader reads the content of a file from its chunks.
type fileReader struct {
	ctx     context.Context
	store   *Store
	account string // the account that has the chunks
	name    string
	content int64
	size    int64
	offset  int64
	chunk   []byte
	loaded  int64 // number of the loaded chunk; -1: none
}

func (f *fileReader) Read(p []byte) (int, error) {
	if f.store == nil {
		return 0, errors.New("file " + f.name + ": closed")
	}
	if f.offset >= f.size {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	if err := f.load(f.offset / chunkSize); err != nil {
		return 0, fmt.Errorf("file %s: %w", f.name, err)
	}
	n := copy(p, f.chunk[f.offset%chunkSize:])
	f.offset += int64(n)
	return n, nil
}

// WriteTo writes the rest of the content, from a cached file if there is one, or
// chunk by chunk, which saves io.Copy a buffer and most of its writes.
func (f *fileReader) WriteTo(w io.Writer) (written int64, err error) {
	if f.store == nil {
		return 0, errors.New("file " + f.name + ": closed")
	}
	if k := f.store.fileCache.take(f); k != nil {
		written, err = k.writeTo(f.ctx, w, f.offset)
		f.store.fileCache.put(f.content, k)
		f.offset += written
		if !errors.Is(err, errNotCached) {
			return written, err
		}
	}
	for f.offset < f.size {
		if err := f.load(f.offset / chunkSize); err != nil {
			return written, fmt.Errorf("file %s: %w", f.name, err)
		}
		n, err := w.Write(f.chunk[f.offset%chunkSize:])
		f.offset += int64(n)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// load reads a chunk. A single statement sees one consistent state, so that no
// transaction is needed: it finds the bytes of this content or none.
func (f *fileReader) load(n int64) error {
	if n == f.loaded {
		return nil
	}
	f.loaded = -1
	session, err := f.store.readers.take(f.ctx)
	if err != nil {
		return explain(f.store.path, err)
	}
	defer f.store.readers.put(session)
	found := false
	err = session.each(`SELECT data FROM chunks WHERE account = $1 AND content = $2 AND n = $3`,
		[]any{f.account, f.content, n}, func(scan func(...any) error) error {
			var data sql.RawBytes
			err := scan(&data)
			f.chunk = append(f.chunk[:0], data...)
			found = true
			return err
		})
	if err != nil {
		return explain(f.store.path, err)
	}
	if !found {
		return ErrNotFound
	}
	if want := min(chunkSize, f.size-n*chunkSize); int64(len(f.chunk)) != want {
		return fmt.Errorf("chunk %d has %d bytes and not %d: the store is damaged", n, len(f.chunk), want)
	}
	f.loaded = n
	return nil
}

// Seek sets where the next Read starts. It reads nothing.
func (f *fileReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += f.offset
	case io.SeekEnd:
		offset += f.size
	default:
		return 0, errors.New("file " + f.name + ": bad whence")
	}
	if offset < 0 {
		return 0, errors.New("file " + f.name + ": seek before the start")
	}
	f.offset = offset
	return offset, nil
}

// Close frees the chunk. Reading afterwards is an error.
func (f *fileReader) Close() error {
	f.store, f.chunk, f.loaded = nil, nil, -1
	return nil
}
