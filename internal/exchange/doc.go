// Package exchange is what stands between a suite and the server under test: one
// RoundTripper through which every exchange goes. It names the operation,
// holds the answer to the document, counts it for coverage, keeps it for a
// report, and takes the secrets out of whatever is written.
//
// It knows HTTP and the document. It does not know what a suite asserts, how
// results are counted or written, and nothing of any particular server.
package exchange
