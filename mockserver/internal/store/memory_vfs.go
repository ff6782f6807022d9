package store

import (
	"errors"
	"strconv"
	"sync"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	engine "modernc.org/sqlite/lib"
)

// memoryVFS is the name of the file system that the engine finds databases in memory in. The engine calls its
// functions with addresses of memory that is not Go's.
const memoryVFS = "connectmock-memory"

// openFile is what the engine keeps of an open file. It begins with the address of the file's functions.
type openFile struct {
	methods uintptr
	number  uint64 // of memoryFiles
}

// registerMemoryVFS makes the file system known to the engine. It takes the clock and random numbers from the engine's
// own one. It has no journals and no temporary files: dialect.setup keeps them in memory.
var registerMemoryVFS = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	name, err := libc.CString(memoryVFS)
	if err != nil {
		return err
	}
	systems := engine.Xsqlite3_vfs_find(tls, 0)
	vfs := libc.Xcalloc(tls, 1, types.Size_t(unsafe.Sizeof(engine.Tsqlite3_vfs{})))
	methods := libc.Xcalloc(tls, 1, types.Size_t(unsafe.Sizeof(engine.Tsqlite3_io_methods{})))
	if systems == 0 || vfs == 0 || methods == 0 {
		return errors.New("store: the engine has no memory for its file system")
	}
	*at[engine.Tsqlite3_io_methods](methods) = engine.Tsqlite3_io_methods{
		FiVersion: 1, FxClose: address(closeMemory), FxRead: address(readMemory), FxWrite: address(writeMemory),
		FxTruncate: address(truncateMemory), FxSync: address(ignoreFlags), FxFileSize: address(sizeOfMemory),
		FxLock: address(ignoreFlags), FxUnlock: address(ignoreFlags), FxCheckReservedLock: address(isMemoryReserved),
		FxFileControl: address(controlMemory), FxSectorSize: address(memorySectorSize),
		FxDeviceCharacteristics: address(memoryCharacteristics),
	}
	system := at[engine.Tsqlite3_vfs](systems)
	*at[engine.Tsqlite3_vfs](vfs) = engine.Tsqlite3_vfs{
		FiVersion: min(system.FiVersion, 2), FszOsFile: int32(unsafe.Sizeof(openFile{})), FmxPathname: system.FmxPathname,
		FzName: name, FpAppData: methods, FxOpen: address(openMemory), FxDelete: address(deleteMemory),
		FxAccess: address(existsInMemory), FxFullPathname: address(nameInMemory), FxRandomness: system.FxRandomness,
		FxSleep: system.FxSleep, FxCurrentTime: system.FxCurrentTime, FxGetLastError: system.FxGetLastError,
		FxCurrentTimeInt64: system.FxCurrentTimeInt64,
	}
	if code := engine.Xsqlite3_vfs_register(tls, vfs, 0); code != engine.SQLITE_OK {
		return errors.New("store: the engine refuses the file system for databases in memory: code " + strconv.Itoa(int(code)))
	}
	return nil
})

// at returns the value at an address of the engine.
func at[T any](address uintptr) *T {
	var size T
	return (*T)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(address, int(unsafe.Sizeof(size))))))
}

// address returns what the engine calls a function by. The function must not be a closure: nothing else keeps it alive.
func address[F any](function F) uintptr { return *(*uintptr)(unsafe.Pointer(&function)) }

// memoryFileAt returns the file that the engine has open at an address.
func memoryFileAt(file uintptr) *memoryFile { return findMemoryFile(at[openFile](file).number) }

func openMemory(_ *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32 {
	*at[openFile](file) = openFile{} // without functions: the engine does not close it
	if name == 0 {
		return engine.SQLITE_CANTOPEN
	}
	number, err := strconv.ParseUint(libc.GoString(name), 10, 64)
	if err != nil || findMemoryFile(number) == nil {
		return engine.SQLITE_CANTOPEN
	}
	*at[openFile](file) = openFile{methods: at[engine.Tsqlite3_vfs](vfs).FpAppData, number: number}
	if outFlags != 0 {
		*at[int32](outFlags) = flags
	}
	return engine.SQLITE_OK
}

// closeMemory does nothing: the file is there until the store is closed.
func closeMemory(_ *libc.TLS, _ uintptr) int32 { return engine.SQLITE_OK }

func readMemory(_ *libc.TLS, file, to uintptr, amount int32, offset int64) int32 {
	bytes := libc.GoBytes(to, int(amount))
	n := memoryFileAt(file).read(bytes, offset)
	clear(bytes[n:])
	if n < len(bytes) {
		return engine.SQLITE_IOERR_SHORT_READ
	}
	return engine.SQLITE_OK
}

func writeMemory(_ *libc.TLS, file, from uintptr, amount int32, offset int64) int32 {
	memoryFileAt(file).write(libc.GoBytes(from, int(amount)), offset)
	return engine.SQLITE_OK
}

func truncateMemory(_ *libc.TLS, file uintptr, size int64) int32 {
	memoryFileAt(file).truncate(size)
	return engine.SQLITE_OK
}

func sizeOfMemory(_ *libc.TLS, file, size uintptr) int32 {
	*at[int64](size) = memoryFileAt(file).size()
	return engine.SQLITE_OK
}

// ignoreFlags is for sync, lock and unlock: only one connection opens a file, and nothing is to survive the process.
func ignoreFlags(_ *libc.TLS, _ uintptr, _ int32) int32 { return engine.SQLITE_OK }

func isMemoryReserved(_ *libc.TLS, _, result uintptr) int32 {
	*at[int32](result) = 0
	return engine.SQLITE_OK
}

func controlMemory(_ *libc.TLS, _ uintptr, _ int32, _ uintptr) int32 { return engine.SQLITE_NOTFOUND }

func memorySectorSize(_ *libc.TLS, _ uintptr) int32 { return pageSize }

func memoryCharacteristics(_ *libc.TLS, _ uintptr) int32 {
	return engine.SQLITE_IOCAP_ATOMIC | engine.SQLITE_IOCAP_POWERSAFE_OVERWRITE | engine.SQLITE_IOCAP_SAFE_APPEND
}

func deleteMemory(_ *libc.TLS, _, _ uintptr, _ int32) int32 { return engine.SQLITE_IOERR_DELETE_NOENT }

// existsInMemory reports for each name that there is no file: it is asked for journals.
func existsInMemory(_ *libc.TLS, _, _ uintptr, _ int32, result uintptr) int32 {
	*at[int32](result) = 0
	return engine.SQLITE_OK
}

// nameInMemory returns names as they are.
func nameInMemory(_ *libc.TLS, _, name uintptr, size int32, full uintptr) int32 {
	text := append([]byte(libc.GoString(name)), 0)
	if len(text) > int(size) {
		return engine.SQLITE_CANTOPEN
	}
	copy(libc.GoBytes(full, int(size)), text)
	return engine.SQLITE_OK
}
