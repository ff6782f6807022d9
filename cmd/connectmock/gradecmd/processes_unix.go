//go:build unix

package gradecmd

import (
	"os/exec"
	"syscall"
)

// groupProcesses makes a command start a process group, which the end of its context
// kills. Call end when the command has ended, to kill what it left behind.
func groupProcesses(command *exec.Cmd) (end func()) {
	if command.SysProcAttr == nil {
		command.SysProcAttr = &syscall.SysProcAttr{}
	}
	command.SysProcAttr.Setpgid = true
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	return func() { _ = command.Cancel() } // most often the group is empty
}
