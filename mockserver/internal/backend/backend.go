// Package backend is what a mock knows, without HTTP: accounts, their clocks and tokens, snapshots, faults, the
// journal, writes that are not visible yet, and the store below. Errors that a caller can mend are *controlapi.Error.
package backend

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/backend/clock"
	"github.com/connectmock/connectmock/mockserver/internal/backend/random"
	"github.com/connectmock/connectmock/mockserver/internal/backend/visibility"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// MemoryStore is the name of a store that is in memory.
const MemoryStore = "memory:"

// cachedTokens is how many verified tokens are remembered.
const cachedTokens = 4096

// Options are what a backend is made of. All fields are needed except where they say otherwise.
type Options struct {
	Store          string // the file, or MemoryStore
	Reset          bool   // empty the store first
	Fixture        *fixtures.Fixture
	Generate       *fixtures.Options // instead of Fixture; nil: Fixture is used
	OnProgress     func(Progress)    // nil: nobody is told
	Tokens         map[string]string // plain tokens, value by name
	Seed           uint64            // 0: nothing repeats
	Now            func() time.Time
	JournalSize    int   // entries; below 1: no journal is kept
	FileCacheBytes int64 // bytes
	MaxBody        int64 // bytes
	MaxRecords     int64 // of the activity of an account; 0: all
	MaxRecordAge   time.Duration
	Log            *slog.Logger
	Import         ImportRules
	// OnChange is called after an account was replaced as a whole; an empty account means that any may have been.
	OnChange func(account string)
}

// ImportRules are the switches that decide how the items of a fixture are stored.
type ImportRules struct {
	DateISO           bool
	DateZone          *time.Location // nil: UTC
	OnlyLoginTemplate bool
}

// Backend is safe for use by many goroutines.
type Backend struct {
	Store       *store.Store
	Tokens      *Tokens
	Auth        *auth.Authenticator
	Random      *random.Source
	Clocks      *clock.Clocks
	Pending     *visibility.Writes
	Journal     *journal.Journal // nil: none is kept
	Faults      *faults.Set      // nil until SetOperations
	Mask        *TokenMask
	Limits      Limits
	Initialized atomic.Bool // an authenticated request was seen
	Seeded      bool        // the store was empty and was filled

	admin         sync.RWMutex // held, for reading, by what gives an account something that its end takes away
	accountsNamed atomic.Int64 // names made up
	ready         atomic.Bool  // Open has returned: there may be something to drop
	past          *pastNames
	operations    []string // that are served, sorted
	options       Options
}

// New returns a backend that must be opened before it is used. Only SetOperations may be called at the same time.
func New(o Options) *Backend {
	b := &Backend{
		Clocks: clock.New(o.Now), Pending: visibility.New(visibility.MaxBytes), Mask: newTokenMask(),
		Limits: newLimits(o.MaxBody, o.Store == MemoryStore), past: newPastNames(), options: o,
	}
	if o.JournalSize > 0 {
		b.Journal = journal.New(o.JournalSize)
	}
	return b
}

// SetOperations tells the ids of the operations of the document, and of those that are served.
func (b *Backend) SetOperations(described, served []string) {
	b.Faults = faults.New(described)
	b.operations = slices.Sorted(slices.Values(served))
}

// Open opens the store and fills it where it is empty. After an error Close must be called too.
func (b *Backend) Open(ctx context.Context) (err error) {
	o := b.options
	if b.Store, err = store.Open(ctx, store.Options{
		Path: o.Store, Exclusive: true, FileCacheBytes: max(o.FileCacheBytes, 0), Log: o.Log, OnExternalChange: b.dropAll,
		Retention: store.Retention{MaxRecords: o.MaxRecords, MaxAge: o.MaxRecordAge, Now: b.Clocks.Now},
	}); err != nil {
		return err
	}
	if o.Reset {
		if err := b.Store.Reset(ctx); err != nil {
			return err
		}
	}
	if b.Random, err = newRandom(ctx, b.Store, o.Seed); err != nil {
		return err
	}
	if b.Tokens, err = newTokens(ctx, b.Store, b.Random, b.Clocks.Now); err != nil {
		return err
	}
	if b.Seeded, err = b.seed(ctx, o); err != nil {
		return err
	}
	if b.Seeded {
		if err := b.Store.ReleaseMemory(ctx); err != nil {
			return err
		}
	}
	b.Auth = auth.New(auth.Config{
		Key: b.Tokens.key, Tokens: lookup{b.Store}, Now: b.Clocks.Now, CacheSize: cachedTokens,
	})
	b.Tokens.forgetToken = b.Auth.Forget
	for _, name := range slices.Sorted(maps.Keys(o.Tokens)) {
		if err := b.Tokens.addPlain(ctx, name, o.Tokens[name]); err != nil {
			return err
		}
		b.Mask.add(o.Tokens[name])
	}
	if err := b.Mask.load(ctx, b.Store); err != nil {
		return err
	}
	b.ready.Store(true)
	return nil
}

// Close writes what is still to be written and closes the store.
func (b *Backend) Close() error {
	if b.Store == nil {
		return nil
	}
	return b.Store.Close()
}

// IssueToken issues a token; see Tokens.IssueToken.
func (b *Backend) IssueToken(ctx context.Context, t controlapi.Token) (controlapi.Token, error) {
	issued, err := b.Tokens.IssueToken(ctx, t)
	if err == nil {
		b.past.addToken(issued.Name)
	}
	return issued, err
}

// dropAll drops everything remembered of the store, after another process changed it.
func (b *Backend) dropAll() {
	if !b.ready.Load() {
		return
	}
	b.onChange("")
	b.Auth.Clear()
}

func (b *Backend) onChange(account string) { b.options.OnChange(account) }
