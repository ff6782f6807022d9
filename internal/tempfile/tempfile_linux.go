package tempfile

import (
	"crypto/rand"
	"errors"
	"os"
	"strconv"
	"syscall"
	"unsafe"
)

const (
	noName        = 0x400000 | syscall.O_DIRECTORY // O_TMPFILE
	atWorkingDir  = -100                           // AT_FDCWD
	followSymlink = 0x400                          // AT_SYMLINK_FOLLOW
)

// openUnnamed opens a file without a name, which some file systems do not support.
func openUnnamed(dir string) (*os.File, error) {
	return os.OpenFile(dir, os.O_RDWR|noName, 0o600)
}

// nameFile gives a file without a name its name, and replaces the file that has it.
func nameFile(f *os.File, name string) error {
	part := name + "." + rand.Text()
	from, err := syscall.BytePtrFromString("/proc/self/fd/" + strconv.Itoa(int(f.Fd())))
	if err != nil {
		return err
	}
	to, err := syscall.BytePtrFromString(part)
	if err != nil {
		return err
	}
	at := atWorkingDir
	if _, _, errno := syscall.Syscall6(syscall.SYS_LINKAT, uintptr(at), uintptr(unsafe.Pointer(from)),
		uintptr(at), uintptr(unsafe.Pointer(to)), followSymlink, 0); errno != 0 {
		return errors.Join(errors.ErrUnsupported, errno) // without /proc
	}
	if err := os.Rename(part, name); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}
