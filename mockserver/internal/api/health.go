package api

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// getHeartbeat returns a full stop to everybody [D].
func getHeartbeat(*Handler, *call) (response, error) {
	return response{kind: textKind, body: []byte(".")}, nil
}

// getHealth returns 200 whatever the state [R]. A request with a valid bearer token initializes the server [D,
// changelog 1.1.0]; a token that is not valid is ignored.
func getHealth(h *Handler, c *call) (response, error) {
	if c.request.Header.Get("Authorization") != "" && !h.quirks.HealthTokenIgnored {
		if _, err := h.callerOf(c); err == nil {
			h.initialize(c)
		}
	}
	return jsonResponse(200, h.Health(c.syncFault() != ""))
}

// Health returns the body of /health. unreachable: a fault keeps 1Password from being reached.
func (h *Handler) Health(unreachable bool) connect.Health {
	return connect.Health{
		Name: "1Password Connect API", Version: h.options.Version, Dependencies: h.dependencies(unreachable),
	}
}

// dependencies returns the four of a recorded body [R connect 93]: before the first authenticated request as recorded,
// after it as they would read then [G]. What they say while 1Password is unreachable is a guess too [G].
func (h *Handler) dependencies(unreachable bool) []connect.Dependency {
	const notSynced = "Account data is not available because synchronization has not yet started"
	list := []connect.Dependency{
		{Service: "sqlite", Status: "ACTIVE", Message: "Connected to " + h.options.StoreName},
		{Service: "account_data", Status: "NOT_SYNCED", Message: notSynced},
		{Service: "sync", Status: "ACTIVE"},
		{Service: "1Password", Status: "UNINITIALIZED", Message: "Make a request with a valid bearer token to initialize"},
	}
	if h.backend.Initialized.Load() {
		list[1] = connect.Dependency{Service: "account_data", Status: "ACTIVE", Message: "Account data is synchronized"}
		list[3] = connect.Dependency{Service: "1Password", Status: "ACTIVE", Message: "Connected"}
	}
	if err := h.backend.CheckStore(); err != nil { // that /health says it, and how, is a guess [G]
		list[0] = connect.Dependency{Service: "sqlite", Status: "INACTIVE", Message: err.Error()}
	}
	if unreachable {
		const interrupted = "Synchronization with 1Password is interrupted"
		list[2] = connect.Dependency{Service: "sync", Status: "INACTIVE", Message: interrupted}
		list[3] = connect.Dependency{Service: "1Password", Status: "INACTIVE", Message: "1Password can't be reached"}
	}
	if h.quirks.NoAccountData {
		return slices.Delete(list, 1, 2)
	}
	return list
}
