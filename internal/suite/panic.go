package suite

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// Guard calls f and returns its error, or an error if f panics. A bug in one case so
// ends that case, not the run.
func Guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = PanicError(p)
		}
	}()
	return f()
}

// PanicError returns the error for a recovered panic, with the place of the panic. It
// must be called by the deferred function that recovers.
func PanicError(value any) error {
	return fmt.Errorf("this is a bug of the suite: %v, at %s", value, panicLocation())
}

// panicLocation returns the file and the line of the panic that is being recovered.
func panicLocation() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	panicked := false
	for {
		f, more := frames.Next()
		switch inRuntime := strings.HasPrefix(f.Function, "runtime."); {
		case inRuntime:
			panicked = true
		case panicked:
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
