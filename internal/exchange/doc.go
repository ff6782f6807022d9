// Package exchange records the HTTP exchanges of a suite with the server under test. One RoundTripper sends every
// request. It finds the operation, validates the response against the document, counts it for coverage, keeps the
// exchange for a report and redacts it.
//
// The package knows HTTP and the document. It does not know what a suite asserts, how results are counted or written,
// or anything about a particular server.
package exchange
