package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/report"
)

// assertionError says that the server did not meet an expectation. Any other error of a step is a mistake in the
// scenario, or a server that can't be reached.
type assertionError struct{ text string }

func (e *assertionError) Error() string { return e.text }

func assertionErrorf(format string, args ...any) error {
	return &assertionError{fmt.Sprintf(format, args...)}
}

// setVerdict sets the state of a result according to how the scenario ended.
func (s *scenarioRun) setVerdict(result *report.Result) {
	var unmet *assertionError
	var skip *skipError
	all := errors.Join(s.err, s.finallyErr)
	switch {
	case errors.As(s.err, &skip):
		result.State, result.Reason = report.Skip, skip.reason
	case errors.As(all, &unmet):
		result.State, result.Failure = report.Fail, all.Error()
	case all != nil:
		result.State, result.Reason = report.Error, all.Error()
	case s.stepsRun == 0:
		result.State = report.Skip
		result.Reason = "none of its steps can be run on this target; " + strings.Join(s.omissions, "; ")
	case len(s.omissions) > 0:
		result.State, result.Reason = report.Partial, strings.Join(s.omissions, "; ")
	default:
		result.State = report.Pass
	}
	if s.cleanUpErr != nil {
		if result.State != report.Fail {
			result.State = report.Error
		}
		result.Reason = strings.TrimPrefix(result.Reason+"; "+s.cleanUpErr.Error(), "; ")
	}
	if failed := new(stepError); errors.As(all, &failed) {
		result.Line = failed.line
	}
	if result.State == report.Fail || result.State == report.Error {
		result.Exchanges = s.exchanges
		for _, e := range s.curlExchanges {
			result.Curl = append(result.Curl, exchange.Curl(e))
		}
	}
}

// addExchange records an exchange for the report, which has the last hundred.
func (s *scenarioRun) addExchange(e *exchange.Exchange) {
	const maxExchanges = 100
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.exchanges) == maxExchanges {
		s.exchanges = slices.Delete(s.exchanges, 0, 1)
	}
	s.exchanges = append(s.exchanges, e)
}

func (s *scenarioRun) recordedExchanges() []*exchange.Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.exchanges)
}
