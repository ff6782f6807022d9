package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi"
	"github.com/spf13/cobra"
)

// settings are the flags that serve and exec share.
type settings struct {
	addr, store, fixture, spec, connectVersion, readyFile string
	generate, tokens, quirks                              pairs
	seed                                                  uint64
	maxBody                                               size
	bodyTimeout                                           time.Duration
	maxInlineKB                                           int64
	fileCopies                                            sizeOrNone
	reset, cors, checkResponses                           bool
	journal                                               int
	cache                                                 sizeOrNone
	activity                                              retention
	tls                                                   tlsSettings
	control                                               controlSettings
	log                                                   logSettings
	errata                                                []openapi.Erratum // of spec, once it was read
}

// bind makes the flags. Addr, store and control are the defaults of the command.
func (s *settings) bind(c *cobra.Command, addr, store, control string) {
	f := c.Flags()
	f.StringVar(&s.addr, "addr", addr, "`host:port` to listen on, port 0 is any free one; without a port $OP_HTTP_PORT or 8080, with TLS $OP_HTTPS_PORT or 8443")
	f.StringVar(&s.store, "store", store, "`file` of the database, or "+mockserver.MemoryStore)
	f.BoolVar(&s.reset, "reset", false, "empty the store and start again")
	f.StringVar(&s.fixture, "fixture", "", "`file` of the fixture that an empty store is filled with (default the demo data)")
	s.generate.form, s.generate.check = "THING=NUMBER", checkGenerate
	f.Var(&s.generate, "generate", "fill an empty store with generated data, as vaults=3,items=200,files=10,history=1000")
	f.Uint64Var(&s.seed, "seed", 0, "`number` that makes ids, keys and generated data repeat from start to start (default: random)")
	s.tokens.form, s.tokens.check = "NAME=VALUE", checkToken
	f.Var(&s.tokens, "token", "a plain token that may read and write every vault; more with commas, or several times")
	s.quirks.form = "NAME=VALUE"
	f.Var(&s.quirks, "quirk", "choose a behaviour that differs between servers, see connectmock quirks; more as with --token")
	f.StringVar(&s.spec, "spec", "", "`file` of the OpenAPI document to serve (default our own)")
	f.StringVar(&s.connectVersion, "connect-version", mockserver.DefaultConnectVersion, "`version` of Connect to answer as, with what it did on the wire, see connectmock quirks --versions")
	s.maxBody = mockserver.DefaultMaxBody
	f.Var(&s.maxBody, "max-body", "largest request body")
	f.DurationVar(&s.bodyTimeout, "body-timeout", mockserver.DefaultBodyTimeout, "how long a client may pause within the body of a request or of a large response before its connection is closed; 0s for no limit")
	f.Int64Var(&s.maxInlineKB, "max-inline-file-size-kb", mockserver.DefaultMaxInlineKB, "largest file sent inline, in `KiB`")
	bindServerVariable(f, "max-inline-file-size-kb", "OP_MAX_INLINE_FILE_SIZE_KB")
	s.fileCopies = mockserver.DefaultFileCopies
	f.Var(&s.fileCopies, "file-copies", "disk that large files may take a second time, beside the store, to be sent fast; 0 for none")
	f.BoolVar(&s.cors, "cors", false, "let browsers of every origin in, which a real server does not")
	f.BoolVar(&s.checkResponses, "check-responses", false, "check every response against the document before it is sent")
	f.StringVar(&s.readyFile, "ready-file", "", "`file` to write the ready line to, as JSON, once requests are answered; removed at the end")
	f.IntVar(&s.journal, "journal-size", mockserver.DefaultJournalSize, "`number` of exchanges kept for connectmock ctl journal, 0 for none")
	s.cache = mockserver.DefaultCacheSize
	f.Var(&s.cache, "cache-size", "memory for cached responses, 0 for none: half for items, the rest for lists and vaults")
	f.Var(&s.activity, "activity-retention", "how much of each account's activity log is kept: a `LIMIT` of records or age, as 100000, 30d, 720h or 100000,30d; or unlimited (default unlimited in a file, 100000 and the fixture's own in memory)")
	s.control.bind(c, control)
	s.tls.bind(c)
	s.log.bind(c)
	c.MarkFlagsMutuallyExclusive("fixture", "generate")
	_ = c.MarkFlagFilename("fixture", "yaml", "yml") // these three fail only for a flag that is not there
	_ = c.MarkFlagFilename("spec", "yaml", "yml", "json")
	_ = c.RegisterFlagCompletionFunc("quirk", completeQuirks)
	_ = c.RegisterFlagCompletionFunc("connect-version", completeVersions)
}

