package check

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/connectmock/connectmock/openapi/connect"
)

// WaitForItem reads an item until is returns true for it, and returns it. wanted
// says what is missing until then.
func (s *Session) WaitForItem(id, wanted string, is func(connect.Item) bool) (it connect.Item) {
	s.Eventually(func() error {
		res := s.Do("GetVaultItemById", call.Item(id))
		if res.Status != 200 {
			return fmt.Errorf("the item returns %d", res.Status)
		}
		if it = res.Item(); !is(it) {
			return fmt.Errorf("the item does not have %s; its version is %d", wanted, it.Version)
		}
		return nil
	})
	return it
}

// WaitForVersionAfter waits until an item has a version after the given one and
// returns it.
func (s *Session) WaitForVersionAfter(id string, version int) connect.Item {
	return s.WaitForItem(id, fmt.Sprintf("a version after %d", version),
		func(it connect.Item) bool { return it.Version > version })
}

// WaitForNewItem waits until a new item can be read and returns it.
func (s *Session) WaitForNewItem(id string) connect.Item {
	return s.WaitForItem(id, "itself", func(it connect.Item) bool { return it.ID == id })
}

// ExpectFound waits until a filter finds exactly the items with these titles.
func (s *Session) ExpectFound(filter string, wanted ...string) {
	slices.Sort(wanted)
	s.Eventually(func() error {
		if got := SortedTitles(s.FindItems(filter)); !slices.Equal(got, wanted) {
			return fmt.Errorf("filter %s finds %q, expected %q", filter, got, wanted)
		}
		return nil
	})
}

// WaitForDeletion waits until an item does not exist.
func (s *Session) WaitForDeletion(id string) {
	s.Eventually(func() error {
		if res := s.Do("GetVaultItemById", call.Item(id)); res.Status != http.StatusNotFound {
			return fmt.Errorf("the deleted item %s returns %d", id, res.Status)
		}
		return nil
	})
}

// Eventually calls look until it returns nil. The check fails if it does not within
// Patience.Within, or less if the run has learnt that this server is faster: real servers
// show a change up to seconds later. The last call begins when that time is over,
// however long the calls before it took.
func (s *Session) Eventually(look func() error) {
	began := time.Now()
	kind := "" // unknown before the first look
	for {
		waited := time.Since(began)
		limit, reason := s.Patience.limit(kind)
		err := look()
		kind = s.newestOperation()
		switch {
		case err == nil:
			s.Patience.succeed(kind, waited)
			return
		case waited >= limit:
			s.Patience.giveUp(kind, began)
			if reason != "" {
				reason = " (" + reason + ")"
			}
			s.Fail("not within %s%s: %v", limit, reason, err)
		}
		if err := sleep.For(s.Ctx, s.Patience.every); err != nil {
			Abort(err)
		}
	}
}

// newestOperation returns the operation of the last response, "" if there is none.
func (s *Session) newestOperation() string {
	if newest := s.newestResponses(); len(newest) > 0 {
		return newest[0].operation
	}
	return ""
}
