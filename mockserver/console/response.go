package console

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// noticeParameter asks a page to show a notice.
const noticeParameter = "notice"

// response is what a handler returns: a page, a redirect or a stream.
type response struct {
	status   int
	template string // of a page
	view     view
	redirect string // a path without Mount
	notice   *session.Notice

	stream      func(io.Writer) error
	contentType string // of the stream
	filename    string // of a stream to save
}

// render returns a page: a template of templates/, its title and its data, which the template has as .Data.
func (req *request) render(template, title string, data any) *response {
	return &response{status: http.StatusOK, template: template, view: view{Title: title, Data: data}}
}

// redirect returns a redirect to a path without Mount.
func redirect(path string) *response { return &response{status: http.StatusSeeOther, redirect: path} }

// done returns a redirect after a POST to a path without Mount, where the notice is shown.
func done(path string, n session.Notice) *response {
	resp := redirect(path)
	resp.notice = &n
	return resp
}

// download returns a stream that browsers save as a file.
func download(filename, contentType string, write func(io.Writer) error) *response {
	return &response{status: http.StatusOK, stream: write, contentType: contentType, filename: filename}
}

// send sends the response. Nothing else writes to the connection.
func (resp *response) send(req *request) error {
	header := req.w.Header()
	switch {
	case resp.redirect != "":
		header.Set("Location", Mount+resp.noticePath(req))
		req.w.WriteHeader(resp.status)
		return nil
	case resp.stream != nil:
		return resp.sendStream(req)
	}
	var body bytes.Buffer
	if err := req.templates.page(&body, resp.template, req.completeView(resp.view)); err != nil {
		return err
	}
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	req.started = true
	req.w.WriteHeader(resp.status)
	if req.r.Method == http.MethodHead {
		return nil
	}
	to := stall.NewWriter(req.w, stall.Limits{Pause: req.bodyTimeout})
	defer to.Finish()
	_, err := to.Write(body.Bytes())
	return err
}

// noticePath returns the path of a redirect, with the id of its notice.
func (resp *response) noticePath(req *request) string {
	if resp.notice == nil || req.session == nil {
		return resp.redirect
	}
	u, err := url.Parse(resp.redirect)
	if err != nil {
		return resp.redirect
	}
	query := u.Query()
	query.Set(noticeParameter, req.session.KeepNotice(*resp.notice))
	u.RawQuery = query.Encode()
	return u.String()
}

// sendStream sends the stream. Until its first byte it can still fail with a status.
func (resp *response) sendStream(req *request) error {
	header := req.w.Header()
	to := stall.NewWriter(req.w, stall.Limits{Pause: req.bodyTimeout})
	defer to.Finish()
	err := resp.stream(writerFunc(func(data []byte) (int, error) {
		if !req.started {
			req.started = true
			header.Set("Content-Type", resp.contentType)
			if resp.filename != "" {
				header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": savedName(resp.filename)}))
			}
			req.w.WriteHeader(resp.status)
		}
		return to.Write(data)
	}))
	if err == nil || req.started {
		return err
	}
	resp = req.errorPage(err)
	return resp.send(req)
}

// savedName returns the last element of a name, which a client may have made from a path of any system.
func savedName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if strings.Trim(name, ". ") == "" {
		return "file"
	}
	return name
}

// writerFunc is an io.Writer that calls a function.
type writerFunc func([]byte) (int, error)

func (write writerFunc) Write(data []byte) (int, error) { return write(data) }

// errorPage returns the page for an error. What is no mistake of the user is logged and not shown.
func (req *request) errorPage(err error) *response {
	var shown *controlapi.Error
	if !errors.As(err, &shown) || shown.Status < 400 {
		req.logFailure(err)
		shown = &controlapi.Error{Status: http.StatusInternalServerError,
			Message: "something went wrong inside the mock; its log says what"}
	}
	text := shown.Message
	if text != "" {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	resp := req.render("error", errorTitle(shown.Status), map[string]any{
		"Message": req.server.HideTokens(text), "Back": req.here(), "Sent": req.r.Method == http.MethodPost,
	})
	resp.status = shown.Status
	return resp
}

// errorTitle returns the heading of the page for a status.
func errorTitle(status int) string {
	switch status {
	case http.StatusNotFound:
		return "Not found"
	case http.StatusForbidden:
		return "Refused"
	case http.StatusInternalServerError:
		return "Failed"
	}
	return "Not done"
}
