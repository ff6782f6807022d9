package api

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// heartbeat answers a full stop to everybody [D].
func heartbeat(*Handler, *exchange) (reply, error) {
	return reply{kind: textKind, body: []byte(".")}, nil
}

// health answers 200 whatever the state [R]. A good bearer token on it wakes
// the server [D, changelog 1.1.0]; a bad one is ignored.
func health(s *Handler, x *exchange) (reply, error) {
	if authorization := x.request.Header.Get("Authorization"); authorization != "" && !s.quirks.HealthTokenIgnored {
		if _, err := s.backend.Auth.Authenticate(x.context(), authorization); err == nil {
			s.wake(x)
		}
	}
	return jsonReply(200, connect.Health{
		Name: "1Password Connect API", Version: s.version, Dependencies: s.dependencies(x.heldBack() != ""),
	})
}

// dependencies are the four of a recorded body [R connect 93], before the first
// authenticated request as recorded, after it as they would read then [G]. What
// they say while 1Password is out of reach is a guess too [G].
func (s *Handler) dependencies(cutOff bool) []connect.Dependency {
	list := []connect.Dependency{
		{Service: "sqlite", Status: "ACTIVE", Message: "Connected to " + s.storeName},
		{Service: "account_data", Status: "NOT_SYNCED", Message: "Account data is not available because synchronization has not yet started"},
		{Service: "sync", Status: "ACTIVE"},
		{Service: "1Password", Status: "UNINITIALIZED", Message: "Make a request with a valid bearer token to initialize"},
	}
	if s.backend.Initialized.Load() {
		list[1] = connect.Dependency{Service: "account_data", Status: "ACTIVE", Message: "Account data is synchronized"}
		list[3] = connect.Dependency{Service: "1Password", Status: "ACTIVE", Message: "Connected"}
	}
	if err := s.backend.Store.Check(); err != nil { // that it is told here, and how, is a guess [G]
		list[0] = connect.Dependency{Service: "sqlite", Status: "INACTIVE", Message: err.Error()}
	}
	if cutOff {
		list[2] = connect.Dependency{Service: "sync", Status: "INACTIVE", Message: "Synchronization with 1Password is interrupted"}
		list[3] = connect.Dependency{Service: "1Password", Status: "INACTIVE", Message: "1Password can't be reached"}
	}
	if s.quirks.NoAccountData {
		return slices.Delete(list, 1, 2)
	}
	return list
}
