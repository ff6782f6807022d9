// Package contract holds any server of the 1Password Connect API to one
// contract: the mock in the same process, a mock elsewhere, or a real Connect
// server that keeps real secrets.
//
// The same rules can be run in three ways: Register puts them into a Ginkgo
// suite of your own, Run runs them without Ginkgo and returns a report, and the
// command line does the same for a URL.
//
// The package speaks HTTP only. It knows no server's code, and it never assumes
// what a server can do: capabilities are found, and a rule whose capabilities
// are missing is skipped with the reason, which is never a pass.
package contract
