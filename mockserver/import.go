package mockserver

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// ImportSnapshot makes a snapshot of an account from what ExportSnapshot wrote,
// of this server or another; an empty name takes the one in the file. Restored,
// it answers as the account answered that was exported. The tokens that the
// account has now stay good beside those of the file; where both have one of a
// name, its value is the one there and what it may do is the file's. A plain
// token whose value is good for another account of this server is left out.
//
// All of the file is read and checked before anything is changed. A file that
// can't be used is a 400, a name in use a 409.
func (s *Server) ImportSnapshot(ctx context.Context, account, name string, r io.Reader) (controlapi.Snapshot, error) {
	if name != "" {
		if err := nameable("a snapshot", name); err != nil {
			return controlapi.Snapshot{}, err
		}
	}
	// Nobody else can write while a snapshot is put into the store, so it is put
	// aside first: it may come slowly.
	aside, err := os.CreateTemp("", "connectmock-import-*")
	if err != nil {
		return controlapi.Snapshot{}, fmt.Errorf("no place to put the snapshot aside: %w", err)
	}
	defer os.Remove(aside.Name())
	defer aside.Close()
	if _, err := io.Copy(aside, r); err != nil {
		return controlapi.Snapshot{}, fmt.Errorf("the snapshot did not come whole: %w", err)
	}
	head, err := readExport(aside, &checker{})
	if err != nil {
		return controlapi.Snapshot{}, err
	}
	if name == "" {
		if name = head.Name; nameable("a snapshot", name) != nil {
			return controlapi.Snapshot{}, refuse(400, "the name in the file can't be used; give the snapshot another")
		}
	}
	f := store.Frozen{ID: s.chance.userID(), Name: name, CreatedAt: head.CreatedAt}
	var shown controlapi.Snapshot
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		if err != nil {
			return err
		}
		f.Account = a.ID
		if err := tx.PutFrozen(f); err != nil {
			return taken(err, name)
		}
		to, err := newImporter(tx, f, s.chance.id)
		if err != nil {
			return err
		}
		if _, err := readExport(aside, to); err != nil {
			return err
		}
		if err := to.keepTokens(); err != nil {
			return err
		}
		shown, err = shownSnapshot(tx, f)
		return err
	})
	return shown, err
}

// damaged is the one error for files that are not as they were written.
func damaged(format string, args ...any) error {
	return refuse(400, "the snapshot file is damaged: %s; export it again", fmt.Sprintf(format, args...))
}

// target is what becomes of the lines of a file.
type target interface {
	vault(connect.Vault) error
	item(connect.Item) error
	file(item string, f exportFile, content io.Reader) error
	token(auth.Token) error
	activity(connect.Activity) error
}

// readExport reads a file from its start and hands on what it holds.
func readExport(file io.ReadSeeker, to target) (exportHead, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return exportHead{}, err
	}
	zip, err := gzip.NewReader(bufio.NewReader(file))
	if err != nil {
		return exportHead{}, refuse(400, "this is no exported snapshot: it is not compressed by gzip")
	}
	lines := newExportReader(zip, lineBytes)
	first, err := lines.next()
	if err != nil || first.Head == nil || first.Head.Format != exportFormat {
		return exportHead{}, refuse(400, "this is no exported snapshot")
	}
	if first.Head.Version > exportVersion {
		return exportHead{}, refuse(400, "the snapshot was exported by a newer connectmock, in format %d; this one reads formats up to %d: update it", first.Head.Version, exportVersion)
	}
	return *first.Head, lines.content(to)
}

// exportReader reads the lines of a file and counts them.
type exportReader struct {
	decoder *json.Decoder
	bounded *io.LimitedReader // what the decoder reads
	longest int64             // bytes of a line
	tally   exportTally
	within  string // the item that files belong to
}

func newExportReader(text io.Reader, longest int64) *exportReader {
	bounded := &io.LimitedReader{R: text}
	return &exportReader{decoder: json.NewDecoder(bounded), bounded: bounded, longest: longest}
}

func (r *exportReader) next() (exportLine, error) {
	var line exportLine
	r.bounded.N = r.longest
	switch err := r.decoder.Decode(&line); {
	case err != nil && r.bounded.N == 0:
		return line, damaged("a line of it is longer than any that is written")
	case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
		return line, damaged("it ends too early")
	case err != nil:
		return line, damaged("what it holds is not as it was written") // err may quote it
	}
	return line, nil
}

func (r *exportReader) content(to target) error {
	for {
		line, err := r.next()
		if err != nil {
			return err
		}
		if line.Tally != nil {
			return r.end(*line.Tally)
		}
		if err := r.one(line, to); err != nil {
			return err
		}
	}
}

func (r *exportReader) one(line exportLine, to target) error {
	switch {
	case line.Vault != nil:
		r.tally.Vaults++
		return to.vault(*line.Vault)
	case line.Item != nil:
		r.tally.Items++
		var it connect.Item
		if json.Unmarshal(line.Item, &it) != nil || !isID(it.ID) {
			return damaged("an item can't be read")
		}
		r.within = it.ID
		return to.item(it)
	case line.File != nil && r.within != "":
		r.tally.Files++
		r.tally.Bytes += line.File.Size
		content := &exportBytes{lines: r, left: line.File.Size}
		if err := to.file(r.within, *line.File, content); err != nil {
			return err
		}
		if content.left != 0 {
			return damaged("a file is shorter than it says")
		}
		return nil
	case line.Token != nil:
		r.tally.Tokens++
		return to.token(auth.Token(*line.Token))
	case line.Activity != nil:
		r.tally.Activity++
		return to.activity(*line.Activity)
	}
	return damaged("a line is where none belongs")
}

// end holds the file to its tally, and reads on to where its checksum is.
func (r *exportReader) end(tally exportTally) error {
	if tally != r.tally {
		return damaged("it says to hold %+v and holds %+v", tally, r.tally)
	}
	r.bounded.N = r.longest
	if err := r.decoder.Decode(new(exportLine)); err != io.EOF || r.bounded.N == 0 {
		return damaged("it does not end where it should")
	}
	return nil
}

// exportBytes is the content of a file, from the lines that follow.
type exportBytes struct {
	lines *exportReader
	piece []byte
	left  int64 // bytes still to come, those of piece included
}

func (b *exportBytes) Read(p []byte) (int, error) {
	for len(b.piece) == 0 {
		if b.left == 0 {
			return 0, io.EOF
		}
		line, err := b.lines.next()
		if err != nil {
			return 0, err
		}
		if len(line.Bytes) == 0 || int64(len(line.Bytes)) > b.left {
			return 0, damaged("a file has other bytes than it says")
		}
		b.piece = line.Bytes
	}
	n := copy(p, b.piece)
	b.piece, b.left = b.piece[n:], b.left-int64(n)
	return n, nil
}
