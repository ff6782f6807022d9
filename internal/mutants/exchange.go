package mutants

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
)

// behaviour handles a request incorrectly.
type behaviour func(*exchange) *response

// exchange is a request. A behaviour may change and forward it.
type exchange struct {
	op                string
	vault, item, file string // ids in the path
	r                 *http.Request
	body              []byte
	next              http.Handler
}

// response is a response to the client.
type response struct {
	status int
	header http.Header
	body   []byte
}

// newExchange returns the exchange of a request and reads its body.
func newExchange(next http.Handler, r *http.Request) *exchange {
	x := &exchange{op: Operation(r), next: next, r: r.Clone(r.Context())}
	if r.Body != nil {
		x.body, _ = io.ReadAll(r.Body) // a truncated body is forwarded truncated
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

// send sends another request to the wrapped server, with the token of the client.
func (x *exchange) send(method, path string, body any) *response {
	other := &exchange{next: x.next, r: x.r.Clone(x.r.Context()), body: nil}
	other.r.Method = method
	other.r.URL.Path, other.r.URL.RawPath, other.r.URL.RawQuery = path, "", ""
	other.r.Header.Del("Content-Type")
	if body != nil {
		other.body = encodeJSON(body)
		other.r.Header.Set("Content-Type", "application/json")
	}
	return other.forward()
}

// itemPath returns the path of the item in the request's path.
func (x *exchange) itemPath() string { return "/v1/vaults/" + x.vault + "/items/" + x.item }

// replaceInPath replaces a part of the request's path.
func (x *exchange) replaceInPath(from, to string) {
	x.r.URL.Path = strings.Replace(x.r.URL.Path, from, to, 1)
	x.r.URL.RawPath = ""
	x.parsePath()
}

// setQuery sets query parameters, given as pairs of name and value. An empty value
// removes the parameter.
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
func (res *response) isSuccess() bool { return res.status >= 200 && res.status < 300 }

// write sends the response.
func (res *response) write(w http.ResponseWriter) {
	for name, values := range res.header {
		w.Header()[name] = values
	}
	w.Header().Del("Content-Length")
	if res.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(res.body)))
	}
	w.WriteHeader(res.status)
	if res.status != http.StatusNoContent {
		_, _ = w.Write(res.body) // the client may have disconnected
	}
}

// setError replaces the response by an error of Connect.
func (res *response) setError(status int, message string) *response {
	res.status = status
	res.header = res.header.Clone()
	res.header.Set("Content-Type", "application/json")
	res.body = encodeJSON(map[string]any{"status": status, "message": message})
	return res
}

// setBody replaces the body and its media type.
func (res *response) setBody(contentType, body string) {
	res.header.Set("Content-Type", contentType)
	res.body = []byte(body)
}

// stateless returns a constructor of a behaviour that has no state.
func stateless(b behaviour) func() behaviour { return func() behaviour { return b } }

// changeResponse returns a behaviour that changes responses.
func changeResponse(change func(x *exchange, res *response)) func() behaviour {
	return stateless(func(x *exchange) *response {
		res := x.forward()
		change(x, res)
		return res
	})
}

// changeRequest returns a behaviour that changes requests.
func changeRequest(change func(x *exchange)) func() behaviour {
	return stateless(func(x *exchange) *response {
		change(x)
		return x.forward()
	})
}

// refuseIf refuses the requests that meet a condition. The wrapped server receives only
// a GET of /heartbeat, to get the headers of the error.
func refuseIf(condition func(x *exchange) bool, status int, message string) func() behaviour {
	return stateless(func(x *exchange) *response {
		if !condition(x) {
			return x.forward()
		}
		return x.send(http.MethodGet, "/heartbeat", nil).setError(status, message)
	})
}

// replaceStatus returns a behaviour that replaces a status.
func replaceStatus(from, to int) func() behaviour {
	return changeResponse(func(_ *exchange, res *response) {
		if res.status != from {
			return
		}
		res.status = to
		if from >= 400 && to >= 400 {
			res.changeObjects(func(m map[string]any) { m["status"] = to })
		}
	})
}
