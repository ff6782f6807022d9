package scenarios

import (
	"context"
	"errors"
	"net"
	"syscall"

	"github.com/connectmock/connectmock/internal/exchange"
)

// The reasons for which a request gets no complete response.
const (
	failureClosed    = "connection closed" // also where it was reset
	failureReset     = "connection reset"
	failureRefused   = "connection refused"
	failureTruncated = "truncated"
	failureTimeout   = "timeout"
	failureAny       = "any"
)

// failureTable returns the reasons for which a request gets no complete response, with their descriptions.
func failureTable() []member {
	return []member{
		{name: failureClosed, about: "The server closed or reset the connection before the response was complete."},
		{name: failureReset, about: "The server reset the connection."},
		{name: failureRefused, about: "The server did not accept the connection."},
		{name: failureTruncated, about: "The response ended within its body."},
		{name: failureTimeout, about: "The response was not complete within the timeout of the step."},
		{name: failureAny, about: "Any of these."},
	}
}

// Failures returns the reasons for which a request gets no complete response, as expect.error names them.
func Failures() []string { return memberNames(failureTable()) }

// classify returns the failure that an error stands for.
func classify(err error) string {
	var network net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout():
		return failureTimeout
	case errors.Is(err, exchange.ErrIncomplete):
		return failureTruncated
	case errors.Is(err, syscall.ECONNREFUSED):
		return failureRefused
	case errors.Is(err, syscall.ECONNRESET):
		return failureReset
	}
	return failureClosed
}

// isFailure reports whether the failure got is covered by the expected one.
func isFailure(want, got string) bool {
	return want == got || want == failureAny && got != "" || want == failureClosed && got == failureReset
}
