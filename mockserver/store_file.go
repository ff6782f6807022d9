package mockserver

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/store"
)

// StoreFile is the name of the file that the path of a store leads to: absolute
// and without symbolic links. What stands beside a store is named after it.
// MemoryStore stays as it is.
func StoreFile(path string) string { return store.ResolvePath(path) }

// IsStoreServed says whether a server of this machine has the store open. known
// is false where that can't be said, as there is no lock file beside it.
func IsStoreServed(path string) (served, known bool) { return store.IsServed(path) }

// OpenTokenBook opens the tokens of a store file that a server may be serving at the same time. close must be called.
func OpenTokenBook(ctx context.Context, path string, now func() time.Time) (book *TokenBook, close func() error, err error) {
	return backend.OpenTokens(ctx, path, now)
}
