package scenarios

// Failures are the ways in which a request gets no whole answer.
func Failures() []string {
	return []string{"connection closed", "connection reset", "connection refused", "truncated", "timeout", "any"}
}
