package mockserver

import (
	"io"
	"strings"
	"testing"
)

// endless is a text that never ends.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	e.read += int64(len(p))
	return len(p), nil
}

// A small file can unpack to a line without end. It is read to the longest line
// there can be, and no further.
func TestLinesWithoutEnd(t *testing.T) {
	t.Parallel()
	const longest = 64 << 10
	rest := &endless{}
	r := newExportReader(io.MultiReader(strings.NewReader(`{"head":{"name":"s"}}`+"\n"+`{"item":{"title":"`), rest), longest)
	if line, err := r.next(); err != nil || line.Head == nil {
		t.Fatalf("the line before: %+v, %v", line, err)
	}
	_, err := r.next()
	if err == nil || !strings.Contains(err.Error(), "longer than any") || rest.read > 2*longest {
		t.Errorf("error %v after %d bytes", err, rest.read)
	}
}
