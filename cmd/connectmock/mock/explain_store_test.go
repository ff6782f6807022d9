package mock

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
)

// The folder is most often a bind mount of root's.
func TestExplainStore_SaysWhichUserMustWriteWhere(t *testing.T) {
	t.Parallel()
	s := &Settings{Store: "/data/connectmock.db"}
	for _, cause := range []error{fs.ErrPermission, syscall.EACCES, syscall.EROFS} {
		text := s.explainStore(fmt.Errorf("open /data/connectmock.db.lock: %w", cause)).Error()
		for _, want := range []string{"/data", fmt.Sprintf("user %d", os.Getuid()), "docker run --user", "--store memory:"} {
			if !strings.Contains(text, want) {
				t.Errorf("%v: %q is missing: %s", cause, want, text)
			}
		}
	}
	if got := s.explainStore(fs.ErrExist); got != fs.ErrExist {
		t.Errorf("another error became %v", got)
	}
}
