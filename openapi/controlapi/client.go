package controlapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Header is the response header that every control API sends, with the version of the API.
const (
	Header  = "Connectmock-Control"
	Version = "1"
)

// Client calls the control API of a mock over HTTP. It may be used by many goroutines.
//
// If the mock rejects a request, the error is an *Error. Any other error describes a problem with the connection; it
// contains the address and what to do, but never the token.
type Client struct {
	URL   string // of the control listener: "http://127.0.0.1:8081"
	Token string // as the mock printed it when it started
	// HTTP sends the requests. nil: a client with a timeout of 30 seconds, except for fixtures and the files of
	// snapshots, which have none. Redirects are never followed.
	HTTP *http.Client
}

// Limits of responses in bytes. The content of an exported snapshot has no limit.
const (
	maxAnswer  = 256 << 20
	maxRefusal = 1 << 20
)

const patience = 30 * time.Second

// call describes a request and what to do with its response.
type call struct {
	method   string
	path     []string // segments, not escaped
	query    url.Values
	document any       // sent as JSON; nil: none
	body     io.Reader // sent instead of document, unchanged
	kind     string    // of body
	into     any       // a pointer to decode the response into, an io.Writer to copy it to, or nil
}

func (k call) streams() bool {
	_, out := k.into.(io.Writer)
	return out || k.body != nil
}

func (c *Client) do(ctx context.Context, k call) error {
	if c.HTTP == nil && !k.streams() {
		limited, cancel := context.WithTimeoutCause(ctx, patience,
			fmt.Errorf("%w after %v", context.DeadlineExceeded, patience))
		defer cancel()
		ctx = limited
	}
	request, err := c.request(ctx, k)
	if err != nil {
		return err
	}
	response, err := c.client().Do(request)
	if err != nil {
		return c.unreachable(ctx, err)
	}
	defer response.Body.Close()
	if response.Header.Get(Header) == "" {
		return c.notControlAPI(response)
	}
	if response.StatusCode >= 300 {
		return c.refusal(response)
	}
	return c.accept(ctx, response, k.into)
}

func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	base, err := url.Parse(c.URL)
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" || base.RawQuery != "" ||
		base.Fragment != "" || base.User != nil {
		return nil, errors.New("the control URL must be as http://127.0.0.1:8081; a mock started with --control prints its own")
	}
	address := strings.TrimRight(base.String(), "/")
	for _, segment := range k.path {
		if segment == "" || segment == "." || segment == ".." {
			return nil, &Error{Status: http.StatusBadRequest, Message: "a name in a path must not be empty or made of dots"}
		}
		address += "/" + url.PathEscape(segment)
	}
	if len(k.path) == 0 {
		address += "/"
	}
	if len(k.query) > 0 {
		address += "?" + k.query.Encode()
	}
	var body io.Reader
	kind := k.kind
	if k.body != nil {
		body = source{k.body}
	}
	if k.document != nil {
		data, err := json.Marshal(k.document)
		if err != nil {
			return nil, fmt.Errorf("encode the request to the control API: %w", err)
		}
		body, kind = bytes.NewReader(data), "application/json"
	}
	request, err := http.NewRequestWithContext(ctx, k.method, address, body)
	if err != nil {
		return nil, fmt.Errorf("request to the control API: %w", err)
	}
	if body != nil {
		request.Header.Set("Content-Type", kind)
	}
	if !sendable(c.Token) {
		return nil, fmt.Errorf("the control API at %s needs its token: the mock printed it at its start, --control-token sets it", c.URL)
	}
	request.Header.Set("Authorization", "Bearer "+c.Token)
	return request, nil
}

// sendable reports whether a token is valid in a header.
func sendable(token string) bool {
	return token != "" && !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}

// client returns an HTTP client that does not follow redirects, because they could send the token elsewhere.
func (c *Client) client() *http.Client {
	client := http.Client{}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// accept reads a successful response into a value.
func (c *Client) accept(ctx context.Context, response *http.Response, into any) error {
	switch into := into.(type) {
	case nil:
		return nil
	case io.Writer:
		if _, err := io.Copy(into, response.Body); err != nil {
			return fmt.Errorf("the answer of the control API at %s did not come whole: %w", c.URL, err)
		}
		return nil
	}
	err := json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(into)
	if err != nil && ctx.Err() != nil {
		return c.unreachable(ctx, err)
	}
	if err != nil {
		return fmt.Errorf("the answer of the control API at %s can't be read, is it of another version? %w", c.URL, err)
	}
	return nil
}

// refusal returns the error in a response of a mock. For an invalid token it adds the address, because most often the
// token belongs to another mock.
func (c *Client) refusal(response *http.Response) error {
	refused := &Error{}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxRefusal))
	if err == nil {
		err = json.Unmarshal(data, refused)
	}
	if err != nil || refused.Message == "" {
		return fmt.Errorf("the control API at %s answered %d without saying why", c.URL, response.StatusCode)
	}
	refused.Status = response.StatusCode
	if refused.Status == http.StatusUnauthorized {
		return fmt.Errorf("control API at %s: %w", c.URL, refused)
	}
	return refused
}

// notControlAPI returns the error for a response that does not come from a control API.
func (c *Client) notControlAPI(response *http.Response) error {
	if response.Header.Get("1Password-Connect-Version") != "" {
		return fmt.Errorf("%s is where a Connect server answers, not its control API: a mock prints the address of that at its start, and a real server has none", c.URL)
	}
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if kind == "" {
		kind = "nothing"
	}
	return fmt.Errorf("%s is no control API of a mock: it answered %d with %s; a mock started with --control prints the address of its own", c.URL, response.StatusCode, kind)
}

// unreachable returns the error for a request without a response.
func (c *Client) unreachable(ctx context.Context, err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err // its text is the whole URL
	}
	var ours *unreadable
	if errors.As(err, &ours) {
		return fmt.Errorf("what was to be sent to the control API can't be read: %w", ours.error)
	}
	if cause := context.Cause(ctx); cause != nil {
		return fmt.Errorf("the control API at %s gave no answer: %w", c.URL, cause)
	}
	return fmt.Errorf("no control API answers at %s: %w; is the mock running, and with --control?", c.URL, err)
}

// source is a request body that marks its own read errors, to tell them from those of the connection.
type source struct{ io.Reader }

func (s source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = &unreadable{err}
	}
	return n, err
}

type unreadable struct{ error }
