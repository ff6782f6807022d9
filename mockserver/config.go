package mockserver

import (
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi"
)

// Defaults of a Config.
const (
	DefaultConnectVersion = "1.8.2"
	DefaultMaxBody        = 16 << 20  // bytes
	DefaultMaxInlineKB    = 100       // KiB, as OP_MAX_INLINE_FILE_SIZE_KB [D]
	DefaultJournalSize    = 1000      // exchanges
	DefaultCacheSize      = 32 << 20  // bytes
	DefaultFileCopies     = 512 << 20 // bytes
	DefaultBodyTimeout    = 30 * time.Second
	MemoryStore           = "memory:"
)

// Config is everything a Server can be told. The zero value is a server in
// memory with the demo world.
type Config struct {
	// Store is the file of the embedded database, or MemoryStore. Empty means
	// MemoryStore.
	Store string
	// Reset empties the store and starts again from World. Tokens signed before
	// stay good where the world issues them again.
	Reset bool
	// Fixture is what an empty store is filled with. Nil means fixtures.Demo().
	Fixture *fixtures.Fixture
	// Generate, instead of World, fills an empty store with what
	// fixtures.Generate makes of these options, of any size: the world is stored
	// while it is made up and never in memory as a whole. Nil means World.
	Generate *fixtures.Options
	// OnProgress is told how far the filling is, very often, by the goroutine
	// that called New. Nil means nobody is.
	OnProgress func(Progress)
	// Tokens are plain tokens, value by name, that may read and write every
	// vault of the first account.
	Tokens map[string]string
	// Document is the OpenAPI document that routes are made from. Nil means our
	// own. An operation it adds is answered from its schema; one it lacks is
	// not served.
	Document *openapi.Document
	// Seed makes ids, request ids, generated passwords and the signing key
	// repeat from start to start. 0 draws them from the operating system.
	Seed uint64
	// Now is the clock. Nil means time.Now.
	Now func() time.Time
	// ConnectVersion is the version of Connect to answer as: in
	// 1Password-Connect-Version, in /health and in what VersionChanges lists. It
	// must be three numbers without leading zeros. Empty means DefaultConnectVersion.
	ConnectVersion string
	// Quirks selects behaviours by name where two truths are known; see Quirks.
	// What it says counts before what ConnectVersion turns on.
	Quirks map[string]string
	// MaxBody is the largest body of a request in bytes. 0 means DefaultMaxBody.
	MaxBody int64
	// BodyTimeout is how long a client may pause while it sends the body of a
	// request or reads a large one of an answer; then its connection is closed.
	// 0 means DefaultBodyTimeout, negative that it may pause as long as it likes.
	BodyTimeout time.Duration
	// MaxInlineKB is the largest file sent inline, in KiB. 0 means
	// DefaultMaxInlineKB.
	MaxInlineKB int64
	// JournalSize is how many exchanges are kept for those who ask what was
	// done, in memory, 8 KiB each at most. 0 means DefaultJournalSize, negative
	// means none.
	JournalSize int
	// CacheSize is what may be kept in memory of the store, ready to be answered,
	// in bytes: half of it items, seven sixteenths lists and vaults, the rest names
	// of vaults. An answer that would take more than an eighth of its part is not
	// kept. 0 means DefaultCacheSize, negative means that nothing is.
	CacheSize int64
	// ActivityRetention is how much of each account's activity log is kept. The
	// zero value keeps everything in a file, and in memory the newest
	// DefaultMemoryActivity records beside those the world begins with.
	ActivityRetention ActivityRetention
	// FileCopies is how many bytes on disk, beside the store, large files may take
	// a second time, to be sent fast; a store in memory has none. 0 means
	// DefaultFileCopies, negative means none.
	FileCopies int64
	// CORS allows browsers of every origin. A real server does not [R].
	CORS bool
	// CheckResponses holds every answer to the document before it is sent; one
	// that breaks it becomes a 500 and a line in the log.
	CheckResponses bool
	// Log gets what went wrong inside. Nil means nothing is logged.
	Log *slog.Logger
	// OnResponse is told of every answer after it was sent. Nil means nobody is.
	// It must not block.
	OnResponse func(ResponseInfo)
}

// ResponseInfo is what OnResponse is told. It holds no token and no body.
type ResponseInfo struct {
	Method    string
	Path      string // as sent, without the query and without tokens
	Operation string // "" where no operation matched
	Status    int    // 0: a fault kept it from being sent
	Bytes     int64
	Took      time.Duration
	Caller    string // the token's name, "" without one
	Err       error  // why it failed, also where the client is only told 500
}

// ConfigError says what of a Config can't be used. It is found before anything
// is opened, except that a token is the value of another one of the store.
type ConfigError struct{ Reason string }

// Error is the reason.
func (e *ConfigError) Error() string { return e.Reason }

func misconfigured(format string, args ...any) error {
	return &ConfigError{fmt.Sprintf(format, args...)}
}

// filled is the configuration with its defaults put in, or an error that names
// the field that can't be used.
func (c Config) filled() (Config, error) {
	if c.Store == "" {
		c.Store = MemoryStore
	}
	switch {
	case c.Fixture != nil && c.Generate != nil:
		return c, misconfigured("a store is filled with a World or with what Generate asks for, not with both")
	case c.Fixture == nil && c.Generate == nil:
		c.Fixture = fixtures.Demo()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.ConnectVersion == "" {
		c.ConnectVersion = DefaultConnectVersion
	}
	if err := checkVersion(c.ConnectVersion); err != nil {
		return c, err
	}
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.MaxInlineKB == 0 {
		c.MaxInlineKB = DefaultMaxInlineKB
	}
	if c.JournalSize == 0 {
		c.JournalSize = DefaultJournalSize
	}
	if c.CacheSize == 0 {
		c.CacheSize = DefaultCacheSize
	}
	c.CacheSize = max(c.CacheSize, 0)
	if c.BodyTimeout == 0 {
		c.BodyTimeout = DefaultBodyTimeout
	}
	if c.FileCopies == 0 {
		c.FileCopies = DefaultFileCopies
	}
	if c.MaxBody < 0 || c.MaxInlineKB < 0 {
		return c, misconfigured("limits can't be negative: body %d bytes, inline files %d KiB", c.MaxBody, c.MaxInlineKB)
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
		return misconfigured("token %s has no value that can be sent as a bearer token: it must be visible ASCII without spaces", name)
	}
	return nil
}
