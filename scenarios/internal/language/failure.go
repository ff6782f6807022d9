package language

// The reasons for which a request gets no complete response.
const (
	FailureClosed    = "connection closed" // also where it was reset
	FailureReset     = "connection reset"
	FailureRefused   = "connection refused"
	FailureTruncated = "truncated"
	FailureTimeout   = "timeout"
	FailureAny       = "any"
)

// FailureTable returns the reasons for which a request gets no complete response, with their descriptions.
func FailureTable() []Member {
	return []Member{
		{Name: FailureClosed, About: "The server closed or reset the connection before the response was complete."},
		{Name: FailureReset, About: "The server reset the connection."},
		{Name: FailureRefused, About: "The server did not accept the connection."},
		{Name: FailureTruncated, About: "The response ended within its body."},
		{Name: FailureTimeout, About: "The response was not complete within the timeout of the step."},
		{Name: FailureAny, About: "Any of these."},
	}
}

// Failures returns the reasons for which a request gets no complete response, as expect.error names them.
func Failures() []string { return memberNames(FailureTable()) }
