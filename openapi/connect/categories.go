package connect

import "slices"

// Categories returns all categories an item can have, in the order of the published document [D].
func Categories() []string {
	return []string{
		"LOGIN", "PASSWORD", "API_CREDENTIAL", "SERVER", "DATABASE", "CREDIT_CARD",
		"MEMBERSHIP", "PASSPORT", "SOFTWARE_LICENSE", "OUTDOOR_LICENSE",
		"SECURE_NOTE", "WIRELESS_ROUTER", "BANK_ACCOUNT", "DRIVER_LICENSE",
		"IDENTITY", "REWARD_PROGRAM", "DOCUMENT", "EMAIL_ACCOUNT",
		"SOCIAL_SECURITY_NUMBER", "MEDICAL_RECORD", "SSH_KEY", "CUSTOM",
	}
}

// CreatableCategories returns the categories that a client can create: all but CUSTOM and DOCUMENT [D], which are found
// in vaults all the same [R].
func CreatableCategories() []string {
	return slices.DeleteFunc(Categories(), func(c string) bool { return c == "DOCUMENT" || c == "CUSTOM" })
}

// FieldTypes returns the types a field of a response can have [R, C].
func FieldTypes() []string {
	return []string{
		"STRING", "EMAIL", "CONCEALED", "URL", "OTP", "DATE", "MONTH_YEAR", "MENU",
		"PHONE", "ADDRESS", "REFERENCE", "CREDIT_CARD_TYPE", "CREDIT_CARD_NUMBER",
		"GENDER", "SSHKEY", "FILE", "UNKNOWN",
	}
}

// The purposes a field can have [D].
const (
	PurposeUsername = "USERNAME"
	PurposePassword = "PASSWORD"
	PurposeNotes    = "NOTES"
)

// Purposes returns all purposes.
func Purposes() []string { return []string{PurposeUsername, PurposePassword, PurposeNotes} }

// CharacterSets returns the character sets a recipe can name [D].
func CharacterSets() []string { return []string{"LETTERS", "DIGITS", "SYMBOLS"} }
