package backend

import "github.com/connectmock/connectmock/mockserver/internal/store"

// StoreFile returns the name of the file that the path of a store leads to: absolute and without symbolic links.
// MemoryStore stays as it is.
func StoreFile(path string) string { return store.ResolvePath(path) }

// IsStoreServed reports whether a server of this machine has the store open. known is false where there is no lock file
// beside it.
func IsStoreServed(path string) (served, known bool) { return store.IsServed(path) }
