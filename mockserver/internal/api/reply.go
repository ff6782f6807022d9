package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/labstack/echo/v4"
)

// reply is what a handler answers. The zero value is an empty 200.
type reply struct {
	status  int // 0 means 200
	kind    kind
	body    []byte
	stream  io.ReadCloser // instead of body, with size
	size    int64
	headers []header
	cached  bool // body is shared with the cache
	unsent  bool // nobody got it: a fault kept it back, or the client went away
}

type header struct{ name, value string }

// kind is a Content-Type.
type kind int

const (
	noKind     kind = iota
	jsonKind        // whether a real server names a charset is unknown, so none [G]
	textKind        // [D]
	binaryKind      // [D]
	metricsKind
)

// kindHeaders are the values of the Content-Type header, made once and shared
// by all answers.
func kindHeaders() [][]string {
	return [][]string{
		jsonKind:    {"application/json"},
		textKind:    {"text/plain; charset=utf-8"},
		binaryKind:  {"application/octet-stream"},
		metricsKind: {"text/plain; version=0.0.4; charset=utf-8"},
	}
}

// jsonReply encodes a document on one line, as a real server does [R].
func jsonReply(status int, document any) (reply, error) {
	body, err := json.Marshal(document)
	return reply{status: status, kind: jsonKind, body: body}, err
}

// failure is the reply for an error: Connect's own pass as they are, anything
// else becomes the neutral 500, its details only for the log.
func (s *Handler) failure(err error) reply {
	answer := connect.SomethingWentWrong()
	errors.As(err, &answer)
	if s.quirks.DocumentedTexts && *answer == *connect.InvalidToken() {
		answer = connect.InvalidTokenDocumented()
	}
	r, _ := jsonReply(answer.Status, answer) // two scalars always encode
	return r
}

// givenUp says that the client went away before there was an answer. What the
// store did not do then is no failure of ours, and nobody reads of it.
func (x *exchange) givenUp(rep reply) bool {
	return rep.status == http.StatusInternalServerError && x.context().Err() != nil
}

// setHeaders puts the headers of a reply in place.
func (s *Handler) setHeaders(h http.Header, rep reply) {
	if !s.quirks.NoVersionHeader {
		h["1password-Connect-Version"] = s.versionHeader // the canonical form of the name
	}
	if rep.kind != noKind {
		h["Content-Type"] = s.kinds[rep.kind]
	}
	if rep.status != http.StatusNoContent {
		h["Content-Length"] = []string{strconv.FormatInt(rep.length(), 10)}
	}
	for _, x := range rep.headers {
		h.Set(x.name, x.value)
	}
}

// sent is the status as it was sent, 0 if it was not.
func (rep *reply) sent() int {
	if rep.unsent {
		return 0
	}
	return max(rep.status, http.StatusOK)
}

func (rep *reply) length() int64 {
	if rep.stream != nil {
		return rep.size
	}
	return int64(len(rep.body))
}

// send writes a reply to the wire; nothing else does. Large bodies are written piece by piece, so that a client that
// does not read is let go.
func (s *Handler) send(x *exchange, rep reply) error {
	s.setHeaders(x.writer.Header(), rep)
	x.writer.WriteHeader(max(rep.status, http.StatusOK))
	if rep.stream != nil {
		defer rep.stream.Close()
	}
	if x.request.Method == http.MethodHead || rep.length() == 0 {
		return nil
	}
	if rep.length() <= smallBody && rep.stream == nil {
		_, err := x.writer.Write(rep.body)
		return err
	}
	to := stall.NewWriter(fileSender(x.writer), s.pauses(x))
	defer to.Finish()
	var err error
	if rep.stream != nil {
		_, err = io.Copy(to, rep.stream) // whole chunks, as the store has them
	} else {
		_, err = to.Write(rep.body)
	}
	if errors.Is(err, stall.ErrStalled) {
		s.logStall(x, "reading its answer")
	}
	return err
}

// fileSender is the writer below echo's, which may hand a file to the system; echo's can't.
func fileSender(w http.ResponseWriter) http.ResponseWriter {
	if e, ok := w.(*echo.Response); ok {
		return e.Writer
	}
	return w
}
