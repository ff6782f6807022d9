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

// Failures returns the reasons for which a request gets no complete response, as expect.error names them.
func Failures() []string {
	return []string{failureClosed, failureReset, failureRefused, failureTruncated, failureTimeout, failureAny}
}

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
