package backend

import "github.com/connectmock/connectmock/openapi/connect"

// listEntries is how many entries the lists of a line may have: the parts of an
// item, and the history of its passwords.
const listEntries = connect.MaxItemParts + 1000

// Limits bound what the file of a snapshot may unpack to, and what each of
// its lines may hold: a small file can hold a line without end, or an item of
// more fields than fit in memory. The exporter keeps to them too.
type Limits struct {
	itemLine int64 // bytes of the line of an item
	line     int64 // bytes of any other line
	entries  int   // of the lists of one line, together
	members  int   // of the objects of one line, together
	total    int64 // bytes of all lines
	// Lines other than the bytes of files may have so many bytes, and ratio more
	// for each byte of the file.
	unpacked int64
	ratio    int64
}

// DocumentLimit is how many bytes an item may have, within its line.
func (l Limits) DocumentLimit() int64 { return l.itemLine - 64 }

// newLimits are the limits of a server that takes bodies of so many bytes.
// An item grows by several requests, so it may have several bodies' bytes. What
// a store in memory imports must fit there.
func newLimits(maxBody int64, inMemory bool) Limits {
	l := Limits{
		itemLine: max(64<<20, 4*maxBody), line: 4 << 20, entries: listEntries, members: 16 * listEntries,
		total: 16 << 30, unpacked: 64 << 20, ratio: 200,
	}
	if inMemory {
		l.total = 1 << 30
	}
	return l
}

// lineLimit is how many bytes a line may have that begins with start.
func (l Limits) lineLimit(start []byte) int64 {
	const item = `{"item":`
	if len(start) >= len(item) && string(start[:len(item)]) == item {
		return l.itemLine
	}
	return l.line
}

// allow says whether the lists and objects of a JSON text have no more than they
// may, before any of it is decoded.
func (l Limits) allow(text []byte) bool {
	entries, members, depth := CountValues(text)
	return depth <= mostNesting && entries <= l.entries && members <= l.members
}

// mostNesting is how deeply lists and objects of a line may lie in each other.
// An item's are five deep.
const mostNesting = 32

// CountValues counts the entries of lists and the members of objects of a JSON
// text, which need not be valid, and how deeply they are nested.
func CountValues(text []byte) (entries, members, depth int) {
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
			count(c) // one too many for an empty one
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
