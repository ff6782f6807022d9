package items

import (
	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/openapi/connect"
	"slices"
)

// The field types that this package handles specially.
const (
	addressType = "ADDRESS"
	dateType    = "DATE"
	monthType   = "MONTH_YEAR"
	otpType     = "OTP"
	sshKeyType  = "SSHKEY"
)

// fieldType returns the type of a field: the one that was sent, in upper case
// [R], or that of the purpose, or that of the standard field, or STRING [D]. All
// connect.FieldTypes are accepted: clients send back what they were sent [W]. A
// password is always concealed, notes never are: clients were seen to send a
// password as STRING [W], and apps know these fields by purpose [G]. ok is false
// for types that a server does not know, TOTP among them [R].
func fieldType(sent, purpose string, standard *connect.StandardField) (kind string, ok bool) {
	kind = ascii.ToUpper(sent)
	if kind == "SSH_KEY" { // what the Go SDK's constant says [C]; what a server makes of it is not known [G]
		kind = sshKeyType
	}
	if kind != "" && !slices.Contains(connect.FieldTypes(), kind) {
		return "", false
	}
	switch {
	case purpose == secret:
		return "CONCEALED", true
	case purpose == notes:
		return "STRING", true
	case kind != "":
		return kind, true
	case standard != nil:
		return standard.Type, true
	}
	return "STRING", true
}
