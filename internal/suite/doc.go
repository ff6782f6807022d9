// Package suite is what the contract suite and the scenarios share: it probes
// the target, runs cases with a limit on how many run at once, and keeps
// cleaning up after the run was interrupted.
//
// It does not know what a case asserts or how reports are written.
package suite
