package session

import (
	"crypto/subtle"
	"sync"
	"time"
)

// Session is a browser that has signed in.
type Session struct {
	CSRF string // every form has it

	mu      sync.Mutex
	used    time.Time
	streams int                  // event streams that are open
	notices []keptNotice         // oldest first
	codes   map[string]time.Time // until when one-time codes may be followed, by id of the item
}

// keptNotice is a notice that the next page shows.
type keptNotice struct {
	id string
	Notice
}

// Notice tells what a POST did. The next page shows it once.
type Notice struct {
	Text    string
	Ctl     string // the command that does the same
	Problem bool   // nothing was done

	// Secret is shown once, to be copied, with a name: the value of a new token.
	Secret, SecretName string
}

// codesTime is for how long a page shows new one-time codes after its secrets were asked for.
const codesTime = 10 * time.Minute

// AllowCodes lets the session follow the one-time codes of an item for a while.
func (s *Session) AllowCodes(item string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.codes == nil || len(s.codes) > maxNotices {
		s.codes = map[string]time.Time{}
	}
	s.codes[item] = time.Now().Add(codesTime)
}

// CanFollowCodes reports whether the session has asked for the secrets of an item a short time ago.
func (s *Session) CanFollowCodes(item string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Before(s.codes[item])
}

func (s *Session) lastUsed() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used
}

func (s *Session) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = time.Now()
}

// StartStream reports whether the session may have one more event stream. If so, the caller calls EndStream later.
func (s *Session) StartStream() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams == MaxStreams {
		return false
	}
	s.streams++
	return true
}

// EndStream ends one that StartStream allowed.
func (s *Session) EndStream() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams--
}

// IsCSRF reports whether a text is the CSRF token of the session.
func (s *Session) IsCSRF(text string) bool {
	return subtle.ConstantTimeCompare([]byte(s.CSRF), []byte(text)) == 1
}

// KeepNotice keeps a notice for the next page and returns the id to ask for it.
func (s *Session) KeepNotice(n Notice) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := keptNotice{NewSecret()[:8], n}
	if s.notices = append(s.notices, kept); len(s.notices) > maxNotices {
		s.notices = s.notices[1:]
	}
	return kept.id
}

// TakeNotice returns a notice and forgets it: each is shown once. It returns nil for an unknown id.
func (s *Session) TakeNotice(id string) *Notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, kept := range s.notices {
		if kept.id == id {
			s.notices = append(s.notices[:i:i], s.notices[i+1:]...)
			return &kept.Notice
		}
	}
	return nil
}
