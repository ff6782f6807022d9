// Package store keeps the worlds of all accounts (vaults, items, files,
// activity, tokens) in one SQL database: a SQLite file that several processes
// may open, or one that lives in memory and ends with the Store.
//
// A change is a function given to Update: all of it is in the database when
// Update returns nil, and none of it otherwise. What Update has answered
// survives the death of the process (kill -9); the death of the machine may
// take the last transactions with it, but never leaves half of one.
//
// An account may be a layer over a frozen one, see Frozen: it shows what its base
// has, and keeps only what it changes.
//
// Documents are kept as the JSON a client is answered, beside the few columns
// they are looked up by. The activity log is kept in segments, see segment.go.
//
// The package does not know HTTP, permissions, what makes an item valid, or
// what time it is: whoever calls it has decided all that. It makes up no ids.
// Values of items and tokens never get into its errors.
package store
