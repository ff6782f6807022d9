// Package mockserver is a stand-in for the 1Password Connect server, as an
// http.Handler.
//
// It speaks Connect and nothing else; listeners, flags and consoles belong to
// its callers. It does not know a real Connect server: everything it does is
// known from the sources that the tags beside each behaviour name.
package mockserver

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// What the caches of encoded items and of vault names may take, in bytes.
const (
	itemCacheBytes  = 16 << 20
	vaultCacheBytes = 1 << 20
	rememberTokens  = 4096
)

// Server answers as a Connect server does. It is safe for use by many
// goroutines.
type Server struct {
	*TokenBook
	echo   *echo.Echo
	store  *store.Store
	auth   *auth.Authenticator
	chance *chance
	meter  *meter
	items  *cache[heldItem]
	vaults *cache[vaultName]
	quirks quirks
	awake  atomic.Bool // an authenticated request was seen
	seeded bool
	kinds  [][]string

	now            func() time.Time
	log            *slog.Logger
	onAnswer       func(Answer)
	checkResponses bool
	maxBody        int64 // bytes
	maxInline      int64 // bytes
	version        string
	versionHeader  []string
	storeName      string
	unserved       []string // operations we know and the document lacks
	invented       []string // operations answered from their schema
}

// rules are the operations we answer.
func rules() map[string]rule {
	return map[string]rule{
		"GetApiActivity":       {handle: listActivity},
		"GetServerHealth":      {handle: health},
		"GetHeartbeat":         {handle: heartbeat},
		"GetPrometheusMetrics": {handle: metrics},
		"GetVaults":            {listVaults, "READ", "VAULT", 0, ""},
		"GetVaultById":         {getVault, "READ", "VAULT", auth.View, "read"},
		"GetVaultItems":        {listItems, "READ", "VAULT", auth.View, "read"},
		"CreateVaultItem":      {createItem, "CREATE", "ITEM", auth.Create, "create"},
		"GetVaultItemById":     {getItem, "READ", "ITEM", auth.Read, "read"},
		"UpdateVaultItem":      {replaceItem, "UPDATE", "ITEM", auth.Update, "update"},
		"PatchVaultItem":       {patchItem, "UPDATE", "ITEM", auth.Update | auth.Read, "update"},
		"DeleteVaultItem":      {deleteItem, "DELETE", "ITEM", auth.Archive, "delete"},
		"GetItemFiles":         {listFiles, "READ", "ITEM", auth.Read, "read"},
		"GetDetailsOfFileById": {getFile, "READ", "ITEM", auth.Read, "read"},
		"DownloadFileByID":     {downloadFile, "READ", "ITEM", auth.Read, "read"},
	}
}

// New opens the store, fills it where it is empty, and makes the routes. The
// errors name what can't be used and the way out. Close must be called.
func New(c Config) (*Server, error) {
	c, err := c.filled()
	if err != nil {
		return nil, err
	}
	switches, err := resolveQuirks(c.Quirks)
	if err != nil {
		return nil, err
	}
	s := &Server{
		meter: newMeter(), quirks: switches, kinds: kindHeaders(),
		items: newCache[heldItem](itemCacheBytes), vaults: newCache[vaultName](vaultCacheBytes),
		now: c.Now, log: c.Log, onAnswer: c.OnAnswer, checkResponses: c.CheckResponses,
		maxBody: c.MaxBody, maxInline: c.MaxInlineKB << 10,
		version: c.ConnectVersion, versionHeader: []string{c.ConnectVersion}, storeName: c.Store,
	}
	if err := s.route(c); err != nil {
		return nil, err
	}
	ctx := context.Background()
	if s.store, err = store.Open(ctx, store.Options{
		Path: c.Store, Exclusive: true, Log: c.Log, OnForeignChange: s.forget,
	}); err != nil {
		return nil, err
	}
	if err := s.start(ctx, c); err != nil {
		_ = s.store.Close() // the first error is the one to tell
		return nil, err
	}
	return s, nil
}

// start fills the store and readies what reads it.
func (s *Server) start(ctx context.Context, c Config) (err error) {
	if c.Reset {
		if err := s.store.Reset(ctx); err != nil {
			return err
		}
	}
	if s.chance, err = startChance(ctx, s.store, c.Seed); err != nil {
		return err
	}
	if s.TokenBook, err = newTokenBook(ctx, s.store, s.chance, c.Now); err != nil {
		return err
	}
	if s.seeded, err = s.seed(ctx, c.World, c.Seed); err != nil {
		return err
	}
	s.auth = auth.New(auth.Config{
		Key: s.key, Tokens: lookup{s.store}, Now: c.Now, CacheSize: rememberTokens,
	})
	s.forgetToken = s.auth.Forget
	for _, name := range slices.Sorted(maps.Keys(c.Tokens)) {
		if err := s.addPlain(ctx, name, c.Tokens[name]); err != nil {
			return err
		}
	}
	return nil
}

