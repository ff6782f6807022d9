package backend

import (
	"fmt"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Errorf returns an error that a client of the control API can correct. The message says what is wrong and what to do.
func Errorf(status int, format string, args ...any) error {
	return &controlapi.Error{Status: status, Message: fmt.Sprintf(format, args...)}
}

// ErrNotFound is returned for data that the store does not have, such as that of an account which was replaced during
// the request.
var ErrNotFound = store.ErrNotFound
