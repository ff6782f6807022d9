package mockserver

import (
	"cmp"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi"
)

// Defaults of a Config.
const (
	DefaultConnectVersion = "1.8.2"
	DefaultMaxBody        = 16 << 20  // bytes
	DefaultMaxInlineKB    = 100       // KiB, as OP_MAX_INLINE_FILE_SIZE_KB [D]
	DefaultJournalSize    = 1000      // requests
	DefaultCacheSize      = 32 << 20  // bytes
	DefaultFileCopies     = 512 << 20 // bytes
	DefaultBodyTimeout    = 30 * time.Second
	MemoryStore           = "memory:"
)

// Config is what a Server is made of. The zero value is a server in memory with
// the demo data.
type Config struct {
	// Store is the file of the embedded database, or MemoryStore. Empty means
	// MemoryStore.
	Store string
	// Reset empties the store and fills it again. Tokens that were signed before
	// remain valid where the fixture has them.
	Reset bool
	// Fixture is what an empty store is filled with. Nil means fixtures.Demo().
	Fixture *fixtures.Fixture
	// Generate, instead of Fixture, fills an empty store with the data that
	// fixtures.Generate generates from these options, of any size: it is stored
	// while it is generated and never in memory as a whole. Nil means Fixture.
	Generate *fixtures.Options
	// OnProgress is called often while the store is filled, by the goroutine that
	// called New. Nil means that progress is not reported.
	OnProgress func(Progress)
	// Tokens are plain tokens, value by name, that may read and write every
	// vault of the first account.
	Tokens map[string]string
	// Document is the OpenAPI document that routes are made from. Nil means our
	// own. The responses of an operation that it adds are generated from its
	// schema; an operation that it lacks is not served.
	Document *openapi.Document
	// Seed makes ids, request ids, generated passwords and the signing key
	// repeat from start to start. 0 takes them from the operating system.
	Seed uint64
	// Now is the clock. Nil means time.Now.
	Now func() time.Time
	// ConnectVersion is the version of Connect to behave as: in
	// 1Password-Connect-Version, in /health and in what VersionChanges lists. It
	// must be three numbers. Empty means DefaultConnectVersion.
	ConnectVersion string
	// Quirks selects behaviours by name where more than one is known; see Quirks.
	// It overrides what ConnectVersion turns on.
	Quirks map[string]string
	// MaxBody is the largest body of a request in bytes. 0 means DefaultMaxBody.
	MaxBody int64
	// BodyTimeout is how long a client may pause while it sends the body of a
	// request or reads a large response; then its connection is closed.
	// 0 means DefaultBodyTimeout, negative means that there is no limit.
	BodyTimeout time.Duration
	// MaxInlineKB is the largest file sent within a document, in KiB. 0 means
	// DefaultMaxInlineKB.
	MaxInlineKB int64
	// JournalSize is how many requests the journal keeps in memory, each with at
	// most 8 KiB, and how many of our contract and scenarios beside them. 0 means
	// DefaultJournalSize, negative means none.
	JournalSize int
	// JournalBodies lets the journal keep headers and bodies too, of each body at
	// most 16 KiB, without tokens and the values that Connect conceals; see
	// Server.Exchange.
	JournalBodies bool
	// CacheSize is how many bytes of encoded documents are kept in memory: half
	// of them items, seven sixteenths lists and vaults, the rest names of vaults.
	// A document that would take more than a quarter of its part is not kept. 0
	// means DefaultCacheSize, negative means that none is. As many bytes may be used
	// for titles of vaults in which parts of titles are searched.
	CacheSize int64
	// ActivityRetention is how much of each account's activity log is kept. The
	// zero value keeps everything in a file, and in memory the newest
	// DefaultMemoryActivity records beside those of the fixture.
	ActivityRetention ActivityRetention
	// FileCopies is how many bytes on disk, beside the store, copies of large
	// files may take, which are sent faster; a store in memory has none. 0 means
	// DefaultFileCopies, negative means none.
	FileCopies int64
	// CORS allows browsers of every origin. A real server does not [R].
	CORS bool
	// CheckResponses checks every response against the document before it is
	// sent; one that breaks it becomes a 500 and a line in the log.
	CheckResponses bool
	// Log gets the failures of the server. Nil means nothing is logged.
	Log *slog.Logger
	// OnResponse is called after every response was sent. It must not block. Nil
	// means that nothing is called.
	OnResponse func(ResponseInfo)
}

// sharedDemo returns the demo data, decoded once. Servers only read their fixture.
var sharedDemo = sync.OnceValue(fixtures.Demo)

// ResponseInfo describes a response. It holds no token and no body.
type ResponseInfo struct {
	Method    string
	Path      string // as sent, without the query and without tokens
	Operation string // "" where no operation matched
	Status    int    // 0: nothing was sent, because of a fault or because the client had disconnected
	Bytes     int64
	Took      time.Duration
	Caller    string // the token's name, "" without one
	Err       error  // why it failed, also where the client is only told 500
}

// ConfigError is the error for an invalid Config. It is found before anything is
// opened, except that a token has the value of another one in the store.
type ConfigError struct{ Reason string }

// Error returns the reason.
func (e *ConfigError) Error() string { return e.Reason }

func configErrorf(format string, args ...any) error {
	return &ConfigError{fmt.Sprintf(format, args...)}
}

// withDefaults returns the configuration with its defaults, or an error that names
// the invalid field.
func (c Config) withDefaults() (Config, error) {
	switch {
	case c.Fixture != nil && c.Generate != nil:
		return c, configErrorf("Fixture and Generate can't both fill the store; give one of them")
	case c.Fixture == nil && c.Generate == nil:
		c.Fixture = sharedDemo()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Store = cmp.Or(c.Store, MemoryStore)
	c.ConnectVersion = cmp.Or(c.ConnectVersion, DefaultConnectVersion)
	if err := checkVersion(c.ConnectVersion); err != nil {
		return c, err
	}
	c.MaxBody = cmp.Or(c.MaxBody, DefaultMaxBody)
	c.MaxInlineKB = cmp.Or(c.MaxInlineKB, DefaultMaxInlineKB)
	c.JournalSize = cmp.Or(c.JournalSize, DefaultJournalSize)
	c.CacheSize = max(cmp.Or(c.CacheSize, DefaultCacheSize), 0)
	c.BodyTimeout = max(cmp.Or(c.BodyTimeout, DefaultBodyTimeout), 0)
	c.FileCopies = cmp.Or(c.FileCopies, DefaultFileCopies)
	if c.MaxBody < 0 || c.MaxInlineKB < 0 {
		return c, configErrorf("limits can't be negative: body %d bytes, inline files %d KiB", c.MaxBody, c.MaxInlineKB)
	}
	for name, value := range c.Tokens {
		if err := checkPlainToken(name, value); err != nil {
			return c, err
		}
	}
	return c, c.ActivityRetention.check()
}

// checkPlainToken returns an error if value can't be sent as a bearer token.
func checkPlainToken(name, value string) error {
	if value == "" || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return configErrorf("token %s has no value that can be sent as a bearer token: "+
			"it must be visible ASCII without spaces", name)
	}
	return nil
}
