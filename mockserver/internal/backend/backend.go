// Package backend is the state of a mock: accounts, their clocks and tokens, snapshots, faults, the journal, writes
// that are not visible yet, and the store. It does not know HTTP, except the status of a *controlapi.Error, which it
// returns for mistakes that the caller can correct.
package backend

import (
	"context"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/backend/clock"
	"github.com/connectmock/connectmock/mockserver/internal/backend/random"
	"github.com/connectmock/connectmock/mockserver/internal/backend/vaults"
	"github.com/connectmock/connectmock/mockserver/internal/backend/visibility"
	"github.com/connectmock/connectmock/mockserver/internal/encode"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/mockserver/internal/quirks"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// MemoryStore is the name of a store that is in memory.
const MemoryStore = "memory:"

// tokenCacheSize is how many verified tokens are cached.
const tokenCacheSize = 4096

// Options configure a backend. All fields are required unless their comment says what the zero value means.
type Options struct {
	Store          string // a file, or MemoryStore
	Reset          bool   // empty the store first
	Fixture        *fixtures.Fixture
	Generate       *fixtures.Options // instead of Fixture; nil: Fixture is used
	SharesDemo     bool              // Fixture is the demo data, the store in memory, and nothing else makes it differ
	OnProgress     func(Progress)    // nil: progress is not reported
	Tokens         map[string]string // values of plain tokens, by name
	Seed           uint64            // 0: ids and other random values differ at each start
	Now            func() time.Time
	JournalSize    int           // entries; below 1: no journal is kept
	JournalBodies  bool          // the entries have headers and bodies
	FileCacheBytes int64         // 0 or less: large files are not cached
	MaxBody        int64         // bytes
	MaxRecords     int64         // records of activity kept for an account; 0: any number
	MaxRecordAge   time.Duration // of records that are kept; 0: any age
	Log            *slog.Logger
	Quirks         quirks.Set
	CacheBytes     int64 // of encoded documents; 0: none is cached
	MaxInline      int64 // bytes of a file that is sent within a document
	WholeLists     bool  // all of a list is gathered in memory, however long it is
}

// Backend is safe for use by many goroutines.
type Backend struct {
	Vaults      *vaults.Vaults // nil until Open
	Tokens      *Tokens
	Auth        *auth.Authenticator
	Clocks      *clock.Clocks
	Pending     *visibility.Writes
	Journal     *journal.Journal // nil: none is kept
	Faults      *faults.Set      // nil until SetOperations
	Mask        *TokenMask
	Initialized atomic.Bool // a request was authenticated
	Seeded      bool        // the store was empty and was filled

	store  *store.Store // nil until Open
	random *random.Source
	limits Limits
	// admin is held for reading by operations that add something to an account, and for writing by those that delete
	// or reset accounts: otherwise an account could be deleted while a fault is added to it.
	admin         sync.RWMutex
	accountNumber atomic.Int64 // of the last generated account name
	ready         atomic.Bool  // Open has returned, so that there may be something to drop
	past          *pastNames
	served        []Operation
	operations    []string // ids of served, sorted
	options       Options
}

// New returns a backend. Call SetOperations and Open before any other method.
func New(o Options) *Backend {
	b := &Backend{
		Clocks: clock.New(o.Now), Pending: visibility.New(visibility.MaxBytes), Mask: newTokenMask(),
		limits: newLimits(o.MaxBody, o.Store == MemoryStore), past: newPastNames(), options: o,
	}
	if o.JournalSize > 0 {
		b.Journal = journal.New(o.JournalSize, b.Mask.hide)
	}
	return b
}

// Open opens the store, and fills it if it is empty. Call Close also after an error.
func (b *Backend) Open(ctx context.Context) (err error) {
	o := b.options
	image := o.seedImage()
	encoder := &encode.Encoder{Quirks: o.Quirks}
	if b.store, err = store.Open(ctx, store.Options{
		Path: o.Store, Exclusive: true, FileCacheBytes: max(o.FileCacheBytes, 0), Log: o.Log, OnExternalChange: b.dropAll,
		Image: image, AppendActivity: encoder.AppendActivity, PageCacheBytes: o.CacheBytes / 32,
		TitleBytes: o.CacheBytes,
		Retention:  store.Retention{MaxRecords: o.MaxRecords, MaxAge: o.MaxRecordAge, Now: b.Clocks.Now},
	}); err != nil {
		return err
	}
	if o.Reset {
		if err := b.store.Reset(ctx); err != nil {
			return err
		}
	}
	if b.random, err = newRandom(ctx, b.store, o.Seed); err != nil {
		return err
	}
	if b.Tokens, err = newTokens(ctx, b.store, b.random, b.Clocks.Now); err != nil {
		return err
	}
	if image != nil {
		b.Seeded, err = true, b.adoptImage(ctx)
	} else {
		b.Seeded, err = b.seed(ctx, o)
	}
	if err != nil {
		return err
	}
	if b.Seeded && image == nil {
		if err := b.keepImage(ctx); err != nil {
			return err
		}
	}
	b.Vaults = vaults.New(vaults.Options{
		Store: b.store, Clocks: b.Clocks, Random: b.random, Pending: b.Pending, Quirks: o.Quirks,
		CheckItem: b.limits.CheckItem, HasFaults: func() bool { return !b.Faults.IsEmpty() },
		CacheBytes: o.CacheBytes, MaxInline: o.MaxInline, SpoolDir: o.spoolDir(),
	})
	b.Auth = auth.New(auth.Config{
		Key: b.Tokens.key, Tokens: lookup{b.store}, Now: b.Clocks.Now, CacheSize: tokenCacheSize,
	})
	b.Tokens.forgetToken = b.Auth.Forget
	for _, name := range slices.Sorted(maps.Keys(o.Tokens)) {
		if err := b.Tokens.addPlain(ctx, name, o.Tokens[name]); err != nil {
			return err
		}
		b.Mask.add(o.Tokens[name])
	}
	if err := b.Mask.load(ctx, b.store); err != nil {
		return err
	}
	if b.Seeded {
		if err := b.store.ReleaseMemory(ctx); err != nil {
			return err
		}
	}
	b.ready.Store(true)
	return nil
}

// Close commits queued activity and closes the store.
func (b *Backend) Close() error {
	if b.store == nil {
		return nil
	}
	return b.store.Close()
}

// IssueToken issues a token as Tokens.IssueToken does, and remembers its name for queries of the journal.
func (b *Backend) IssueToken(ctx context.Context, t controlapi.Token) (controlapi.Token, error) {
	issued, err := b.Tokens.IssueToken(ctx, t)
	if err == nil {
		b.past.addToken(issued.Name)
	}
	return issued, err
}

// dropAll drops everything cached of the store, after another process has changed it.
func (b *Backend) dropAll() {
	if !b.ready.Load() {
		return
	}
	b.Vaults.DropAccount("")
	b.Auth.Clear()
}

// spoolDir returns the directory for lists that are too long for memory, "" for none. It is that of the store: in an
// image that holds only the mock, no other may be writable. A store in memory is as large as its lists anyway.
func (o Options) spoolDir() string {
	if o.Store == MemoryStore || o.WholeLists {
		return ""
	}
	return filepath.Dir(o.Store)
}
