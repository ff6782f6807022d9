package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/connectmock/connectmock/mockserver/internal/backend/visibility"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/labstack/echo/v4"
)

// exchange is one request on its way to its reply. It is made by serve, handed
// to the handler and dropped; nothing of it is kept.
type exchange struct {
	op       *operation
	writer   http.ResponseWriter
	request  *http.Request
	path     map[string]string // the parameters in the path
	body     []byte            // checked against the document
	bodyRead bool              // the body has come to its end
	share    *memory.Share     // what large bodies of the exchange take; nil: nothing so far
	reserves bool              // reading a large document takes memory first; see whenMemory
	caller   *auth.Caller
	now      time.Time         // by the account's clock once the caller is known, by the server's till then
	arrived  time.Time         // by the machine's, to measure how long the answer took
	version  int               // of the item the request was about, for the activity record
	recorded bool              // the change's own transaction holds the record already
	check    string            // the check the request has come to, for the journal
	refusal  *auth.Refusal     // of the token, for the journal
	faults   []string          // names of those that struck, for the journal
	strike   *faults.Effects   // what goes wrong on purpose; nil: nothing
	contents map[string][]byte // of the files of an item that is deleted and still seen
	pending  *visibility.Write // the write, where it is not visible to everybody yet
}

// operation is an operation of the document with what this server adds to it.
type operation struct {
	*openapi.Operation
	rule
	params  []string // names in the path, in order
	queries []string // names in the query
	observe func(seconds float64)
}

// rule is what the server knows of an operation beyond the document.
type rule struct {
	handle   handler
	action   string          // in the activity log; "" is not recorded
	resource string          // in the activity log
	needs    auth.Permission // on the vault of the path; 0 where there is none
	verb     string          // how a refusal names it
}

// serve is the path of a request. Order is behaviour here: each step may end
// the request with its own status, and a client sees which came first.
func (s *Handler) serve(op *operation) echo.HandlerFunc {
	return func(c echo.Context) error {
		x := &exchange{op: op, writer: c.Response(), request: c.Request(), now: s.backend.Clocks.Now(""), arrived: time.Now(), path: make(map[string]string, len(op.params))}
		for i, value := range c.ParamValues() {
			if x.request.URL.RawPath != "" { // only then echo hands values on as they were sent
				value, _ = url.PathUnescape(value) // net/http has refused what can't be decoded
			}
			x.path[op.params[i]] = value
		}
		rep, err := s.answer(x)
		defer func() { x.share.ShrinkTo(0) }()
		if errors.Is(err, stall.ErrStalled) {
			s.letGo(x, err)
		}
		s.holdReply(x, rep)
		s.limitUnreadBody(x)
		if err != nil {
			rep = s.failure(err)
			rep.unsent = x.givenUp(rep)
		}
		if s.checkResponses && x.check != checkFault && !rep.unsent {
			if broken := s.held(x, rep); broken != nil {
				rep, err = s.failure(broken), broken
			}
		}
		if x.strike != nil {
			s.sendStruck(c.Response().Writer, x, rep, err)
			return nil
		}
		s.noted(x, rep)
		failed := s.send(x, rep)
		s.observed(x, rep, errors.Join(err, failed))
		return nil
	}
}

// answer takes a request through its checks to its handler:
//
//	authenticate  who it is
//	strike        what goes wrong on purpose; it may end the request
//	refuse        401
//	address       400, ids and parameters against the document
//	authorize     403, the vault in the token's scope, then the permission
//	body          400, 413
//	handle        404 and what else the operation can say
//	record        the activity line
func (s *Handler) answer(x *exchange) (rep reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if x.op.Secured {
		x.check = checkAuthenticate
		if x.caller, err = s.backend.Auth.Authenticate(x.request.Context(), x.request.Header.Get("Authorization")); err == nil {
			x.now = s.backend.Clocks.Now(x.account())
		}
	}
	if !s.backend.Faults.IsEmpty() {
		if rep, ends := s.struck(x); ends {
			return rep, nil
		}
	}
	if err != nil {
		return reply{}, x.unauthenticated(err)
	}
	if x.op.Secured {
		s.wake(x)
	}
	rep, err = s.handled(x)
	if x.caller != nil && x.op.action != "" && !x.recorded {
		s.backend.Store.Record(x.account(), s.activity(x, err == nil))
	}
	return rep, err
}

func (s *Handler) handled(x *exchange) (reply, error) {
	x.check = checkAddress
	if err := s.addressed(x); err != nil {
		return reply{}, err
	}
	x.check = checkAuthorize
	if err := s.authorized(x); err != nil {
		return reply{}, err
	}
	x.check = checkBody
	if err := s.readBody(x); err != nil {
		return reply{}, err
	}
	if x.heldBack() != "" && x.op.needs&auth.Write != 0 {
		x.check = checkFault
		return reply{}, connect.SomethingWentWrong() // [R that this is the text, connect 93; G that writes get it]
	}
	x.check = checkHandle
	rep, err := x.op.handle(s, x)
	if errors.Is(err, backend.ErrNotFound) {
		err = s.vanished(x)
	}
	return rep, err
}

// vanished is the answer where the account became another, or none, while the
// request was under way: what it is about is not there.
func (s *Handler) vanished(x *exchange) error {
	switch len(x.op.params) { // of vault, item and file
	case 3:
		return connect.FileNotFound(x.file())
	case 2:
		return connect.ItemNotFound(x.item())
	case 1:
		return s.denied(x.vault())
	}
	return connect.InvalidToken()
}

