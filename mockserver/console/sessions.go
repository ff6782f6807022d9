package console

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	cookiePrefix  = "connectmock-console-" // the port follows: browsers send cookies to all ports of a host
	csrfField     = "csrf"
	linkParameter = "once"
)

// Limits of sessions.
const (
	maxSessions = 100
	maxIdle     = 24 * time.Hour
	maxNotices  = 20 // of a session, that no page has shown yet
	maxStreams  = 50 // of a session: each takes 80 KB and is sent what changes; browsers open six to one host
)

// sessions are the browsers that may use the console. Secrets are kept as their hashes.
type sessions struct {
	controlToken [sha256.Size]byte
	hasToken     bool

	mu      sync.Mutex
	link    [sha256.Size]byte
	hasLink bool // it was not used yet
	byHash  map[[sha256.Size]byte]*session
}

// session is a browser that has signed in.
type session struct {
	csrf string

	mu      sync.Mutex
	used    time.Time
	streams int                  // event streams that are open
	notices []keptNotice         // oldest first
	codes   map[string]time.Time // until when one-time codes may be followed, by id of the item
}

// keptNotice is a notice that the next page shows.
type keptNotice struct {
	id string
	notice
}

func newSessions(link, controlToken string) *sessions {
	return &sessions{
		link: sha256.Sum256([]byte(link)), hasLink: link != "",
		controlToken: sha256.Sum256([]byte(controlToken)), hasToken: controlToken != "",
		byHash: map[[sha256.Size]byte]*session{},
	}
}

// NewLink returns a random secret for Options.Link.
func NewLink() string { return randomText() }

// randomText returns a text that nobody can guess.
func randomText() string {
	var raw [24]byte
	_, _ = rand.Read(raw[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

// cookieName returns the name of the session's cookie for the host of a request.
func cookieName(r *http.Request) string {
	_, port, _ := net.SplitHostPort(r.Host)
	return cookiePrefix + port
}

// isEqual compares a text with a hash, in constant time.
func isEqual(hash [sha256.Size]byte, text string) bool {
	sum := sha256.Sum256([]byte(text))
	return subtle.ConstantTimeCompare(hash[:], sum[:]) == 1
}

// useLink reports whether a secret is that of the link, and makes the link invalid if it is.
func (s *sessions) useLink(secret string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.hasLink || !isEqual(s.link, secret) {
		return false
	}
	s.hasLink = false
	return true
}

// isToken reports whether a text is the control token.
func (s *sessions) isToken(text string) bool { return s.hasToken && isEqual(s.controlToken, text) }

// start starts a session and sets its cookie. If there are too many, the one that was not used for longest ends.
func (s *sessions) start(req *request) {
	secret := randomText()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byHash) >= maxSessions {
		s.endOldest()
	}
	s.byHash[sha256.Sum256([]byte(secret))] = &session{csrf: randomText(), used: time.Now()}
	setCookie(req, secret, 0)
}

// endOldest ends the session that was not used for longest. The caller holds the lock.
func (s *sessions) endOldest() {
	var oldest [sha256.Size]byte
	var used time.Time
	for hash, one := range s.byHash {
		if last := one.lastUsed(); used.IsZero() || last.Before(used) {
			oldest, used = hash, last
		}
	}
	delete(s.byHash, oldest)
}

// find returns the session of a request, nil if it has none.
func (s *sessions) find(r *http.Request) *session {
	cookie, err := r.Cookie(cookieName(r))
	if err != nil {
		return nil
	}
	hash := sha256.Sum256([]byte(cookie.Value))
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.byHash[hash]
	if found != nil && time.Since(found.lastUsed()) > maxIdle {
		delete(s.byHash, hash)
		return nil
	}
	if found != nil {
		found.touch()
	}
	return found
}

// end ends the session of a request.
func (s *sessions) end(req *request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, one := range s.byHash {
		if one == req.session {
			delete(s.byHash, hash)
		}
	}
	setCookie(req, "", -1)
}

// setCookie sets the session's cookie. maxAge is in seconds; 0: until the browser is closed, -1: delete it.
func setCookie(req *request, value string, maxAge int) {
	http.SetCookie(req.w, &http.Cookie{
		Name: cookieName(req.r), Value: value, Path: Mount + "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: req.r.TLS != nil,
	})
}

func (s *session) lastUsed() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used
}

func (s *session) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = time.Now()
}

// startStream reports whether the session may have one more event stream. If so, the caller calls endStream later.
func (s *session) startStream() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams == maxStreams {
		return false
	}
	s.streams++
	return true
}

func (s *session) endStream() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams--
}

// isCSRF reports whether a text is the CSRF token of the session.
func (s *session) isCSRF(text string) bool {
	return subtle.ConstantTimeCompare([]byte(s.csrf), []byte(text)) == 1
}

// keepNotice keeps a notice for the next page and returns the id to ask for it.
func (s *session) keepNotice(n notice) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := keptNotice{randomText()[:8], n}
	if s.notices = append(s.notices, kept); len(s.notices) > maxNotices {
		s.notices = s.notices[1:]
	}
	return kept.id
}

// takeNotice returns a notice and forgets it: each is shown once. It returns nil for an unknown id.
func (s *session) takeNotice(id string) *notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, kept := range s.notices {
		if kept.id == id {
			s.notices = append(s.notices[:i:i], s.notices[i+1:]...)
			return &kept.notice
		}
	}
	return nil
}
