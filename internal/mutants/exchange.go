package mutants

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
)

// behaviour is what a wrong server does with a request.
type behaviour func(*exchange) *answer

// exchange is one request. A behaviour may change it before it passes it on.
type exchange struct {
	op                string
	vault, item, file string // ids in the path
	r                 *http.Request
	body              []byte
	next              http.Handler
}

// answer is what goes back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func receive(next http.Handler, r *http.Request) *exchange {
	x := &exchange{op: Operation(r), next: next, r: r.Clone(r.Context())}
	if r.Body != nil {
		x.body, _ = io.ReadAll(r.Body) // what broke off is answered as it is
	}
	x.address()
	return x
}

func (x *exchange) address() {
	ids := [3]*string{&x.vault, &x.item, &x.file}
	parts := strings.Split(strings.Trim(x.r.URL.Path, "/"), "/")
	for i, id := range ids {
		if at := 2 + 2*i; at < len(parts) {
			*id = parts[at]
		}
	}
}

// pass is what the server behind it answers.
func (x *exchange) pass() *answer {
	r := x.r.Clone(x.r.Context())
	r.RequestURI = r.URL.RequestURI()
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(x.body)), int64(len(x.body))
	r.Header.Del("Content-Length")
	w := httptest.NewRecorder()
	x.next.ServeHTTP(w, r)
	res := w.Result()
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body) // from memory
	return &answer{res.StatusCode, res.Header, body}
}

// ask makes a request of the server's own, with the caller's token.
func (x *exchange) ask(method, path string, body any) *answer {
	own := &exchange{next: x.next, r: x.r.Clone(x.r.Context()), body: nil}
	own.r.Method = method
	own.r.URL.Path, own.r.URL.RawPath, own.r.URL.RawQuery = path, "", ""
	own.r.Header.Del("Content-Type")
	if body != nil {
		own.body = encode(body)
		own.r.Header.Set("Content-Type", "application/json")
	}
	return own.pass()
}

// path is that of the item in the request's path.
func (x *exchange) path() string { return "/v1/vaults/" + x.vault + "/items/" + x.item }

// redirect changes where the request goes to.
func (x *exchange) redirect(from, to string) {
	x.r.URL.Path = strings.Replace(x.r.URL.Path, from, to, 1)
	x.r.URL.RawPath = ""
	x.address()
}

// query sets parameters, and removes those whose value is empty.
func (x *exchange) query(pairs ...string) {
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

func (x *exchange) parameter(name string) string { return x.r.URL.Query().Get(name) }

func (a *answer) ok() bool { return a.status >= 200 && a.status < 300 }

func (a *answer) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Del("Content-Length")
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if a.status != http.StatusNoContent {
		_, _ = w.Write(a.body) // nobody is left to tell
	}
}

// refuse turns an answer into a refusal of Connect's form.
func (a *answer) refuse(status int, message string) *answer {
	a.status = status
	a.header = a.header.Clone()
	a.header.Set("Content-Type", "application/json")
	a.body = encode(map[string]any{"status": status, "message": message})
	return a
}

// text turns the body into something else.
func (a *answer) text(contentType, body string) {
	a.header.Set("Content-Type", contentType)
	a.body = []byte(body)
}

// always is a behaviour without a memory.
func always(b behaviour) func() behaviour { return func() behaviour { return b } }

// then changes answers.
func then(change func(x *exchange, a *answer)) func() behaviour {
	return always(func(x *exchange) *answer {
		a := x.pass()
		change(x, a)
		return a
	})
}

// first changes requests.
func first(change func(x *exchange)) func() behaviour {
	return always(func(x *exchange) *answer {
		change(x)
		return x.pass()
	})
}

// unless refuses the requests that a condition holds for, without asking the
// server behind it for anything but a refusal's headers.
func unless(refused func(x *exchange) bool, status int, message string) func() behaviour {
	return always(func(x *exchange) *answer {
		if !refused(x) {
			return x.pass()
		}
		return x.ask(http.MethodGet, "/heartbeat", nil).refuse(status, message)
	})
}

// turn answers one status as another, with the body that there is.
func turn(from, to int) func() behaviour {
	return then(func(_ *exchange, a *answer) {
		if a.status != from {
			return
		}
		a.status = to
		if from >= 400 && to >= 400 {
			a.members(func(m map[string]any) { m["status"] = to })
		}
	})
}
