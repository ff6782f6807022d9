// Package suite is the engine of the contract suite and of the scenarios: it probes
// the target, lists its capabilities, runs cases with a limit on how many run at
// once, and cleans up after an interrupted run.
//
// It does not know what a case asserts or how reports are written.
package suite