// config is what the flags ask of a server. Files are read here, before
// anything is opened or changed.
func (s *settings) config() (mockserver.Config, error) {
	c := mockserver.Config{
		Store: s.store, Reset: s.reset, Tokens: s.tokens.byName(), Seed: s.seed,
		ConnectVersion: s.connectVersion, Quirks: s.quirks.byName(), MaxBody: int64(s.maxBody),
		MaxInlineKB: s.maxInlineKB, CORS: s.cors, CheckResponses: s.checkResponses,
		ActivityRetention: mockserver.ActivityRetention(s.activity),
	}
	if s.store == "" {
		return c, usage("--store needs a file, or %s", mockserver.MemoryStore)
	}
	if s.bodyTimeout < 0 {
		return c, usage("--body-timeout can't be below 0; 0s is no limit")
	}
	if c.BodyTimeout = s.bodyTimeout; s.bodyTimeout == 0 { // a Config takes 0 for the default
		c.BodyTimeout = -1
	}
	if s.maxInlineKB == 0 { // a Config takes it for the default
		return c, usage("--max-inline-file-size-kb must be above 0")
	}
	if s.journal < 0 {
		return c, usage("--journal-size is a number of exchanges, or 0 for none")
	}
	if c.JournalSize = s.journal; s.journal == 0 { // a Config takes 0 for the default
		c.JournalSize = -1
	}
	if c.FileCopies = int64(s.fileCopies); s.fileCopies == 0 { // likewise
		c.FileCopies = -1
	}
	if c.CacheSize = int64(s.cache); s.cache == 0 { // likewise
		c.CacheSize = -1
	}
	var err error
	if c.Fixture, err = s.readFixture(); err != nil {
		return c, usageError{err}
	}
	c.Generate = s.generateOptions()
	if c.Document, s.errata, err = s.document(); err != nil {
		return c, usageError{err}
	}
	return c, nil
}

// readFixture is what an empty store is to be filled with, nil for the demo world and
// for a generated one.
func (s *settings) readFixture() (*fixtures.Fixture, error) {
	if s.fixture == "" {
		return nil, nil
	}
	return fixtures.LoadFile(s.fixture)
}

// generateOptions is what world to make up, nil for none.
func (s *settings) generateOptions() *fixtures.Options {
	if len(s.generate.list) == 0 {
		return nil
	}
	o := fixtures.Options{Seed: s.seed}
	for _, p := range s.generate.list {
		n, _ := strconv.Atoi(p.value) // checkGenerate saw that it is a number
		switch p.name {
		case "vaults":
			o.Vaults = n
		case "items":
			o.Items = n
		case "files":
			if o.Files = n; n == 0 {
				o.Files = -1 // 0 stands for the default
			}
		case "history":
			o.History = n
		}
	}
	return &o
}

const demoName = "the demo data"

// fixtureName is the world for people.
func (s *settings) fixtureName() string {
	switch {
	case s.fixture != "":
		return s.fixture
	case len(s.generate.list) > 0:
		return "generated data"
	}
	return demoName
}

// document is the one to serve, nil for our own, and what was corrected in it.
func (s *settings) document() (*openapi.Document, []openapi.Erratum, error) {
	if s.spec == "" {
		return nil, nil, nil
	}
	return loadDocument((&streams{}).read, s.spec)
}

func checkGenerate(p pair) error {
	things := []string{"vaults", "items", "files", "history"}
	if !slices.Contains(things, p.name) {
		return fmt.Errorf("can't generate %q%s", p.name, nearest.HintWithList(p.name, things))
	}
	n, err := strconv.Atoi(p.value)
	if err != nil || n < 0 {
		return fmt.Errorf("%s needs a number, as in %s=3", p.name, p.name)
	}
	if p.name == "vaults" && n == 0 {
		return errors.New("a fixture needs at least one vault, as in vaults=1")
	}
	return nil
}

// checkToken refuses what can't be sent as a bearer token, without showing it.
func checkToken(p pair) error {
	if strings.ContainsFunc(p.value, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return errors.New("the value of a token is ASCII without spaces, as in ci=any-word-you-like")
	}
	return nil
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
