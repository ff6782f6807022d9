package backend

import (
	"fmt"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Errorf returns an error for whoever uses the control API, who can mend it. The message names what is wrong and what
// there is instead.
func Errorf(status int, format string, args ...any) error {
	return &controlapi.Error{Status: status, Message: fmt.Sprintf(format, args...)}
}

// ErrNotFound is the error for what the store does not have, as where an account was replaced during a request.
var ErrNotFound = store.ErrNotFound
