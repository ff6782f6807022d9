package check

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/connectmock/connectmock/internal/suite/cleanup"
)

// newItems are the items that a check created and that no request has found yet. Real
// servers find a new item up to seconds later [T]: until one request has found it, a 404
// means that it is too early, and the request is sent again. So no request is needed
// only to wait for an item.
type newItems []cleanup.Item

// expectSoon adds an item to those that will be found soon.
func (s *Session) expectSoon(it cleanup.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newItems = append(s.newItems, it)
}

// isNew reports whether a request is for an item that no request has found yet.
func (s *Session) isNew(r call.Request) bool {
	if r.Path["fileUuid"] != "" || !s.isOfRun(r) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.newItems, cleanup.Item{Vault: r.Path["vaultUuid"], ID: r.Path["itemUuid"]})
}

// isOfRun reports whether the token of a request is one that finds the items of the run.
func (s *Session) isOfRun(r call.Request) bool {
	value, replaced := r.Header["Authorization"]
	if !replaced {
		return true
	}
	token := strings.TrimPrefix(strings.Join(value, ""), "Bearer ")
	known := []string{s.Server.Token, s.Server.ReaderToken, s.Server.WriterToken}
	return token != "" && slices.Contains(known, token)
}

// sendToNew sends a request for an item until the server finds it, as long as the run
// waits for changes. It returns the last response.
func (s *Session) sendToNew(method, path string, r call.Request) (*Response, error) {
	const kind = "GetVaultItemById" // of the waits
	began := time.Now()
	for {
		waited := time.Since(began)
		limit, _ := s.Patience.limit(kind)
		res, err := s.send(method, path, r)
		switch {
		case err != nil:
			return res, err
		case res.Status != http.StatusNotFound:
			s.Patience.succeed(kind, waited)
		case waited >= limit:
			s.Patience.giveUp(kind, began)
		default:
			if err := sleep.For(s.Ctx, s.Patience.every); err != nil {
				return res, err
			}
			continue
		}
		s.found(r.Path["itemUuid"])
		return res, nil
	}
}

// found removes an item from those that no request has found yet.
func (s *Session) found(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newItems = slices.DeleteFunc(s.newItems, func(it cleanup.Item) bool { return it.ID == id })
}
