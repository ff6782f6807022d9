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

// problem is an error that says what is wrong with a line. The reader adds the number of the line.
type problem string

func (p problem) Error() string { return string(p) }

func problemf(format string, args ...any) error { return problem(fmt.Sprintf(format, args...)) }

// target receives what the lines of a file contain.
type target interface {
	head(exportHead) error
	vault(connect.Vault) error
	item(connect.Item) error
	file(item string, f exportFile, content io.Reader) error
	token(auth.Token) error
	activity(connect.Activity) error
	end() error
}

// readExport reads a file from its start and passes its lines to the target. With strict it refuses lines that are not
// exactly as the exporter writes them.
func readExport(file io.ReadSeeker, limits Limits, strict bool, to target) (exportHead, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return exportHead{}, err
	}
	compressed := &countingReader{from: file}
	zip, err := gzip.NewReader(bufio.NewReader(compressed))
	if err != nil {
		return exportHead{}, Errorf(400, "this is not an exported snapshot: it is not compressed with gzip")
	}
	lines := newExportReader(zip, limits, compressed)
	lines.strict = strict
	first, err := lines.next()
	if first.Head == nil || first.Head.Format != exportFormat {
		return exportHead{}, Errorf(400, "this is not an exported snapshot")
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
	return *first.Head, lines.readLines(to)
}

