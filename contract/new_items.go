package contract

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/sleep"
)

// newItems are the items that a check created and that no request has found yet. Real
// servers find a new item up to seconds later [T]: until one request has found it, a 404
// means that it is too early, and the request is sent again. So no request is needed
// only to wait for an item.
type newItems []createdItem

// expectSoon adds an item to those that will be found soon.
func (s *session) expectSoon(it createdItem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newItems = append(s.newItems, it)
}

// isNew reports whether a request is for an item that no request has found yet.
func (s *session) isNew(r request) bool {
	if r.path["fileUuid"] != "" || !s.isOfRun(r) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.newItems, createdItem{Vault: r.path["vaultUuid"], ID: r.path["itemUuid"]})
}

// isOfRun reports whether the token of a request is one that finds the items of the run.
func (s *session) isOfRun(r request) bool {
	value, replaced := r.header["Authorization"]
	if !replaced {
		return true
	}
	token := strings.TrimPrefix(strings.Join(value, ""), "Bearer ")
	known := []string{s.server.token, s.server.readerToken, s.server.writerToken}
	return token != "" && slices.Contains(known, token)
}

// sendToNew sends a request for an item until the server finds it, as long as the run
// waits for changes. It returns the last response.
func (s *session) sendToNew(method, path string, r request) (*response, error) {
	const kind = "GetVaultItemById" // of the waits
	began := time.Now()
	for {
		waited := time.Since(began)
		limit, _ := s.patience.limit(kind)
		res, err := s.send(method, path, r)
		switch {
		case err != nil:
			return res, err
		case res.Status != http.StatusNotFound:
			s.patience.succeed(kind, waited)
		case waited >= limit:
			s.patience.giveUp(kind, began)
		default:
			if err := sleep.For(s.ctx, s.patience.every); err != nil {
				return res, err
			}
			continue
		}
		s.found(r.path["itemUuid"])
		return res, nil
	}
}

// found removes an item from those that no request has found yet.
func (s *session) found(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newItems = slices.DeleteFunc(s.newItems, func(it createdItem) bool { return it.ID == id })
}
