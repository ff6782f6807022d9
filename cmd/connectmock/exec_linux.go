package main

import (
	"os/exec"
	"runtime"
	"syscall"
)

// endWithParent makes a command get SIGTERM when this process ends, also by
// kill -9. The system takes the end of the thread that started it for the end
// of the process, so the caller must start the command after this and call
// release when it has ended: until then its thread stays.
func endWithParent(command *exec.Cmd) (release func()) {
	runtime.LockOSThread()
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	return runtime.UnlockOSThread
}