// countingReader counts the bytes that are read.
type countingReader struct {
	from io.Reader
	n    int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

// exportReader reads the lines of a file and counts what they contain.
type exportReader struct {
	text       *bufio.Reader
	limits     Limits
	compressed *countingReader
	strict     bool
	number     int    // of the current line, from 1
	line       []byte // the current line
	unpacked   int64  // bytes of all lines so far
	documents  int64  // bytes of the lines so far that are not bytes of files
	tally      exportTally
	stage      int    // the kind of the last line
	item       string // the id of the item that files belong to
}

func newExportReader(text io.Reader, limits Limits, compressed *countingReader) *exportReader {
	return &exportReader{text: bufio.NewReaderSize(text, 64<<10), limits: limits, compressed: compressed}
}

// next reads a line. With an error about the content of a line it also returns what could be decoded.
func (r *exportReader) next() (line exportLine, err error) {
	r.number++
	if err := r.read(); err != nil {
		return line, err
	}
	if !r.limits.areKeptBy(r.line) {
		return line, r.tooLargef("it has more than %d entries in lists or %d members, or is nested more than %d deep",
			r.limits.entries, r.limits.members, maxNesting)
	}
	if err := json.Unmarshal(r.line, &line); err != nil {
		return line, r.damagedf("its content was changed") // err may quote it
	}
	if !bytes.HasPrefix(r.line, []byte(`{"bytes":`)) {
		r.documents += int64(len(r.line))
		if r.documents > r.limits.unpacked+r.limits.ratio*r.compressed.n {
			return line, r.tooLargef("up to here it unpacks to more than %d times its size, which no export does",
				r.limits.ratio)
		}
	}
	if r.strict {
		if exported, err := encodeLine(line); err != nil || !bytes.Equal(exported, r.line) {
			return line, r.damagedf("its content was changed")
		}
	}
	return line, nil
}

// encodeLine encodes a line as the exporter does.
func encodeLine(line exportLine) ([]byte, error) {
	var text bytes.Buffer
	lines := json.NewEncoder(&text)
	lines.SetEscapeHTML(false)
	err := lines.Encode(line)
	return text.Bytes(), err
}

// read reads a line, up to its limit.
func (r *exportReader) read() error {
	for r.line = r.line[:0]; ; {
		part, err := r.text.ReadSlice('\n')
		r.line = append(r.line, part...)
		if r.unpacked += int64(len(part)); r.unpacked > r.limits.total {
			return r.tooLargef("the file unpacks to more than %d MiB", r.limits.total>>20)
		}
		if limit := r.limits.lineLimit(r.line); int64(len(r.line)) > limit {
			return r.tooLargef("it is longer than %d bytes", limit)
		}
		switch {
		case err == nil:
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
		case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
			return r.damagedf("it ends too early")
		default:
			return r.damagedf("it can't be unpacked")
		}
	}
}

// damagedf returns the error for a file that the exporter has not written like this.
func (r *exportReader) damagedf(format string, args ...any) error {
	return Errorf(400, "the snapshot file is damaged: line %d: %s; export it again",
		r.number, fmt.Sprintf(format, args...))
}

// explain adds the number of the line to a problem, and returns other errors unchanged.
func (r *exportReader) explain(err error) error {
	var found problem
	if errors.As(err, &found) {
		return r.damagedf("%s", found)
	}
	return err
}

// tooLargef returns the error for a file that would take more memory or disk than an account needs.
func (r *exportReader) tooLargef(format string, args ...any) error {
	return Errorf(400, "the snapshot file can't be imported: line %d: %s; nothing was changed",
		r.number, fmt.Sprintf(format, args...))
}

// readLines passes all lines after the head to the target.
func (r *exportReader) readLines(to target) error {
	for {
		line, err := r.next()
		if err != nil {
			return err
		}
		end := line.Tally != nil
		if end {
			err = r.checkEnd(*line.Tally, to)
		} else {
			err = r.pass(line, to)
		}
		if err != nil || end {
			return r.explain(err)
		}
	}
}

// The kinds of lines, in their order.
const (
	vaultStage = iota
	itemStage
	tokenStage
	activityStage
)

// enterStage records the kind of the current line, and refuses one that must come earlier.
func (r *exportReader) enterStage(stage int) error {
	if stage < r.stage {
		return problem("it is not in its order")
	}
	r.stage = stage
	return nil
}

// pass passes a line to the target.
func (r *exportReader) pass(line exportLine, to target) error {
	switch {
	case line.Vault != nil:
		r.tally.Vaults++
		return errors.Join(r.enterStage(vaultStage), to.vault(*line.Vault))
	case line.Item != nil:
		r.tally.Items++
		return r.passItem(line.Item, to)
	case line.File != nil && r.stage == itemStage && r.item != "":
		return r.passFile(*line.File, to)
	case line.Token != nil:
		r.tally.Tokens++
		return errors.Join(r.enterStage(tokenStage), to.token(auth.Token(*line.Token)))
	case line.Activity != nil:
		r.tally.Activity++
		return errors.Join(r.enterStage(activityStage), to.activity(*line.Activity))
	}
	return problem("it is not in its order")
}

func (r *exportReader) passItem(document []byte, to target) error {
	if err := r.enterStage(itemStage); err != nil {
		return err
	}
	var it connect.Item
	if json.Unmarshal(document, &it) != nil {
		return problem("the item can't be decoded")
	}
	if r.strict {
		if exported, err := json.Marshal(it); err != nil || !bytes.Equal(exported, document) {
			return problem("the item was changed")
		}
	}
	r.item = it.ID
	return to.item(it)
}

func (r *exportReader) passFile(f exportFile, to target) error {
	if f.Size < 0 || f.Size > r.limits.total {
		return problem("the size of the file is invalid")
	}
	r.tally.Files++
	r.tally.Bytes += f.Size
	content := &exportBytes{lines: r, left: f.Size}
	if err := to.file(r.item, f, content); err != nil {
		return err
	}
	if content.left != 0 {
		return problem("the file is shorter than its size")
	}
	return nil
}

// checkEnd compares the tally with what was read, and reads to the end of the file, where gzip has a checksum.
func (r *exportReader) checkEnd(tally exportTally, to target) error {
	if tally != r.tally {
		return problemf("the tally is %+v, but the file has %+v", tally, r.tally)
	}
	if err := to.end(); err != nil {
		return err
	}
	if _, err := r.text.ReadByte(); err != io.EOF {
		return problem("the file does not end there")
	}
	return nil
}
