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

const (
	// Header is the response header that every control API sends. Its value is Version.
	Header = "Connectmock-Control"
	// Version is the version of the control API.
	Version = "1"
)

// Client calls the control API of a mock over HTTP. URL and Token are required. It may be used by many goroutines.
//
// If the mock rejects a request, the error is an *Error. Any other error describes a problem with the connection; it
// contains the address and what to do, but never the token.
type Client struct {
	URL   string // of the control listener: "http://127.0.0.1:8081"
	Token string // as the mock printed it when it started
	// HTTP sends the requests. Nil: a client with a timeout of 30 seconds for each, but none for fixtures and exported
	// snapshots. Redirects are never followed.
	HTTP *http.Client
}

// Limits of responses in bytes. The content of an exported snapshot has no limit.
const (
	maxResponse  = 256 << 20
	maxErrorBody = 1 << 20
)

// defaultTimeout is the time limit of a request without Client.HTTP.
const defaultTimeout = 30 * time.Second

// call describes a request and what to do with its response.
type call struct {
	method   string
	path     []string // segments, not escaped
	query    url.Values
	document any       // sent as JSON; nil: none
	body     io.Reader // sent instead of document, unchanged
	kind     string    // Content-Type of body
	into     any       // a pointer to decode the response into, an io.Writer to copy it to, or nil
}

// isStream reports whether the request or the response is copied and may be of any size.
func (k call) isStream() bool {
	_, out := k.into.(io.Writer)
	return out || k.body != nil
}

// do sends a request and reads the response.
func (c *Client) do(ctx context.Context, k call) error {
	if c.HTTP == nil && !k.isStream() {
		limited, cancel := context.WithTimeoutCause(ctx, defaultTimeout,
			fmt.Errorf("%w after %v", context.DeadlineExceeded, defaultTimeout))
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
		return c.responseError(response)
	}
	return c.readResponse(ctx, response, k.into)
}

// Send calls an operation that a program knows from the document only; the methods of Client know theirs. Path has the
// segments of the path, not escaped. Body has the media type kind; an empty one means that there is no body. Send returns
// the body of the response, which must not have more than limit bytes.
func Send(
	ctx context.Context, c *Client, method string, path []string, query url.Values, kind string, body []byte, limit int,
) ([]byte, error) {
	response := &limitedBuffer{left: limit}
	k := call{method: method, path: path, query: query, kind: kind, into: response}
	if kind != "" {
		k.body = bytes.NewReader(body)
	}
	if err := c.do(ctx, k); err != nil {
		return nil, err
	}
	return response.data, nil
}

// limitedBuffer keeps what is written, up to a number of bytes.
type limitedBuffer struct {
	data []byte
	left int
}

// Write returns an error if the limit is exceeded.
func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("it is too large; ask for less")
	}
	b.data = append(b.data, p...)
	return len(p), nil
}

// request returns the HTTP request of a call.
func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	base, err := url.Parse(c.URL)
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" || base.RawQuery != "" ||
		base.Fragment != "" || base.User != nil {
		return nil, errors.New("the control URL must be like http://127.0.0.1:8081; " +
			"a mock started with --control prints its own")
	}
	address := strings.TrimRight(base.String(), "/")
	for _, segment := range k.path {
		if segment == "" || segment == "." || segment == ".." {
			return nil, &Error{Status: http.StatusBadRequest,
				Message: "a name in a path must not be empty, \".\" or \"..\""}
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
		body = uploadReader{k.body}
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
	if !isHeaderValue(c.Token) {
		return nil, fmt.Errorf("the control API at %s needs its token: the mock printed it when it started, "+
			"--control-token sets it", c.URL)
	}
	request.Header.Set("Authorization", "Bearer "+c.Token)
	return request, nil
}

// isHeaderValue reports whether a token can be sent in a header.
func isHeaderValue(token string) bool {
	return token != "" && !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}

// client returns an HTTP client that does not follow redirects, because they could send the token to another host.
func (c *Client) client() *http.Client {
	client := http.Client{}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// readResponse reads a successful response into a value.
func (c *Client) readResponse(ctx context.Context, response *http.Response, into any) error {
	switch into := into.(type) {
	case nil:
		return nil
	case io.Writer:
		if _, err := io.Copy(into, response.Body); err != nil {
			return fmt.Errorf("the response of the control API at %s is incomplete: %w", c.URL, err)
		}
		return nil
	}
	err := json.NewDecoder(io.LimitReader(response.Body, maxResponse)).Decode(into)
	if err != nil && ctx.Err() != nil {
		return c.unreachable(ctx, err)
	}
	if err != nil {
		return fmt.Errorf("the response of the control API at %s can't be decoded; is the mock of another version? %w",
			c.URL, err)
	}
	return nil
}

// responseError returns the error in a response of a mock. For an invalid token it adds the address, because most often
// the token belongs to another mock.
func (c *Client) responseError(response *http.Response) error {
	rejected := &Error{}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxErrorBody))
	if err == nil {
		err = json.Unmarshal(data, rejected)
	}
	if err != nil || rejected.Message == "" {
		return fmt.Errorf("the control API at %s responded with %d and no message; its log may say why", c.URL,
			response.StatusCode)
	}
	rejected.Status = response.StatusCode
	if rejected.Status == http.StatusUnauthorized {
		return fmt.Errorf("control API at %s: %w", c.URL, rejected)
	}
	return rejected
}

// notControlAPI returns the error for a response that does not come from a control API.
func (c *Client) notControlAPI(response *http.Response) error {
	if response.Header.Get("1Password-Connect-Version") != "" {
		return fmt.Errorf("%s is the address of a Connect server, not of a control API; a mock started with --control "+
			"prints both, a real server has no control API", c.URL)
	}
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if kind == "" {
		kind = "no Content-Type"
	}
	return fmt.Errorf("%s is not the control API of a mock: it responded with %d and %s; a mock started with --control "+
		"prints the address of its control API", c.URL, response.StatusCode, kind)
}

// unreachable returns the error for a request without a response.
func (c *Client) unreachable(ctx context.Context, err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err // its text is the whole URL
	}
	var upload *uploadError
	if errors.As(err, &upload) {
		return fmt.Errorf("read the data to send to the control API: %w", upload.error)
	}
	if cause := context.Cause(ctx); cause != nil {
		return fmt.Errorf("the control API at %s did not respond: %w", c.URL, cause)
	}
	return fmt.Errorf("the control API at %s can't be reached: %w; is the mock running, and with --control?",
		c.URL, err)
}

// uploadReader is a request body that marks its own read errors, to tell them from those of the connection.
type uploadReader struct{ io.Reader }

// Read returns errors other than io.EOF as *uploadError.
func (s uploadReader) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = &uploadError{err}
	}
	return n, err
}

// uploadError is an error of reading what is to be sent.
type uploadError struct{ error }
