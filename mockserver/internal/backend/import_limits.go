package backend

import "github.com/connectmock/connectmock/openapi/connect"

// maxListEntries is how many entries the lists of a line may have: the parts of an item, and its former passwords.
const maxListEntries = connect.MaxItemParts + 1000

// maxNesting is how deeply the lists and objects of a line may be nested. An item has five levels.
const maxNesting = 32

// Limits bound what the file of a snapshot may unpack to, and what each of its lines may contain: a small file can
// contain an endless line, or an item with more fields than fit in memory. The exporter obeys them too.
type Limits struct {
	itemLine int64 // bytes of the line of an item
	line     int64 // bytes of any other line
	entries  int   // of all lists of a line together
	members  int   // of all objects of a line together
	total    int64 // bytes of all lines
	// The lines without bytes of files may have unpacked bytes, and ratio more for each byte of the compressed file.
	unpacked int64
	ratio    int64
}

// documentLimit returns how many bytes an item may have, so that its line is within the limit.
func (l Limits) documentLimit() int64 { return l.itemLine - 64 }

// newLimits returns the limits of a server that accepts bodies of maxBody bytes. An item may be larger than a body,
// because several requests can add to it. A snapshot that is imported into memory must fit there.
func newLimits(maxBody int64, inMemory bool) Limits {
	l := Limits{
		itemLine: max(64<<20, 4*maxBody), line: 4 << 20, entries: maxListEntries, members: 16 * maxListEntries,
		total: 16 << 30, unpacked: 64 << 20, ratio: 200,
	}
	if inMemory {
		l.total = 1 << 30
	}
	return l
}

// lineLimit returns how many bytes a line may have that begins with start.
func (l Limits) lineLimit(start []byte) int64 {
	const item = `{"item":`
	if len(start) >= len(item) && string(start[:len(item)]) == item {
		return l.itemLine
	}
	return l.line
}

// areKeptBy reports whether the lists and objects of a JSON text are within the limits. The text is not decoded.
func (l Limits) areKeptBy(text []byte) bool {
	entries, members, depth := countValues(text)
	return depth <= maxNesting && entries <= l.entries && members <= l.members
}

// countValues returns the number of list entries and of object members in a JSON text, and how deeply they are nested.
// The text need not be valid.
func countValues(text []byte) (entries, members, depth int) {
	var open []byte // brackets and braces
	count := func(kind byte) {
		if kind == '[' {
			entries++
		} else {
			members++
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '[', '{':
			open = append(open, c)
			depth = max(depth, len(open))
			count(c) // an empty list or object counts as one
		case ']', '}':
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case ',':
			if len(open) > 0 {
				count(open[len(open)-1])
			}
		}
	}
	return entries, members, depth
}
