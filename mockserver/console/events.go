package console

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// eventStream sends events to an open page, see data-live in static/console.js.
type eventStream struct {
	req *request
	w   io.Writer
}

// events returns a stream of server-sent events, or a 429 if the session has too many. run sends them until ctx ends:
// when the browser has gone or signed out, or the mock stops.
func events(req *request, run func(ctx context.Context, to *eventStream) error) *response {
	return download("", "text/event-stream", func(w io.Writer) error {
		if !req.session.StartStream() {
			return &controlapi.Error{Status: http.StatusTooManyRequests, Message: fmt.Sprintf(
				"%d pages of this session follow what happens already: close some of them", session.MaxStreams)}
		}
		defer req.session.EndStream()
		to := &eventStream{req, w}
		if err := to.keepAlive(); err != nil {
			return nil // the browser has gone
		}
		if err := run(req.r.Context(), to); err != nil && req.r.Context().Err() == nil {
			return err
		}
		return nil
	})
}

// send sends one template of a page. Each of its elements with an id replaces the one of the page with that id, or is
// added at the beginning of the live element. The id of the event is what the page asks to continue after.
func (s *eventStream) send(id, page, part string, data any) error {
	var html bytes.Buffer
	if err := s.req.templates.part(&html, page, part, data); err != nil {
		return err
	}
	var event strings.Builder
	if id != "" {
		event.WriteString("id: " + id + "\n")
	}
	for line := range strings.Lines(html.String()) {
		if text := strings.TrimSpace(line); text != "" {
			event.WriteString("data: " + strings.TrimRight(line, "\r\n") + "\n")
		}
	}
	event.WriteString("\n")
	return s.write(event.String())
}

// keepAlive sends a comment, so that a browser that has gone is noticed.
func (s *eventStream) keepAlive() error { return s.write(": \n\n") }

func (s *eventStream) write(text string) error {
	if s.req.sessions.Find(s.req.r) == nil {
		return context.Canceled // signed out
	}
	if _, err := io.WriteString(s.w, text); err != nil {
		return err
	}
	return http.NewResponseController(s.req.w).Flush()
}
