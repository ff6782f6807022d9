package items

import (
	"slices"
	"strings"
)

// The field types this package treats in a way of their own.
const (
	addressType = "ADDRESS"
	dateType    = "DATE"
	monthType   = "MONTH_YEAR"
	otpType     = "OTP"
	sshKeyType  = "SSHKEY"
)

// FieldTypes are the types a field can have, as they are answered [R, C]. All
// of them are accepted too: clients send back what they were answered [W].
func FieldTypes() []string {
	return []string{
		"STRING", "EMAIL", "CONCEALED", "URL", otpType, dateType, monthType, "MENU",
		"PHONE", addressType, "REFERENCE", "CREDIT_CARD_TYPE", "CREDIT_CARD_NUMBER",
		"GENDER", sshKeyType, "FILE", "UNKNOWN",
	}
}

// fieldType is the type of a field: as it was sent, in upper case [R], or that
// of the purpose, or that of the standard field, or STRING [D]. A password is
// always concealed, notes never are: clients were seen to send a password as
// STRING [W], and apps know these fields by purpose [G]. ok is false for types
// a server does not know, TOTP among them [R].
func fieldType(sent, purpose string, standard *slot) (kind string, ok bool) {
	kind = strings.ToUpper(sent)
	if kind == "SSH_KEY" { // what the Go SDK's constant says [C]; what a server makes of it is not known [G]
		kind = sshKeyType
	}
	if kind != "" && !slices.Contains(FieldTypes(), kind) {
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
		return standard.kind, true
	}
	return "STRING", true
}
