package main

import (
	"os"
	"os/signal"
	"slices"
	"syscall"
)

// stopSignals are the signals that end a command in order. SIGHUP comes when a
// terminal or a session ends; where it is ignored, as under nohup, it stays so.
func stopSignals(more ...os.Signal) []os.Signal {
	all := append([]os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}, more...)
	return slices.DeleteFunc(all, func(s os.Signal) bool { return s == syscall.SIGHUP && signal.Ignored(s) })
}

// discardHangups makes further SIGHUPs do nothing. To ignore them would make
// commands that are started later ignore them too.
func discardHangups() {
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
}
