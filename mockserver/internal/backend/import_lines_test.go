package backend

import (
	"io"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

// endlessReader returns bytes without end, and counts them.
type endlessReader struct{ read int64 }

func (e *endlessReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	e.read += int64(len(p))
	return len(p), nil
}

// A small file can unpack to an endless line. It is read up to the limit of a line.
func TestExportReader_StopsAtTheLineLimit(t *testing.T) {
	t.Parallel()
	const limit = 64 << 10
	rest := &endlessReader{}
	limits := newLimits(limit, false)
	limits.itemLine = limit
	text := io.MultiReader(strings.NewReader(`{"head":{"name":"s"}}`+"\n"+`{"item":{"title":"`), rest)
	r := newExportReader(text, limits, &countingReader{})
	if line, err := r.next(); err != nil || line.Head == nil {
		t.Fatalf("the line before: %+v, %v", line, err)
	}
	_, err := r.next()
	if err == nil || !strings.Contains(err.Error(), "line 2: it is longer") || rest.read > 2*limit {
		t.Errorf("error %v after %d bytes", err, rest.read)
	}
}

// A line may have as many bytes as the limit, with its end.
func TestExportReader_AcceptsALineOfTheLimit(t *testing.T) {
	t.Parallel()
	const head, line = `{"head":{"name":"s"}}` + "\n", `{"vault":{"name":"v"}}` + "\n"
	for limit, want := range map[int64]bool{int64(len(line)): true, int64(len(line)) - 1: false} {
		limits := newLimits(1<<20, false)
		limits.line = limit
		r := newExportReader(strings.NewReader(head+line), limits, &countingReader{n: 1 << 20})
		_, err := r.next()
		if err == nil {
			_, err = r.next()
		}
		if (err == nil) != want {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

// A file that is compressed far better than an export, or that is long, is not read to its end.
func TestExportReader_LimitsUnpackedBytes(t *testing.T) {
	t.Parallel()
	limits := func(entries int, total, unpacked int64) Limits {
		return Limits{itemLine: 1 << 20, line: 1 << 20, entries: entries, members: entries,
			total: total, unpacked: unpacked, ratio: 3}
	}
	line := `{"vault":{"description":"` + strings.Repeat("a", 1000) + `"}}` + "\n"
	for message, l := range map[string]Limits{
		"3 times its size":              limits(9, 1<<40, 20_000),
		"the file unpacks to more than": limits(9, 30_000, 1<<40),
		"more than 1 entries":           limits(1, 1<<40, 1<<40),
	} {
		r := newExportReader(strings.NewReader(strings.Repeat(line, 1000)), l, &countingReader{n: 1000})
		var err error
		for range 1000 {
			if _, err = r.next(); err != nil {
				break
			}
		}
		if err == nil || !strings.Contains(err.Error(), message) || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("error %v, want %q", err, message)
		}
	}
}

func TestCheckItem_RefusesWhatCannotBeExported(t *testing.T) {
	t.Parallel()
	l := Limits{itemLine: 2000}
	field := connect.Field{ID: "f", Type: "STRING"}
	for size, want := range map[int]bool{10: true, 1000: true, 1700: true, 1900: false, 1 << 20: false} {
		field.Value = strings.Repeat("x", size)
		if err := l.CheckItem(connect.Item{Fields: []connect.Field{field}}); (err == nil) != want {
			t.Errorf("a value of %d bytes: %v", size, err)
		}
	}
	if err := l.CheckItem(connect.Item{Tags: make([]string, connect.MaxItemParts+1)}); err == nil {
		t.Error("an item with too many tags is accepted")
	}
}

func TestCountValues_CountsEntriesMembersAndDepth(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]int{
		`{}`:                         {0, 1},
		`[]`:                         {1, 0},
		`{"a":[1,2,{"b":"],[\"{"}]}`: {3, 2},
		`[[],[null,null]]`:           {5, 0},
		`"unended \`:                 {0, 0},
		`}]{`:                        {0, 1},
	} {
		if entries, members, _ := countValues([]byte(text)); entries != want[0] || members != want[1] {
			t.Errorf("%s: %d entries, %d members, want %v", text, entries, members, want)
		}
	}
	if _, _, depth := countValues([]byte(strings.Repeat(`[{"a":`, 500))); depth != 1000 {
		t.Errorf("the depth is %d", depth)
	}
}
