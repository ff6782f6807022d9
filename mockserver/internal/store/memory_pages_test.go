package store

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// Files that share pages behave as if each had all of its bytes for itself.
func TestMemoryFile_SharesPagesUnseen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		files, contents := []*memoryFile{newMemoryFile(nil)}, [][]byte{nil}
		one := rapid.Custom(func(t *rapid.T) int { return rapid.IntRange(0, len(files)-1).Draw(t, "file") })
		t.Repeat(map[string]func(*rapid.T){
			"write": func(t *rapid.T) {
				i := one.Draw(t, "written")
				offset := rapid.IntRange(0, 3*pageSize).Draw(t, "offset")
				data := bytes.Repeat([]byte{rapid.Byte().Draw(t, "byte")}, rapid.IntRange(1, 2*pageSize).Draw(t, "length"))
				files[i].write(data, int64(offset))
				for len(contents[i]) < offset+len(data) {
					contents[i] = append(contents[i], make([]byte, pageSize)...)
				}
				copy(contents[i][offset:], data)
			},
			"truncate": func(t *rapid.T) {
				i, pages := one.Draw(t, "truncated"), rapid.IntRange(0, 5).Draw(t, "pages")
				files[i].truncate(int64(pages * pageSize))
				contents[i] = contents[i][:min(len(contents[i]), pages*pageSize)]
			},
			"start another from it": func(t *rapid.T) {
				i := one.Draw(t, "original")
				files = append(files, newMemoryFile(files[i].image()))
				contents = append(contents, bytes.Clone(contents[i]))
			},
			"": func(t *rapid.T) {
				for i, f := range files {
					got := make([]byte, len(contents[i])+1)
					if n := f.read(got, 0); n != len(contents[i]) || f.size() != int64(n) || !bytes.Equal(got[:n], contents[i]) {
						t.Fatalf("file %d has %d of %d bytes, or others", i, n, len(contents[i]))
					}
				}
			},
		})
	})
}

// The engine asks for parts of pages too.
func TestMemoryFile_ReadsParts(t *testing.T) {
	t.Parallel()
	f := newMemoryFile(nil)
	f.write(bytes.Repeat([]byte("abcd"), pageSize/2), 0)
	for _, c := range []struct {
		offset int64
		length int
		want   string
	}{
		{24, 4, "abcd"}, {pageSize - 2, 4, "cdab"}, {2*pageSize - 3, 8, "bcd"}, {2 * pageSize, 1, ""}, {9 * pageSize, 1, ""},
	} {
		to := make([]byte, c.length)
		if n := f.read(to, c.offset); string(to[:n]) != c.want {
			t.Errorf("%d bytes at %d are %q, not %q", c.length, c.offset, to[:n], c.want)
		}
	}
}
