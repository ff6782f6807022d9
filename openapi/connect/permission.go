package connect

import (
	"fmt"
	"strconv"
)

// Permission is a set of actions that a token allows in a vault, as the bits of the member "a" of a real token [R the
// values 48 and 496, G what each bit means]. The zero value allows nothing.
type Permission int

// The bits, and the sets they come in.
const (
	Reveal  Permission = 16
	View    Permission = 32
	Update  Permission = 64
	Create  Permission = 128
	Archive Permission = 256

	Read      = Reveal | View             // 48 [R]
	Write     = Update | Create | Archive // 448 [G: no recording of a write-only token]
	ReadWrite = Read | Write              // 496 [R]
)

// PermissionNames returns the names that ParsePermission accepts.
func PermissionNames() []string { return []string{Read.String(), Write.String(), ReadWrite.String()} }

// Has reports whether p contains all of want.
func (p Permission) Has(want Permission) bool { return p&want == want }

// String returns the name that ParsePermission accepts, or the number of a set without a name.
func (p Permission) String() string {
	switch p {
	case Read:
		return "read"
	case Write:
		return "write"
	case ReadWrite:
		return "read-write"
	}
	return strconv.Itoa(int(p))
}

// ParsePermission returns the permission with one of the three names.
func ParsePermission(name string) (Permission, error) {
	for _, p := range []Permission{Read, Write, ReadWrite} {
		if name == p.String() {
			return p, nil
		}
	}
	return 0, fmt.Errorf("unknown permission %q: must be read, write or read-write", name)
}
