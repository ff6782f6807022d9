package subprocess

import (
	"os/exec"
	"runtime"
	"syscall"
)

// EndWithParent makes a command get SIGTERM when this process ends, also by
// kill -9. The system watches the thread that started the command, so the caller
// must start it after this call, and call release when it has ended: until then
// the thread stays.
func EndWithParent(command *exec.Cmd) (release func()) {
	runtime.LockOSThread()
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	return runtime.UnlockOSThread
}
