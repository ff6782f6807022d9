package mockserver_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// rawGet returns the bytes of a response and the error that ended the connection, nil
// if the server closed it.
func (r *testServer) rawGet(t testing.TB, path string) (text string, ended error) {
	t.Helper()
	c := r.rawConn(t, path)
	defer c.Close()
	all, err := io.ReadAll(c)
	return string(all), err
}

// rawConn sends a GET on a connection of its own.
func (r *testServer) rawConn(t testing.TB, path string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
	must(t, err)
	must(t, c.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(c, "GET "+
		path+" HTTP/1.1\r\nHost: mock\r\nConnection: close\r\nAuthorization: Bearer "+r.Token+"\r\n\r\n")
	must(t, err)
	return c
}

// splitResponse splits what rawGet returns.
func splitResponse(text string) (head, body string) {
	head, body, _ = strings.Cut(text, "\r\n\r\n")
	return head, body
}

func TestFault_WithoutSocket(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithoutSocket()).withoutCheck()
	whole := s.get(t, "/v1/vaults").wantOK(t).body
	ten, none := int64(10), int64(0)
	for name, test := range map[string]struct {
		fault    controlapi.Fault
		sent     int
		call     error // of the request
		read     error // of the body
		responds bool
	}{
		"reset":        {controlapi.Fault{Connection: "reset"}, 0, syscall.ECONNRESET, nil, false},
		"empty":        {controlapi.Fault{Connection: "empty"}, 0, io.EOF, nil, false},
		"truncate":     {controlapi.Fault{Truncate: &ten}, 10, nil, io.ErrUnexpectedEOF, true},
		"nothing sent": {controlapi.Fault{Truncate: &none}, 0, nil, io.ErrUnexpectedEOF, true},
		"reset within": {controlapi.Fault{Truncate: &ten, Connection: "reset"}, 10, nil, syscall.ECONNRESET, true},
		"drip":         {controlapi.Fault{Drip: &controlapi.Drip{Bytes: 100, Every: 1}}, len(whole), nil, nil, true},
		"not applied":  {controlapi.Fault{Drip: &controlapi.Drip{Every: 1}, Times: 1, After: 99}, len(whole), nil, nil, true},
	} {
		fault := s.addFault(t, test.fault).Name
		reply, err := s.Client.Get(s.URL + "/v1/vaults")
		if !errors.Is(err, test.call) || (err == nil) != test.responds {
			t.Errorf("%s: error %v", name, err)
		}
		if err == nil {
			body, err := io.ReadAll(reply.Body)
			if !errors.Is(err, test.read) || len(body) != test.sent {
				t.Errorf("%s: %d bytes, then %v", name, len(body), err)
			}
			if reply.ContentLength != int64(len(whole)) {
				t.Errorf("%s: Content-Length says %d bytes", name, reply.ContentLength)
			}
			reply.Body.Close()
		}
		must(t, s.Mock.RemoveFault(t.Context(), fault))
	}
}

// Faults of the body apply to streamed files too, and not to HEAD, which has no body.
func TestFault_OfDownloads(t *testing.T) {
	t.Parallel()
	s, d := newServer(t).withoutCheck(), demo(t)
	path := d.file("Deployments", "Deploy Certificates", "chain.pem") + "/content"
	whole := string(s.get(t, path).wantOK(t).body)
	less := int64(-7)
	name := s.addFault(t, controlapi.Fault{
		Operation: "DownloadFileByID", Truncate: &less, MalformJSON: true, Drip: &controlapi.Drip{Bytes: 500, Every: 1},
	}).Name
	text, err := s.rawGet(t, path)
	if _, body := splitResponse(text); err != nil || body != whole[:len(whole)-7] {
		t.Errorf("downloaded %d of %d bytes, error %v", len(body), len(whole), err)
	}
	if head := s.send(t, "HEAD", path, nil).wantOK(t); head.header.Get("Content-Length") == "" || len(head.body) != 0 {
		t.Errorf("HEAD: %v", head.header)
	}
	must(t, s.Mock.RemoveFault(t.Context(), name))
	if again := s.get(t, path).wantOK(t); string(again.body) != whole {
		t.Error("without the fault the file differs")
	}
}

// Dropped headers are not added again by net/http.
func TestFault_DropsHeaders(t *testing.T) {
	t.Parallel()
	s := newServer(t).withoutCheck()
	whole := string(s.get(t, "/v1/vaults").wantOK(t).body)
	names := []string{"content-type", "Content-Length", "Date", "1password-connect-version"}
	s.addFault(t, controlapi.Fault{DropHeaders: names})
	c := s.rawConn(t, "/v1/vaults")
	defer c.Close()
	reply, err := http.ReadResponse(bufio.NewReader(c), nil)
	must(t, err)
	defer reply.Body.Close()
	for name := range reply.Header {
		t.Errorf("there is a header %s", name)
	}
	if body, err := io.ReadAll(reply.Body); err != nil || string(body) != whole {
		t.Errorf("read %d of %d bytes, error %v", len(body), len(whole), err)
	}
}

// The parts of a drip arrive one by one: the second is not sent before its time.
func TestFault_DripSendsInParts(t *testing.T) {
	t.Parallel()
	s := newServer(t).withoutCheck()
	s.addFault(t, controlapi.Fault{Drip: &controlapi.Drip{Bytes: 10, Every: controlapi.Duration(time.Hour)}})
	c := s.rawConn(t, "/v1/vaults")
	reader := bufio.NewReader(c)
	reply, err := http.ReadResponse(reader, nil)
	must(t, err)
	part := make([]byte, 10)
	if _, err := io.ReadFull(reply.Body, part); err != nil || !strings.HasPrefix(string(part), `[{"attr`) {
		t.Errorf("the first part is %q, error %v", part, err)
	}
	if reader.Buffered() > 0 {
		t.Error("more than a part arrived at once")
	}
	must(t, c.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
	if n, err := reader.Read(part); n > 0 || !errors.Is(err, syscall.ETIMEDOUT) && !isTimeout(err) {
		t.Errorf("then %q, error %v", part[:n], err)
	}
	c.Close() // so that the server can close
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
