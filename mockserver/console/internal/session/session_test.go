package session

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// signIn starts a session and returns a request of its browser.
func signIn(s *Sessions) *http.Request {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8081/console/", nil)
	s.Start(w, r)
	r.AddCookie(w.Result().Cookies()[0])
	return r
}

func TestFind_EndsSessionsThatAreNotUsed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := New("", "word", "/console/")
		first := signIn(s)
		time.Sleep(time.Second)
		second := signIn(s)
		for range maxSessions - 2 {
			time.Sleep(time.Second)
			signIn(s)
		}
		if s.Find(first) == nil { // which uses it
			t.Fatal("the first session has ended too early")
		}
		signIn(s)
		if s.Find(first) == nil || s.Find(second) != nil {
			t.Errorf("the first is open: %t, the second: %t", s.Find(first) != nil, s.Find(second) != nil)
		}
		w := httptest.NewRecorder()
		s.End(w, first, s.Find(first))
		if s.Find(first) != nil || w.Result().Cookies()[0].MaxAge >= 0 {
			t.Error("the session or its cookie has not ended")
		}
		idle := signIn(s)
		time.Sleep(maxIdle + time.Second)
		if s.Find(idle) != nil {
			t.Error("a session that was not used for a day is open")
		}
	})
}

func TestUseLink_WorksOnce(t *testing.T) {
	t.Parallel()
	s := New("secret", "", "/console/")
	if s.UseLink("") || s.UseLink("secre") || !s.UseLink("secret") || s.UseLink("secret") {
		t.Error("the link did not work once")
	}
	if s.IsToken("") || s.HasToken || New("", "", "/").UseLink("") {
		t.Error("an empty secret is accepted")
	}
}

func TestTakeNotice_ShowsTheNewestOnce(t *testing.T) {
	t.Parallel()
	s := &Session{}
	var ids []string
	for i := range maxNotices + 1 {
		ids = append(ids, s.KeepNotice(Notice{Text: strconv.Itoa(i)}))
	}
	last := s.TakeNotice(ids[maxNotices])
	if last == nil || last.Text != strconv.Itoa(maxNotices) || s.TakeNotice(ids[maxNotices]) != nil || s.TakeNotice(ids[0]) != nil {
		t.Errorf("the last notice is %+v", last)
	}
}

func TestStartStream_HasALimit(t *testing.T) {
	t.Parallel()
	s := &Session{}
	for range MaxStreams {
		if !s.StartStream() {
			t.Fatal("a stream within the limit is refused")
		}
	}
	if s.StartStream() {
		t.Error("a stream beyond the limit is allowed")
	}
	if s.EndStream(); !s.StartStream() {
		t.Error("no stream is allowed after one has ended")
	}
}
