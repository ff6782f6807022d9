package scenarios

import (
	"context"
	"errors"
	"net"
	"syscall"

	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// classify returns the failure that an error stands for.
func classify(err error) string {
	var network net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout():
		return language.FailureTimeout
	case errors.Is(err, exchange.ErrIncomplete):
		return language.FailureTruncated
	case errors.Is(err, syscall.ECONNREFUSED):
		return language.FailureRefused
	case errors.Is(err, syscall.ECONNRESET):
		return language.FailureReset
	}
	return language.FailureClosed
}

// isFailure reports whether the failure got is covered by the expected one.
func isFailure(want, got string) bool {
	return want == got || want == language.FailureAny && got != "" ||
		want == language.FailureClosed && got == language.FailureReset
}
