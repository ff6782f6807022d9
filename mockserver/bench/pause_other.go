//go:build !linux

package main

import "time"

// pause waits as long as asked for, to a millisecond.
func pause(d time.Duration) { time.Sleep(d) }
