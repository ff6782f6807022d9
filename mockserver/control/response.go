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

// response is what an operation returns: a document, a stream or neither.
type response struct {
	status      int
	document    any
	stream      func(io.Writer) error // instead of document
	contentType string                // of the stream
	started     bool                  // the status was sent
	clientGone  bool                  // a write failed
}

func ok(document any) *response { return &response{status: http.StatusOK, document: document} }
func created(document any) *response {
	return &response{status: http.StatusCreated, document: document}
}
func noContent() *response { return &response{status: http.StatusNoContent} }

// nonNil returns an empty list for nil, which would be encoded as null.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// send sends the response. Nothing else writes to the connection.
func (resp *response) send(w http.ResponseWriter, r *http.Request, timeout time.Duration) error {
	to := stall.NewWriter(w, stall.Limits{Pause: timeout})
	defer to.Finish()
	header := w.Header()
	header.Set(controlapi.Header, controlapi.Version)
	header.Set("Cache-Control", "no-store") // it may contain tokens
	if resp.stream != nil {
		return resp.sendStream(w, to, r)
	}
	if resp.document == nil {
		resp.started = true
		w.WriteHeader(resp.status)
		return nil
	}
	body, err := json.Marshal(resp.document)
	if err != nil {
		return err
	}
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	resp.started = true
	w.WriteHeader(resp.status)
	if r.Method == http.MethodHead {
		return nil
	}
	_, err = resp.write(to, body)
	return err
}

func (resp *response) write(w io.Writer, data []byte) (int, error) {
	n, err := w.Write(data)
	resp.clientGone = resp.clientGone || err != nil
	return n, err
}

// sendStream sends the stream. Until its first byte it can still fail with a status.
func (resp *response) sendStream(w http.ResponseWriter, to io.Writer, r *http.Request) error {
	start := func() {
		if !resp.started {
			resp.started = true
			w.Header().Set("Content-Type", resp.contentType)
			w.WriteHeader(resp.status)
		}
	}
	err := resp.stream(writerFunc(func(data []byte) (int, error) {
		start()
		if r.Method == http.MethodHead {
			return len(data), nil
		}
		return resp.write(to, data)
	}))
	if err == nil {
		start()
	}
	return err
}

// writerFunc is an io.Writer that calls a function.
type writerFunc func([]byte) (int, error)

func (write writerFunc) Write(data []byte) (int, error) { return write(data) }

// apiError returns an error that is sent to the client.
func apiError(status int, message string) *controlapi.Error {
	return &controlapi.Error{Status: status, Message: message}
}

// clientError returns the error to send for err, nil if err is a failure of the mock that the client must not see.
func clientError(err error) *controlapi.Error {
	var shown *controlapi.Error
	if errors.As(err, &shown) && shown.Status >= 400 && shown.Status < 500 {
		return shown
	}
	var violation *openapi.Violation
	if errors.As(err, &violation) {
		if violation.In == openapi.InMediaType {
			return apiError(http.StatusUnsupportedMediaType, "the Content-Type "+violation.Rule)
		}
		return apiError(http.StatusBadRequest, violation.Error())
	}
	var mistakes *fixtures.Error
	if errors.As(err, &mistakes) {
		return apiError(http.StatusBadRequest, mistakes.Error())
	}
	return nil
}
