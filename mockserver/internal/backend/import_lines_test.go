package backend

import (
	"io"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
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
	limits := newLimits(longest, false)
	limits.itemLine = longest
	text := io.MultiReader(strings.NewReader(`{"head":{"name":"s"}}`+"\n"+`{"item":{"title":"`), rest)
	r := newExportReader(text, limits, &countingReader{})
	if line, err := r.next(); err != nil || line.Head == nil {
		t.Fatalf("the line before: %+v, %v", line, err)
	}
	_, err := r.next()
	if err == nil || !strings.Contains(err.Error(), "line 2: it is longer") || rest.read > 2*longest {
		t.Errorf("error %v after %d bytes", err, rest.read)
	}
}

// Texts that pack far better than a world does, and those that are long, are read
// only so far.
func TestExportReader_BoundsWhatIsUnpacked(t *testing.T) {
	t.Parallel()
	limits := func(entries int, total, unpacked int64) Limits {
		return Limits{itemLine: 1 << 20, line: 1 << 20, entries: entries, members: entries,
			total: total, unpacked: unpacked, ratio: 3}
	}
	line := `{"vault":{"description":"` + strings.Repeat("a", 1000) + `"}}` + "\n"
	for say, l := range map[string]Limits{
		"times as long as the file": limits(9, 1<<40, 20_000),
		"unpacks to more than":      limits(9, 30_000, 1<<40),
		"more than 1 entries":       limits(1, 1<<40, 1<<40),
	} {
		r := newExportReader(strings.NewReader(strings.Repeat(line, 1000)), l, &countingReader{n: 1000})
		var err error
		for range 1000 {
			if _, err = r.next(); err != nil {
				break
			}
		}
		if err == nil || !strings.Contains(err.Error(), say) || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("error %v, want %q", err, say)
		}
	}
}

// An item can't grow by several requests to what can't be exported.
func TestLimits_CheckItemRefusesWhatCannotBeExported(t *testing.T) {
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
		t.Error("too many tags are taken")
	}
}

func TestCountValues(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]int{
		`{}`:                         {0, 1},
		`[]`:                         {1, 0},
		`{"a":[1,2,{"b":"],[\"{"}]}`: {3, 2},
		`[[],[null,null]]`:           {5, 0},
		`"unended \`:                 {0, 0},
		`}]{`:                        {0, 1},
	} {
		if entries, members, _ := CountValues([]byte(text)); entries != want[0] || members != want[1] {
			t.Errorf("%s: %d entries, %d members, want %v", text, entries, members, want)
		}
	}
	if _, _, depth := CountValues([]byte(strings.Repeat(`[{"a":`, 500))); depth != 1000 {
		t.Errorf("the depth is %d", depth)
	}
}
