// Package session keeps the browsers that have signed in to the console: their cookies, what the next page tells them,
// and how much they may follow. It knows no page.
package session

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

// CookiePrefix begins the names of the cookies. The port follows: browsers send cookies to all ports of a host.
const CookiePrefix = "connectmock-console-"

// Limits of sessions.
const (
	maxSessions = 100
	maxIdle     = 24 * time.Hour
	maxNotices  = 20 // of a session, that no page has shown yet
	MaxStreams  = 50 // of a session: each takes 80 KB and is sent what changes; browsers open six to one host
)

// Sessions are the browsers that may use the console. Secrets are kept as their hashes.
type Sessions struct {
	path         string // of the cookies
	controlToken [sha256.Size]byte
	HasToken     bool // the control token signs in

	mu      sync.Mutex
	link    [sha256.Size]byte
	hasLink bool // it was not used yet
	byHash  map[[sha256.Size]byte]*Session
}

// New returns no sessions yet. link is a secret that opens one once, controlToken one that opens as many as needed; an
// empty one opens none. path is that of the cookies.
func New(link, controlToken, path string) *Sessions {
	return &Sessions{
		path: path,
		link: sha256.Sum256([]byte(link)), hasLink: link != "",
		controlToken: sha256.Sum256([]byte(controlToken)), HasToken: controlToken != "",
		byHash: map[[sha256.Size]byte]*Session{},
	}
}

// NewSecret returns a text that nobody can guess.
func NewSecret() string {
	var raw [24]byte
	_, _ = rand.Read(raw[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

// cookieName returns the name of the session's cookie for the host of a request.
func cookieName(r *http.Request) string {
	_, port, _ := net.SplitHostPort(r.Host)
	return CookiePrefix + port
}

// isEqual compares a text with a hash, in constant time.
func isEqual(hash [sha256.Size]byte, text string) bool {
	sum := sha256.Sum256([]byte(text))
	return subtle.ConstantTimeCompare(hash[:], sum[:]) == 1
}

// UseLink reports whether a secret is that of the link, and makes the link invalid if it is.
func (s *Sessions) UseLink(secret string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.hasLink || !isEqual(s.link, secret) {
		return false
	}
	s.hasLink = false
	return true
}

// IsToken reports whether a text is the control token.
func (s *Sessions) IsToken(text string) bool { return s.HasToken && isEqual(s.controlToken, text) }

// Start starts a session and sets its cookie. If there are too many, the one that was not used for longest ends.
func (s *Sessions) Start(w http.ResponseWriter, r *http.Request) {
	secret := NewSecret()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byHash) >= maxSessions {
		s.endOldest()
	}
	s.byHash[sha256.Sum256([]byte(secret))] = &Session{CSRF: NewSecret(), used: time.Now()}
	s.setCookie(w, r, secret, 0)
}

// endOldest ends the session that was not used for longest. The caller holds the lock.
func (s *Sessions) endOldest() {
	var oldest [sha256.Size]byte
	var used time.Time
	for hash, one := range s.byHash {
		if last := one.lastUsed(); used.IsZero() || last.Before(used) {
			oldest, used = hash, last
		}
	}
	delete(s.byHash, oldest)
}

// Find returns the session of a request, nil if it has none.
func (s *Sessions) Find(r *http.Request) *Session {
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

// End ends a session, which is that of the request.
func (s *Sessions) End(w http.ResponseWriter, r *http.Request, session *Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, one := range s.byHash {
		if one == session {
			delete(s.byHash, hash)
		}
	}
	s.setCookie(w, r, "", -1)
}

// setCookie sets the session's cookie. maxAge is in seconds; 0: until the browser is closed, -1: delete it.
func (s *Sessions) setCookie(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(r), Value: value, Path: s.path, MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
}
