package mock

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/inputfile"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi"
	"github.com/spf13/cobra"
)

// Settings are the flags that serve and exec share.
type Settings struct {
	Addr, Store, fixture, spec, connectVersion, ReadyFile string
	generate, Tokens, quirks                              cliflag.Pairs
	generateWith                                          fixtures.Options // of generate
	seed                                                  uint64
	maxBody, fileCopies, cacheSize                        cliflag.Size
	bodyTimeout                                           time.Duration
	maxInlineKB                                           int64
	reset, cors, checkResponses, journalBodies            bool
	JournalSize                                           int
	retention                                             mockserver.ActivityRetention
	TLS                                                   tlsSettings
	control                                               controlSettings
	Console                                               consoleSettings
	Log                                                   logSettings
	errata                                                []openapi.Erratum               // of spec, after config
	Wrap                                                  func(http.Handler) http.Handler // of the server; nil: none
}

// Bind adds the flags to a command. Addr, store and control are the defaults of
// that command.
func (s *Settings) Bind(c *cobra.Command, addr, store, control string) {
	f := c.Flags()
	f.StringVar(&s.Addr, "addr", addr,
		"`host:port` to listen on; port 0 is any free one, the default 8080 ($OP_HTTP_PORT), with TLS 8443 ($OP_HTTPS_PORT)")
	f.StringVar(&s.Store, "store", store, "`file` of the database, or "+mockserver.MemoryStore)
	f.BoolVar(&s.reset, "reset", false, "empty the store and start again")
	f.StringVar(&s.fixture, "fixture", "", "`file` of the fixture for an empty store (default the demo data)")
	s.generate.Form, s.generate.Check = "THING=NUMBER", s.setGenerate
	f.Var(&s.generate, "generate", "fill an empty store with generated data, as vaults=3,items=200,files=10,history=1000")
	f.Uint64Var(&s.seed, "seed", 0, "`number` that makes ids, keys and generated data repeat (default random)")
	s.Tokens.Form, s.Tokens.Check = "NAME=VALUE", checkToken
	f.Var(&s.Tokens, "token", "a plain token that may read and write every vault; "+cliflag.Repeatable)
	s.quirks.Form = "NAME=VALUE"
	f.Var(&s.quirks, "quirk",
		"choose a behaviour that differs between servers, see connectmock quirks; "+cliflag.Repeatable)
	f.StringVar(&s.spec, "spec", "", "`file` of the OpenAPI document to serve (default our own)")
	f.StringVar(&s.connectVersion, "connect-version", mockserver.DefaultConnectVersion,
		"`version` of Connect to behave as, see connectmock quirks --versions")
	s.maxBody.Bytes = mockserver.DefaultMaxBody
	f.Var(&s.maxBody, "max-body", "largest request body")
	f.DurationVar(&s.bodyTimeout, "body-timeout", mockserver.DefaultBodyTimeout,
		"how long a client may pause within the body of a request or of a large response; 0s for no limit")
	const inline = "max-inline-file-size-kb"
	f.Int64Var(&s.maxInlineKB, inline, mockserver.DefaultMaxInlineKB, "largest file sent inline, in `KiB`")
	cliflag.BindServerVariable(f, inline, "OP_MAX_INLINE_FILE_SIZE_KB")
	s.fileCopies = cliflag.Size{Bytes: mockserver.DefaultFileCopies, CanBeNone: true}
	f.Var(&s.fileCopies, "file-copies", "disk space for copies of large files, which are sent faster; 0 for none")
	f.BoolVar(&s.cors, "cors", false, "allow browsers of every origin, which a real server does not")
	f.BoolVar(&s.checkResponses, "check-responses", false, "check every response against the document before it is sent")
	f.StringVar(&s.ReadyFile, "ready-file", "", "`file` for the ready line as JSON, which exists while the server runs")
	f.IntVar(&s.JournalSize, "journal-size", mockserver.DefaultJournalSize,
		"`number` of exchanges kept for connectmock ctl journal, 0 for none")
	f.BoolVar(&s.journalBodies, "journal-bodies", false,
		"keep headers and bodies of exchanges too, up to 16 KiB of each body, without secrets")
	s.cacheSize = cliflag.Size{Bytes: mockserver.DefaultCacheSize, CanBeNone: true}
	f.Var(&s.cacheSize, "cache-size",
		"memory for cached responses, half of it for items, and as much for titles that are searched; 0 for none")
	f.Func("activity-retention",
		"how much of each account's activity log is kept: a `LIMIT` of records or age, as 100000, 30d, 720h or 100000,30d; "+
			"or unlimited (default unlimited in a file, in memory 100000 and the fixture's own)",
		func(text string) (err error) { s.retention, err = parseRetention(text); return err })
	s.control.bind(c, control)
	s.TLS.bind(c)
	s.Log.bind(c)
	c.MarkFlagsMutuallyExclusive("fixture", "generate")
	_ = c.MarkFlagFilename("fixture", "yaml", "yml") // these fail only for an unknown flag
	_ = c.MarkFlagFilename("spec", "yaml", "yml", "json")
	_ = c.RegisterFlagCompletionFunc("quirk", completeQuirks)
	_ = c.RegisterFlagCompletionFunc("connect-version", completeVersions)
}