// unauthenticated is the one answer to every token that is no good; the reason
// is only for the log and the journal. An error that is no refusal stays what
// it is.
func (x *exchange) unauthenticated(err error) error {
	var refusal *auth.Refusal
	if errors.As(err, &refusal) {
		x.refusal = refusal
		return fmt.Errorf("%w (%s)", connect.InvalidToken(), refusal.Reason)
	}
	return err
}

// addressed holds ids and parameters to the document. A malformed id has a text
// of its own [R].
func (s *Handler) addressed(x *exchange) error {
	// What is no id is in nobody's scope, not even of a token for every vault.
	if s.quirks.DeleteScopeFirst && x.op.ID == "DeleteVaultItem" && !(connect.IsID(x.vault()) && x.caller.CanSee(x.vault())) {
		return s.denied(x.vault())
	}
	v := x.op.CheckParameters(x.request, x.path)
	switch {
	case v == nil:
		return nil
	case v.In != "path":
		return connect.InvalidParameter(v.Name, v.Rule)
	case v.Name == "vaultUuid":
		return connect.InvalidVaultUUID()
	case v.Name == "itemUuid":
		return connect.InvalidItemUUID()
	case v.Name == "fileUuid":
		return connect.InvalidFileUUID()
	}
	return connect.InvalidParameter(v.Name, v.Rule)
}

// authorized holds the caller to its scope, then to its permissions there. A
// vault that does not exist is answered as one out of scope [T].
func (s *Handler) authorized(x *exchange) error {
	if x.vault() == "" || x.caller == nil {
		return nil
	}
	if !x.caller.CanSee(x.vault()) {
		return s.denied(x.vault())
	}
	if _, err := s.vaultRef(x); err != nil {
		return err
	}
	if x.caller.Can(x.vault(), x.op.needs) {
		return nil
	}
	if s.quirks.LegacyWriteDenied && !x.caller.Can(x.vault(), x.op.needs&auth.Write) {
		return connect.WriteDeniedLegacy()
	}
	verb := x.op.verb
	if x.op.needs&auth.Read != 0 && !x.caller.Can(x.vault(), x.op.needs&auth.Read) {
		verb = "read" // a PATCH by a write-only token is refused as the read it would be [D]
	}
	return connect.PermissionDenied(verb, x.vault())
}

func (s *Handler) denied(vault string) error {
	if s.quirks.DocumentedTexts {
		return connect.VaultDeniedDocumented(vault)
	}
	return connect.VaultDenied(vault)
}

// readBody reads the body of an operation that has one, up to the limit, and
// holds it to the document, whose spelling it has from then on.
func (s *Handler) readBody(x *exchange) error {
	if x.op.Spec().RequestBody == nil {
		return nil
	}
	if x.request.ContentLength > s.maxBody {
		return connect.BodyTooLarge(s.maxBody)
	}
	var err error
	if x.body, err = s.wholeBody(x); errors.Is(err, stall.ErrStalled) {
		return err
	} else if err != nil {
		return connect.InvalidBody("", "could not be read to its end")
	}
	if int64(len(x.body)) > s.maxBody {
		return connect.BodyTooLarge(s.maxBody)
	}
	if err := backend.CheckBodySize(x.body); err != nil {
		return err
	}
	if s.quirks.SnakeKeys {
		x.body = fromSnakeCase(x.body)
	}
	var v *openapi.Violation
	x.body, v = x.op.ReadBody(x.request, x.body)
	switch {
	case v == nil:
		return nil
	case v.Name == "category":
		return connect.InvalidCategory()
	}
	return connect.InvalidBody(v.Name, v.Rule)
}

// noRoute answers what no route of the document matches.
func (s *Handler) noRoute(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	var answer error = connect.RouteNotFound()
	var routing *echo.HTTPError
	switch {
	case errors.As(err, &routing) && routing.Code == http.StatusMethodNotAllowed:
		answer = connect.MethodNotAllowed()
	case !errors.As(err, &routing) || routing.Code != http.StatusNotFound:
		answer = err
	case strings.Contains(c.Request().URL.Path, "//"):
		answer = connect.DoubleSlash()
	}
	x := &exchange{writer: c.Response(), request: c.Request(), arrived: time.Now(), check: checkRoute}
	if authorization := x.request.Header.Get("Authorization"); authorization != "" {
		x.caller, _ = s.backend.Auth.Authenticate(x.context(), authorization) // only to know whose journal it belongs to
	}
	x.now = s.backend.Clocks.Now(x.accountOrNone())
	rep := s.failure(answer)
	if rep.status == http.StatusNotFound && !s.quirks.JSONUnknownRoute {
		rep = reply{status: http.StatusNotFound, kind: textKind, body: []byte(connect.PageNotFound)}
	}
	s.noted(x, rep)
	s.limitUnreadBody(x)
	failed := s.send(x, rep)
	s.observed(x, rep, errors.Join(answer, failed))
}

func (x *exchange) vault() string   { return x.path["vaultUuid"] }
func (x *exchange) item() string    { return x.path["itemUuid"] }
func (x *exchange) file() string    { return x.path["fileUuid"] }
func (x *exchange) account() string { return x.caller.Token.Account }

func (x *exchange) context() context.Context { return x.request.Context() }
