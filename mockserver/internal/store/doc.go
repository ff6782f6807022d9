// Package store keeps the data of all accounts (vaults, items, files, activity,
// tokens) in one SQL database: a SQLite file that several processes may open, or
// a database in memory that ends with the Store.
//
// A change is a function that is passed to Update. When Update returns nil the
// whole change is in the database, otherwise nothing of it is. A committed
// change survives the death of the process (kill -9). The death of the machine
// may lose the last transactions, but never leaves half of one.
//
// An account may be a layer over a snapshot (see Snapshot): it shows the data of
// its base, and stores only what it changes.
//
// Documents are stored as the JSON that clients receive, beside the few columns
// they are looked up by. The activity log is stored in segments, see segment.go.
//
// The package does not know HTTP, permissions, what makes an item valid, or the
// time: its callers decide all that. It makes no ids. Values of items and tokens
// never appear in its errors.
package store
