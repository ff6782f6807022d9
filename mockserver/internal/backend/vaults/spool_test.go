package vaults

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// However many elements are added, the document is one array of them, and no file is left behind.
func TestSpool_ReturnsOneArray(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 9, 100} {
		for name, limit := range map[string]int{"memory": 1 << 20, "file": 16, "at once": 1} {
			t.Run(name+" "+strconv.Itoa(n), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				p := &spool{dir: dir, limit: limit}
				want := []int{}
				for i := range n {
					want = append(want, i)
					if err := p.add([]byte(strconv.Itoa(i))); err != nil {
						t.Fatal(err)
					}
				}
				doc, err := p.document()
				if err != nil {
					t.Fatal(err)
				}
				body := bytes.NewBuffer(doc.Body)
				if doc.Stream != nil {
					if _, err := io.Copy(body, doc.Stream); err != nil {
						t.Fatal(err)
					}
					if int64(body.Len()) != doc.Size {
						t.Errorf("%d bytes, announced %d", body.Len(), doc.Size)
					}
				}
				var got []int
				if err := json.Unmarshal(body.Bytes(), &got); err != nil {
					t.Fatalf("%v in %q", err, body.String())
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
				if name != "memory" && n > 9 && doc.Stream == nil {
					t.Error("all of it is in memory")
				}
				if err := doc.Close(); err != nil {
					t.Error(err)
				}
				if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}

func TestSpool_FailsWithoutDirectory(t *testing.T) {
	t.Parallel()
	p := &spool{dir: filepath.Join(t.TempDir(), "gone"), limit: 1}
	if err := p.add([]byte("1")); !os.IsNotExist(err) {
		t.Errorf("error %v", err)
	}
}
