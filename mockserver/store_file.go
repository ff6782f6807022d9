package mockserver

import "github.com/connectmock/connectmock/mockserver/internal/backend"

// StoreFile returns the name of the file that the path of a store leads to: absolute
// and without symbolic links. What stands beside a store is named after it.
// MemoryStore stays as it is.
func StoreFile(path string) string { return backend.StoreFile(path) }

// IsStoreServed reports whether a server of this machine has the store open. known
// is false where that can't be said, as there is no lock file beside it.
func IsStoreServed(path string) (served, known bool) { return backend.IsStoreServed(path) }
