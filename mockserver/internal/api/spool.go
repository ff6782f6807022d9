package api

import (
	"errors"
	"io"
	"path/filepath"

	"github.com/connectmock/connectmock/internal/tempfile"
)

// spool gathers an array of any size: in memory while it is small, beyond that
// in a file without a name, so that listing a vault takes the same memory
// whatever is in it. The store is let go of before the first byte is sent,
// however slow the client is, and the answer is of one moment.
type spool struct {
	dir   string // of the file; empty: everything stays in memory
	limit int    // bytes in memory
	body  []byte
	file  *tempfile.File // nil: not needed so far
	size  int64          // bytes in the file

	reserve func(bytes int64) error // takes memory for what can't be in a file
}

// spool makes one. A store in memory is not spared by a file, and answers that
// are held to the document are needed whole.
func (s *Handler) spool(reserve func(bytes int64) error) *spool {
	p := &spool{limit: s.spoolBytes, reserve: reserve}
	if !s.inMemory && !s.checkResponses {
		p.dir = filepath.Dir(s.storeName) // a place that can be written, in an image of nothing but us too
	}
	return p
}

// add adds an encoded document, which it copies.
func (p *spool) add(document []byte) error {
	if p.size == 0 && len(p.body) == 0 {
		p.body = append(p.body, '[')
	} else {
		p.body = append(p.body, ',')
	}
	if p.dir == "" && len(p.body)+len(document) > cap(p.body) {
		if err := p.reserve(int64(2 * (cap(p.body) + len(document)))); err != nil {
			return err
		}
	}
	p.body = append(p.body, document...)
	if len(p.body) < p.limit || p.dir == "" {
		return nil
	}
	return p.flush()
}

func (p *spool) flush() (err error) {
	if p.file == nil {
		if p.file, err = tempfile.CreateUnnamed(p.dir); err != nil {
			return err
		}
	}
	n, err := p.file.Write(p.body)
	p.size += int64(n)
	p.body = p.body[:0]
	return err
}

// reply answers the array.
func (p *spool) reply() (reply, error) {
	if p.size == 0 && len(p.body) == 0 {
		p.body = append(p.body, '[')
	}
	p.body = append(p.body, ']')
	if p.file == nil {
		return reply{kind: jsonKind, body: p.body}, nil
	}
	if err := p.flush(); err != nil {
		return reply{}, errors.Join(err, p.Close())
	}
	p.body = nil // a slow client need not hold it
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return reply{}, errors.Join(err, p.Close())
	}
	return reply{kind: jsonKind, stream: p, size: p.size}, nil
}

// Read reads what was gathered from its start, after reply.
func (p *spool) Read(b []byte) (int, error) { return p.file.Read(b) }

// WriteTo hands the file on as it is, which the system may do by itself.
func (p *spool) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, p.file.File) }

// Close gives the file up. It may be called where there is none.
func (p *spool) Close() error {
	if p.file == nil {
		return nil
	}
	err := p.file.Close()
	p.file = nil
	return err
}
