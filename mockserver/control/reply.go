package control

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// reply is what a handler answers: a document, a stream, or that it is done.
type reply struct {
	status   int
	document any
	stream   func(io.Writer) error // instead of document
	kind     string                // of the stream
	begun    bool                  // something was sent
	lost     bool                  // and could not be: the client is gone
}

func ok(document any) *reply      { return &reply{status: http.StatusOK, document: document} }
func created(document any) *reply { return &reply{status: http.StatusCreated, document: document} }
func done() *reply                { return &reply{status: http.StatusNoContent} }

// some is a list that is one, also where it is empty.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// send writes a reply to the wire; nothing else does.
func (rep *reply) send(w http.ResponseWriter, r *http.Request, pause time.Duration) error {
	to := stall.NewWriter(w, stall.Limits{Pause: pause})
	defer to.Finish()
	header := w.Header()
	header.Set(controlapi.Header, controlapi.Version)
	header.Set("Cache-Control", "no-store") // there may be tokens in it
	if rep.stream != nil {
		return rep.copy(w, to, r)
	}
	if rep.document == nil {
		rep.begun = true
		w.WriteHeader(rep.status)
		return nil
	}
	body, err := json.Marshal(rep.document)
	if err != nil {
		return err
	}
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	rep.begun = true
	w.WriteHeader(rep.status)
	if r.Method == http.MethodHead {
		return nil
	}
	_, err = rep.write(to, body)
	return err
}

func (rep *reply) write(w io.Writer, data []byte) (int, error) {
	n, err := w.Write(data)
	rep.lost = rep.lost || err != nil
	return n, err
}

// copy sends a stream. Until its first byte it can still fail with a status.
func (rep *reply) copy(w http.ResponseWriter, to io.Writer, r *http.Request) error {
	begin := func() {
		if !rep.begun {
			rep.begun = true
			w.Header().Set("Content-Type", rep.kind)
			w.WriteHeader(rep.status)
		}
	}
	err := rep.stream(writer(func(data []byte) (int, error) {
		begin()
		if r.Method == http.MethodHead {
			return len(data), nil
		}
		return rep.write(to, data)
	}))
	if err == nil {
		begin()
	}
	return err
}

// writer is a function that writes.
type writer func([]byte) (int, error)

func (write writer) Write(data []byte) (int, error) { return write(data) }

// refusal is what a client is told of an error, nil if it is an inner one.
func refusal(err error) *controlapi.Error {
	var refused *controlapi.Error
	if errors.As(err, &refused) && refused.Status >= 400 && refused.Status < 500 {
		return refused
	}
	var broken *openapi.Violation
	if errors.As(err, &broken) {
		if broken.In == openapi.InMediaType {
			return refuse(http.StatusUnsupportedMediaType, "the Content-Type "+broken.Rule)
		}
		return refuse(http.StatusBadRequest, broken.Error())
	}
	var mistakes *fixtures.Error
	if errors.As(err, &mistakes) {
		return refuse(http.StatusBadRequest, mistakes.Error())
	}
	return nil
}
