package mutants

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
)

// behaviour handles a request in the wrong way.
type behaviour func(*exchange) *response

// exchange is one request. A behaviour may change it before it forwards it.
type exchange struct {
	op                string
	vault, item, file string // ids in the path
	r                 *http.Request
	body              []byte
	next              http.Handler
}

// response is what the client receives.
type response struct {
	status int
	header http.Header
	body   []byte
}

// newExchange reads a request.
func newExchange(next http.Handler, r *http.Request) *exchange {
	x := &exchange{op: Operation(r), next: next, r: r.Clone(r.Context())}
	if r.Body != nil {
		x.body, _ = io.ReadAll(r.Body) // a truncated body is forwarded as it is
	}
	x.parsePath()
	return x
}

// parsePath sets the ids from the path.
func (x *exchange) parsePath() {
	ids := [3]*string{&x.vault, &x.item, &x.file}
	parts := strings.Split(strings.Trim(x.r.URL.Path, "/"), "/")
	for i, id := range ids {
		if at := 2 + 2*i; at < len(parts) {
			*id = parts[at]
		}
	}
}

// forward sends the request to the wrapped server and returns its response.
func (x *exchange) forward() *response {
	r := x.r.Clone(x.r.Context())
	r.RequestURI = r.URL.RequestURI()
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(x.body)), int64(len(x.body))
	r.Header.Del("Content-Length")
	w := httptest.NewRecorder()
	x.next.ServeHTTP(w, r)
	res := w.Result()
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body) // from memory
	return &response{res.StatusCode, res.Header, body}
}

// send sends another request to the wrapped server, with the caller's token.
func (x *exchange) send(method, path string, body any) *response {
	own := &exchange{next: x.next, r: x.r.Clone(x.r.Context()), body: nil}
	own.r.Method = method
	own.r.URL.Path, own.r.URL.RawPath, own.r.URL.RawQuery = path, "", ""
	own.r.Header.Del("Content-Type")
	if body != nil {
		own.body = encode(body)
		own.r.Header.Set("Content-Type", "application/json")
	}
	return own.forward()
}

// itemPath returns the path of the item in the request's path.
func (x *exchange) itemPath() string { return "/v1/vaults/" + x.vault + "/items/" + x.item }

// replaceInPath replaces a part of the request's path.
func (x *exchange) replaceInPath(from, to string) {
	x.r.URL.Path = strings.Replace(x.r.URL.Path, from, to, 1)
	x.r.URL.RawPath = ""
	x.parsePath()
}

// setQuery sets parameters, given as name and value; an empty value removes one.
func (x *exchange) setQuery(pairs ...string) {
	values := x.r.URL.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			values.Del(pairs[i])
		} else {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	x.r.URL.RawQuery = values.Encode()
}

// parameter returns the first value of a query parameter.
func (x *exchange) parameter(name string) string { return x.r.URL.Query().Get(name) }

// isSuccess reports whether the status is a 2xx.
func (a *response) isSuccess() bool { return a.status >= 200 && a.status < 300 }

func (a *response) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Del("Content-Length")
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if a.status != http.StatusNoContent {
		_, _ = w.Write(a.body) // the client has gone
	}
}

// refuse replaces the response by an error as Connect sends it.
func (a *response) refuse(status int, message string) *response {
	a.status = status
	a.header = a.header.Clone()
	a.header.Set("Content-Type", "application/json")
	a.body = encode(map[string]any{"status": status, "message": message})
	return a
}

// setBody replaces the body and its media type.
func (a *response) setBody(contentType, body string) {
	a.header.Set("Content-Type", contentType)
	a.body = []byte(body)
}

// stateless returns a constructor of a behaviour that has no state.
func stateless(b behaviour) func() behaviour { return func() behaviour { return b } }

// changeResponse forwards requests and changes the responses.
func changeResponse(change func(x *exchange, a *response)) func() behaviour {
	return stateless(func(x *exchange) *response {
		a := x.forward()
		change(x, a)
		return a
	})
}

// changeRequest changes requests and forwards them.
func changeRequest(change func(x *exchange)) func() behaviour {
	return stateless(func(x *exchange) *response {
		change(x)
		return x.forward()
	})
}

// refuseIf refuses the requests that a condition holds for. The wrapped server
// does not see them, only a GET of /heartbeat, for the headers of the refusal.
func refuseIf(refused func(x *exchange) bool, status int, message string) func() behaviour {
	return stateless(func(x *exchange) *response {
		if !refused(x) {
			return x.forward()
		}
		return x.send(http.MethodGet, "/heartbeat", nil).refuse(status, message)
	})
}

// replaceStatus replaces one status by another and keeps the body.
func replaceStatus(from, to int) func() behaviour {
	return changeResponse(func(_ *exchange, a *response) {
		if a.status != from {
			return
		}
		a.status = to
		if from >= 400 && to >= 400 {
			a.changeObjects(func(m map[string]any) { m["status"] = to })
		}
	})
}