// config returns the configuration of a server. It reads files, and opens and
// changes nothing.
func (s *Settings) config() (mockserver.Config, error) {
	c := mockserver.Config{
		Store: s.Store, Reset: s.reset, Tokens: s.Tokens.ByName(), Seed: s.seed,
		ConnectVersion: s.connectVersion, Quirks: s.quirks.ByName(), MaxBody: s.maxBody.Bytes,
		MaxInlineKB: s.maxInlineKB, CORS: s.cors, CheckResponses: s.checkResponses,
		ActivityRetention: s.retention,
		BodyTimeout:       noneIfZero(s.bodyTimeout), JournalSize: noneIfZero(s.JournalSize),
		JournalBodies: s.journalBodies,
		FileCopies:    noneIfZero(s.fileCopies.Bytes), CacheSize: noneIfZero(s.cacheSize.Bytes),
	}
	switch {
	case s.Store == "":
		return c, cli.Usage("--store needs a file, or %s", mockserver.MemoryStore)
	case s.isAlmostMemory():
		return c, cli.Usage("--store %[1]s would be a file of that name: write %[2]s to keep nothing,"+
			" or ./%[1]s for the file", s.Store, mockserver.MemoryStore)
	case s.bodyTimeout < 0:
		return c, cli.Usage("--body-timeout can't be below 0; 0s is no limit")
	case s.maxInlineKB == 0: // the default of a Config
		return c, cli.Usage("--max-inline-file-size-kb must be above 0")
	case s.JournalSize < 0:
		return c, cli.Usage("--journal-size is a number of exchanges, or 0 for none")
	case s.JournalSize == 0 && s.journalBodies:
		return c, cli.Usage("--journal-bodies: no journal is kept; leave out --journal-size 0")
	}
	if len(s.generate.List) > 0 {
		s.generateWith.Seed = s.seed
		c.Generate = &s.generateWith
	}
	var err error
	if s.fixture != "" {
		if c.Fixture, err = fixtures.LoadFile(s.fixture); err != nil {
			return c, cli.AsUsageError(err)
		}
	}
	if s.spec != "" {
		if c.Document, s.errata, err = inputfile.LoadDocument(cli.ReadFile, s.spec); err != nil {
			return c, cli.AsUsageError(err)
		}
	}
	return c, nil
}

// isAlmostMemory reports whether the store is probably meant to be in memory: "memory", or ":memory:" as SQLite has it.
// A file of that name that exists is meant.
func (s *Settings) isAlmostMemory() bool {
	if s.Store == mockserver.MemoryStore || !strings.EqualFold(strings.Trim(s.Store, ":"), "memory") {
		return false
	}
	_, err := os.Stat(s.Store)
	return err != nil
}

// noneIfZero returns -1 for 0: in a Config that means none, and 0 the default.
func noneIfZero[T ~int | ~int64](n T) T {
	if n == 0 {
		return -1
	}
	return n
}

const demoName = "the demo data"

// fixtureName names the fixture in messages.
func (s *Settings) fixtureName() string {
	switch {
	case s.fixture != "":
		return s.fixture
	case len(s.generate.List) > 0:
		return "generated data"
	}
	return demoName
}

// setGenerate checks a pair of --generate and adds it to the options.
func (s *Settings) setGenerate(p cliflag.Pair) error {
	o := &s.generateWith
	number := map[string]*int{"vaults": &o.Vaults, "items": &o.Items, "files": &o.Files, "history": &o.History}[p.Name]
	if number == nil {
		things := []string{"vaults", "items", "files", "history"}
		return fmt.Errorf("can't generate %q%s", p.Name, nearest.HintWithList(p.Name, things))
	}
	n, err := strconv.Atoi(p.Value)
	if err != nil || n < 0 {
		return fmt.Errorf("%s needs a number, as in %s=3", p.Name, p.Name)
	}
	if p.Name == "vaults" && n == 0 {
		return errors.New("a fixture needs at least one vault, as in vaults=1")
	}
	if *number = n; p.Name == "files" {
		*number = noneIfZero(n)
	}
	return nil
}

// checkToken refuses a text that can't be a bearer token. The error does not
// contain it.
func checkToken(p cliflag.Pair) error {
	if !isHeaderWord(p.Value) {
		return errors.New("the value of a token is ASCII without spaces, as in ci=any-word-you-like")
	}
	return nil
}

// isHeaderWord reports whether a text is ASCII without spaces.
func isHeaderWord(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

func completeVersions(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return mockserver.KnownVersions(), cobra.ShellCompDirectiveNoFileComp
}

func completeQuirks(*cobra.Command, []string, string) (list []string, _ cobra.ShellCompDirective) {
	for _, q := range mockserver.Quirks() {
		for _, v := range q.Values {
			list = append(list, q.Name+"="+v+"\t"+q.About)
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// documentName names the document that is served.
func (s *Settings) documentName() string { return cmp.Or(s.spec, "our own") }
