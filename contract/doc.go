// Package contract tests whether a server keeps the contract of the 1Password
// Connect API: the mock in the same process, a mock elsewhere, or a real Connect
// server with real secrets.
//
// There are three ways to run the rules: Register adds them to your own Ginkgo
// suite, Run runs them without Ginkgo and returns a report, and the command line
// does the same for a URL.
//
// The package uses HTTP only and imports no server. It does not assume what a
// server can do: it looks for the capabilities of the target and skips each rule
// that needs a missing one. A skipped rule has a reason and is not counted as passed.
package contract
