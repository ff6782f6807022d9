package store

import (
	"strconv"
	"sync"
)

// pageSize is the size of the pages of a database in memory.
const pageSize = 4096

// memoryPage is a part of a database. One that two databases have never changes.
type memoryPage [pageSize]byte

// Image is the content of a store in memory, as it was at one time. Stores that start from it share its pages until
// they change them.
type Image struct{ pages []*memoryPage }

// memoryFile is a database in memory, as the engine reads and writes a file. One goroutine uses it at a time.
type memoryFile struct {
	pages []*memoryPage
	own   []bool // of each page: no other database has it, so that it may change
}

// newMemoryFile returns a file with the content of an image; nil: an empty one.
func newMemoryFile(image *Image) *memoryFile {
	f := &memoryFile{}
	if image != nil {
		f.pages, f.own = append(f.pages, image.pages...), make([]bool, len(image.pages))
	}
	return f
}

// image returns what the file has now. From here on the file shares its pages.
func (f *memoryFile) image() *Image {
	clear(f.own)
	return &Image{append([]*memoryPage(nil), f.pages...)}
}

// size returns the length of the file in bytes: the engine writes whole pages.
func (f *memoryFile) size() int64 { return int64(len(f.pages)) * pageSize }

// read copies bytes from an offset on, and returns their number, which is smaller at the end of the file.
func (f *memoryFile) read(to []byte, offset int64) (n int) {
	for n < len(to) && offset < f.size() {
		copied := copy(to[n:], f.pages[offset/pageSize][offset%pageSize:])
		n, offset = n+copied, offset+int64(copied)
	}
	return n
}

// write replaces bytes from an offset on. The file grows by whole pages. A page that others have is copied first.
func (f *memoryFile) write(from []byte, offset int64) {
	for len(from) > 0 {
		i := int(offset / pageSize)
		for len(f.pages) <= i {
			f.pages, f.own = append(f.pages, new(memoryPage)), append(f.own, true)
		}
		if !f.own[i] {
			changed := *f.pages[i]
			f.pages[i], f.own[i] = &changed, true
		}
		n := copy(f.pages[i][offset%pageSize:], from)
		from, offset = from[n:], offset+int64(n)
	}
}

// truncate drops the pages after a length in bytes.
func (f *memoryFile) truncate(size int64) {
	n := min(len(f.pages), int((size+pageSize-1)/pageSize))
	clear(f.pages[n:])
	f.pages, f.own = f.pages[:n], f.own[:n]
}

// memoryFiles are the databases in memory that this process has, by the numbers that the engine knows them by.
var memoryFiles = struct {
	sync.RWMutex
	last  uint64
	files map[uint64]*memoryFile
}{files: map[uint64]*memoryFile{}}

// addMemoryFile makes a file known to the engine, and returns its number.
func addMemoryFile(f *memoryFile) (number uint64) {
	memoryFiles.Lock()
	defer memoryFiles.Unlock()
	memoryFiles.last++
	memoryFiles.files[memoryFiles.last] = f
	return memoryFiles.last
}

// findMemoryFile returns the file with a number, nil if there is none.
func findMemoryFile(number uint64) *memoryFile {
	memoryFiles.RLock()
	defer memoryFiles.RUnlock()
	return memoryFiles.files[number]
}

// removeMemoryFile forgets a file, which the engine must have closed.
func removeMemoryFile(number uint64) {
	memoryFiles.Lock()
	defer memoryFiles.Unlock()
	delete(memoryFiles.files, number)
}

// memoryURI returns the name by which the engine opens a file.
func memoryURI(number uint64) string {
	return "file:" + strconv.FormatUint(number, 10) + "?vfs=" + memoryVFS
}
