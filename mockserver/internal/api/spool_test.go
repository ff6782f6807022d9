package api

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// However much is gathered, the answer is one array of it, and nothing is left
// of the file.
func TestSpool(t *testing.T) {
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
				rep, err := p.reply()
				if err != nil {
					t.Fatal(err)
				}
				var body bytes.Buffer
				if rep.stream == nil {
					body.Write(rep.body)
				} else if _, err := io.Copy(&body, rep.stream); err != nil {
					t.Fatal(err)
				}
				if int64(body.Len()) != rep.length() {
					t.Errorf("%d bytes, announced %d", body.Len(), rep.length())
				}
				var got []int
				if err := json.Unmarshal(body.Bytes(), &got); err != nil {
					t.Fatalf("%v in %q", err, body.String())
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
				if name != "memory" && n > 9 && rep.stream == nil {
					t.Error("all of it is in memory")
				}
				if err := p.Close(); err != nil {
					t.Error(err)
				}
				if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}

// A folder that can't be written to is an error, not a list that is cut.
func TestSpoolWithoutPlace(t *testing.T) {
	t.Parallel()
	p := &spool{dir: filepath.Join(t.TempDir(), "gone"), limit: 1}
	if err := p.add([]byte("1")); !os.IsNotExist(err) {
		t.Errorf("error %v", err)
	}
}

// A list that is gathered in a file reads as one that is not.
func TestListFromFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, config{Store: filepath.Join(dir, "lists.db")})
	token, err := s.backend.Tokens.FirstToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list := func(limit int) *httptest.ResponseRecorder {
		s.spoolBytes = limit
		r := httptest.NewRequest(http.MethodGet, "/v1/vaults/h3kvwphsg7jkstbxmdycavun3c/items", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	want, got := list(1<<20), list(100)
	if got.Code != http.StatusOK || got.Body.Len() < 200 {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	if diff := cmp.Diff(want.Header(), got.Header()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Body.String(), got.Body.String()); diff != "" {
		t.Error(diff)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "connectmock-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
