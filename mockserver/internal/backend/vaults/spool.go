package vaults

import (
	"errors"
	"io"

	"github.com/connectmock/connectmock/internal/tempfile"
)

// spool gathers an array of any size: in memory while it is small, beyond that in a file without a name, so that
// listing a vault takes the same memory however many items it has. The store is free before the first byte is sent,
// however slow the client is, and the list is of one moment.
type spool struct {
	dir   string // of the file; "": all of the array is gathered in memory
	limit int    // bytes in memory
	body  []byte
	file  *tempfile.File // nil: not needed so far
	size  int64          // bytes in the file

	reserve reserveFunc // for what can't be in a file
}

// add adds an encoded element, which it copies.
func (p *spool) add(element []byte) error {
	if p.size == 0 && len(p.body) == 0 {
		p.body = append(p.body, '[')
	} else {
		p.body = append(p.body, ',')
	}
	if p.dir == "" && len(p.body)+len(element) > cap(p.body) {
		if err := p.reserve(int64(2 * (cap(p.body) + len(element)))); err != nil {
			return err
		}
	}
	p.body = append(p.body, element...)
	if len(p.body) < p.limit || p.dir == "" {
		return nil
	}
	return p.flush()
}

// flush moves what is in memory to the file.
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

// document returns the array. The spool must not be changed afterwards.
func (p *spool) document() (Document, error) {
	if p.size == 0 && len(p.body) == 0 {
		p.body = append(p.body, '[')
	}
	p.body = append(p.body, ']')
	if p.file == nil {
		return Document{Body: p.body}, nil
	}
	if err := p.flush(); err != nil {
		return Document{}, errors.Join(err, p.Close())
	}
	p.body = nil // a slow client does not keep it
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return Document{}, errors.Join(err, p.Close())
	}
	return Document{Stream: p, Size: p.size}, nil
}

// Read reads the array from its start, after document.
func (p *spool) Read(b []byte) (int, error) { return p.file.Read(b) }

// WriteTo hands over the file itself, which the system may send without copying.
func (p *spool) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, p.file.File) }

// Close removes the file, if there is one.
func (p *spool) Close() error {
	if p.file == nil {
		return nil
	}
	err := p.file.Close()
	p.file = nil
	return err
}
