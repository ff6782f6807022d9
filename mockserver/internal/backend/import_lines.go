package backend

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
)

// damaged is the one error for files that are not as they were written.
func damaged(format string, args ...any) error {
	return Errorf(400, "the snapshot file is damaged: %s; export it again", fmt.Sprintf(format, args...))
}

// problem says what is wrong with a line. The reader tells the number of it.
type problem string

func (p problem) Error() string { return string(p) }

func problemf(format string, args ...any) error { return problem(fmt.Sprintf(format, args...)) }

// target is what becomes of the lines of a file.
type target interface {
	head(exportHead) error
	vault(connect.Vault) error
	item(connect.Item) error
	file(item string, f exportFile, content io.Reader) error
	token(auth.Token) error
	activity(connect.Activity) error
	end() error
}

// readExport reads a file from its start and hands on what it holds. strict
// refuses lines that are not exactly as the exporter writes them.
func readExport(file io.ReadSeeker, limits Limits, strict bool, to target) (exportHead, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return exportHead{}, err
	}
	packed := &countingReader{from: file}
	zip, err := gzip.NewReader(bufio.NewReader(packed))
	if err != nil {
		return exportHead{}, Errorf(400, "this is no exported snapshot: it is not compressed by gzip")
	}
	lines := newExportReader(zip, limits, packed)
	lines.strict = strict
	first, err := lines.next()
	if first.Head == nil || first.Head.Format != exportFormat {
		return exportHead{}, Errorf(400, "this is no exported snapshot")
	}
	if first.Head.Version > exportVersion {
		return exportHead{}, Errorf(400, "the snapshot was exported by a newer connectmock, in format %d; "+
			"this one reads formats up to %d: update it", first.Head.Version, exportVersion)
	}
	if err == nil {
		err = lines.explain(to.head(*first.Head))
	}
	if err != nil {
		return exportHead{}, err
	}
	return *first.Head, lines.content(to)
}

