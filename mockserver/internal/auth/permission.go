package auth

import "github.com/connectmock/connectmock/openapi/connect"

// Permission is a set of actions that a token allows in a vault.
type Permission = connect.Permission

// The permissions that tokens have and operations need.
const (
	Reveal  = connect.Reveal
	View    = connect.View
	Update  = connect.Update
	Create  = connect.Create
	Archive = connect.Archive

	Read      = connect.Read
	Write     = connect.Write
	ReadWrite = connect.ReadWrite
)

// ParsePermission returns the permission with one of the three names.
func ParsePermission(name string) (Permission, error) { return connect.ParsePermission(name) }
