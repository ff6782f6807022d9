package main

import (
	"syscall"
	"time"
)

// pause waits as long as asked for, to some 50 µs. time.Sleep would wait whole
// milliseconds where nothing else happens, and the latencies would be its own.
// It holds a processor of the Go runtime meanwhile; main asks for one more.
func pause(d time.Duration) {
	if d <= 0 {
		return
	}
	wait := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&wait, nil) // too short by a signal: the request goes early
}
