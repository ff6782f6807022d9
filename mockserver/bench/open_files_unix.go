//go:build unix

package main

import (
	"fmt"
	"syscall"
)

// manyFiles lets this process hold as many connections as the system allows.
func manyFiles() error {
	var may syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &may); err != nil {
		return err
	}
	const needed = 10_100
	if may.Max < needed {
		return fmt.Errorf("%d files may be open at most, %d are needed: raise the hard limit", may.Max, needed)
	}
	may.Cur = may.Max
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &may)
}
