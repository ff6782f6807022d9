// Package contract tests whether a server keeps the contract of the 1Password
// Connect API: the mock in the same process, a mock elsewhere, or a real Connect
// server with real secrets.
//
// The same rules can be run in three ways: Register puts them into a Ginkgo
// suite of your own, Run runs them without Ginkgo and returns a report, and the
// command line does the same for a URL.
//
// The package uses HTTP only and imports no server. It makes no assumption about
// what a server can do: it finds the capabilities, and skips a rule that needs a
// missing one. A skipped rule has a reason and does not count as passed.
package contract