// route makes echo's routes from the document. Trailing slashes are answered as
// without, never redirected: a redirect turns POST into GET in many clients [W].
// HEAD is answered as GET without its body [G].
func (s *Server) route(c Config) error {
	s.echo = echo.New()
	s.echo.HTTPErrorHandler = s.noRoute
	if c.CORS {
		s.echo.Use(middleware.CORSWithConfig(middleware.CORSConfig{
			AllowHeaders:  []string{"*", "Authorization"},
			ExposeHeaders: []string{"1Password-Connect-Version", "Content-Range", "Content-Disposition"},
		}))
	}
	document, ours := c.Document, c.Document == nil
	if ours {
		var err error
		if document, err = openapi.Connect(); err != nil {
			return err
		}
	}
	known := rules()
	for _, described := range document.Operations {
		op := &operation{Operation: described, params: pathParameters(described.Path)}
		r, ok := known[described.ID]
		switch {
		case ok:
			op.rule = r
		case ours:
			return fmt.Errorf("the document describes %s, which has no handler", described.ID)
		default:
			op.rule = rule{handle: invent(c.Seed)}
			s.invented = append(s.invented, described.Method+" "+described.Path)
		}
		delete(known, described.ID)
		op.observe = s.meter.operation(described.Method, described.Path)
		s.add(op)
	}
	s.unserved = slices.Sorted(maps.Keys(known))
	if ours && len(known) > 0 {
		return fmt.Errorf("handlers without an operation in the document: %s", strings.Join(s.unserved, ", "))
	}
	return nil
}

func (s *Server) add(op *operation) {
	path := op.Path
	for _, name := range op.params {
		path = strings.Replace(path, "{"+name+"}", ":"+name, 1)
	}
	handler := s.serve(op)
	methods := []string{op.Method}
	if op.Method == http.MethodGet {
		methods = append(methods, http.MethodHead)
	}
	for _, method := range methods {
		s.echo.Add(method, path, handler)
		s.echo.Add(method, path+"/", handler)
	}
}

// pathParameters are the names in a path of the document, in order.
func pathParameters(path string) (names []string) {
	for _, segment := range strings.Split(path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		s.setHeaders(w.Header(), reply{status: http.StatusNoContent}) // echo answers it itself
	}
	s.echo.ServeHTTP(w, r)
}

// Close writes what is still to be written and closes the store. Requests must
// have ended.
func (s *Server) Close() error { return s.store.Close() }

// forget drops everything remembered, after another process changed the store.
func (s *Server) forget() {
	s.items.clear()
	s.vaults.clear()
	if s.auth != nil {
		s.auth.Flush()
	}
}

// observed counts an answer and tells who listens.
func (s *Server) observed(x *exchange, rep reply, err error) {
	took := time.Since(x.arrived)
	if x.op != nil {
		x.op.observe(took.Seconds())
	}
	answer := Answer{
		Method: x.request.Method, Path: x.request.URL.Path, Status: max(rep.status, 200),
		Bytes: rep.length(), Took: took, Err: err,
	}
	if x.op != nil {
		answer.Operation = x.op.ID
	}
	if x.caller != nil {
		answer.Caller = x.caller.Token.Name
	}
	if answer.Status >= 500 {
		s.log.Error("answered 500", "operation", answer.Operation, "path", answer.Path, "error", err)
	}
	if s.onAnswer != nil {
		s.onAnswer(answer)
	}
}

// Overview is what a server holds and how it was understood, for consoles.
type Overview struct {
	Seeded       bool     // the store was empty and was filled
	Operations   int      // served from the document
	Invented     []string // operations answered from their schema: method and path
	Unserved     []string // operations we know and the document lacks
	Vaults       int
	Items        int
	FirstAccount string
}

// Overview counts what the store holds.
func (s *Server) Overview(ctx context.Context) (o Overview, err error) {
	o = Overview{Seeded: s.seeded, Invented: s.invented, Unserved: s.unserved,
		Operations: len(rules()) - len(s.unserved) + len(s.invented)}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil || len(accounts) == 0 {
			return err
		}
		o.FirstAccount = accounts[0].ID
		var all []connect.Vault
		for _, a := range accounts {
			vaults, err := tx.Vaults(a.ID)
			if err != nil {
				return err
			}
			all = append(all, vaults...)
		}
		for _, v := range all {
			o.Items += v.Items
		}
		o.Vaults = len(all)
		return nil
	})
	return o, err
}