// countingReader counts what was read.
type countingReader struct {
	from io.Reader
	n    int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

// exportReader reads the lines of a file and counts what they hold.
type exportReader struct {
	text      *bufio.Reader
	limits    Limits
	packed    *countingReader
	strict    bool
	number    int    // of the line read last, from 1
	line      []byte // read last
	unpacked  int64  // bytes of all lines
	documents int64  // bytes of all but the bytes of files
	tally     exportTally
	stage     int    // what kind of line came last
	within    string // the item that files belong to
}

func newExportReader(text io.Reader, limits Limits, packed *countingReader) *exportReader {
	return &exportReader{text: bufio.NewReaderSize(text, 64<<10), limits: limits, packed: packed}
}

// next reads a line. Where the error is about the line, what could be decoded of
// it comes along.
func (r *exportReader) next() (line exportLine, err error) {
	r.number++
	if err := r.read(); err != nil {
		return line, err
	}
	if !r.limits.allow(r.line) {
		return line, r.tooLarge("it holds more than %d entries in its lists, %d members, or is nested more than %d deep",
			r.limits.entries, r.limits.members, mostNesting)
	}
	if err := json.Unmarshal(r.line, &line); err != nil {
		return line, r.damaged("what it holds is not as it was written") // err may quote it
	}
	if !bytes.HasPrefix(r.line, []byte(`{"bytes":`)) {
		r.documents += int64(len(r.line))
		if r.documents > r.limits.unpacked+r.limits.ratio*r.packed.n {
			return line, r.tooLarge("up to here what it holds is more than %d times as long as the file, which no export is", r.limits.ratio)
		}
	}
	if r.strict {
		if written, err := encodeLine(line); err != nil || !bytes.Equal(written, r.line) {
			return line, r.damaged("what it holds is not as it was written")
		}
	}
	return line, nil
}

// encodeLine is a line as the exporter writes it.
func encodeLine(line exportLine) ([]byte, error) {
	var text bytes.Buffer
	lines := json.NewEncoder(&text)
	lines.SetEscapeHTML(false)
	err := lines.Encode(line)
	return text.Bytes(), err
}

// read reads a line, up to the bytes it may have.
func (r *exportReader) read() error {
	for r.line = r.line[:0]; ; {
		part, err := r.text.ReadSlice('\n')
		r.line = append(r.line, part...)
		if r.unpacked += int64(len(part)); r.unpacked > r.limits.total {
			return r.tooLarge("the file unpacks to more than %d MiB", r.limits.total>>20)
		}
		if most := r.limits.lineLimit(r.line); int64(len(r.line)) > most {
			return r.tooLarge("it is longer than %d bytes", most)
		}
		switch {
		case err == nil:
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
		case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
			return r.damaged("it ends too early")
		default:
			return r.damaged("it can't be unpacked")
		}
	}
}

func (r *exportReader) damaged(format string, args ...any) error {
	return damaged("line %d: %s", r.number, fmt.Sprintf(format, args...))
}

// explain puts the number of the line to a problem of it.
func (r *exportReader) explain(err error) error {
	var wrong problem
	if errors.As(err, &wrong) {
		return r.damaged("%s", wrong)
	}
	return err
}

// tooLarge refuses what would take more memory or disk than a world needs.
func (r *exportReader) tooLarge(format string, args ...any) error {
	return Errorf(400, "the snapshot file can't be imported: line %d: %s; nothing was changed",
		r.number, fmt.Sprintf(format, args...))
}

// content hands on all lines after the head.
func (r *exportReader) content(to target) error {
	for {
		line, err := r.next()
		if err != nil {
			return err
		}
		end := line.Tally != nil
		if end {
			err = r.end(*line.Tally, to)
		} else {
			err = r.one(line, to)
		}
		if err != nil || end {
			return r.explain(err)
		}
	}
}

// The order of lines.
const (
	vaultStage = iota
	itemStage
	tokenStage
	activityStage
)

// reach goes on to a stage.
func (r *exportReader) reach(stage int) error {
	if stage < r.stage {
		return problem("it is where none belongs")
	}
	r.stage = stage
	return nil
}

func (r *exportReader) one(line exportLine, to target) error {
	switch {
	case line.Vault != nil:
		r.tally.Vaults++
		return errors.Join(r.reach(vaultStage), to.vault(*line.Vault))
	case line.Item != nil:
		r.tally.Items++
		return r.item(line.Item, to)
	case line.File != nil && r.stage == itemStage && r.within != "":
		return r.file(*line.File, to)
	case line.Token != nil:
		r.tally.Tokens++
		return errors.Join(r.reach(tokenStage), to.token(auth.Token(*line.Token)))
	case line.Activity != nil:
		r.tally.Activity++
		return errors.Join(r.reach(activityStage), to.activity(*line.Activity))
	}
	return problem("it is where none belongs")
}

func (r *exportReader) item(document []byte, to target) error {
	if err := r.reach(itemStage); err != nil {
		return err
	}
	var it connect.Item
	if json.Unmarshal(document, &it) != nil {
		return problem("the item can't be read")
	}
	if r.strict {
		if written, err := json.Marshal(it); err != nil || !bytes.Equal(written, document) {
			return problem("the item is not as it was written")
		}
	}
	r.within = it.ID
	return to.item(it)
}

func (r *exportReader) file(f exportFile, to target) error {
	if f.Size < 0 || f.Size > r.limits.total {
		return problem("the file can't have that size")
	}
	r.tally.Files++
	r.tally.Bytes += f.Size
	content := &exportBytes{lines: r, left: f.Size}
	if err := to.file(r.within, f, content); err != nil {
		return err
	}
	if content.left != 0 {
		return problem("the file is shorter than it says")
	}
	return nil
}

// end holds the file to its tally, and reads on to where its checksum is.
func (r *exportReader) end(tally exportTally, to target) error {
	if tally != r.tally {
		return problemf("it says to hold %+v and holds %+v", tally, r.tally)
	}
	if err := to.end(); err != nil {
		return err
	}
	if _, err := r.text.ReadByte(); err != io.EOF {
		return problem("the file does not end there")
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
			return 0, problem("the file before it has other bytes than it says")
		}
		b.piece = line.Bytes
	}
	n := copy(p, b.piece)
	b.piece, b.left = b.piece[n:], b.left-int64(n)
	return n, nil
}
