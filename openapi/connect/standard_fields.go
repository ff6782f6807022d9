package connect

import (
	"slices"
	"sync"
)

// StandardField is a field that all items of a category have. Its value is empty if the client sent none [T for LOGIN,
// by create and by replace].
type StandardField struct {
	ID, Label, Type string
	Purpose         string  // one of Purposes; empty for most
	Section         Section // zero for most
	Optional        bool    // only in items whose client sent it by its purpose
}

// StandardFields returns the standard fields of a category, in the order of a response: a LOGIN starts with its user
// name [T], a PASSWORD with its password [R python 34], the others with their notes [R SSH key of 2023], which every
// category has [R]. A PASSWORD may have a user name, as in the apps, and a CUSTOM item both [G]. All callers get the
// same list: do not change it.
func StandardFields(category string) []StandardField {
	if fields, known := standardFields()[category]; known {
		return fields
	}
	return makeStandardFields(category)
}

// standardFields returns the standard fields of each category.
var standardFields = sync.OnceValue(func() map[string][]StandardField {
	fields := map[string][]StandardField{}
	for _, category := range Categories() {
		fields[category] = slices.Clip(makeStandardFields(category))
	}
	return fields
})

func makeStandardFields(category string) []StandardField {
	optionalUsername, optionalPassword := usernameField(), passwordField()
	optionalUsername.Optional, optionalPassword.Optional = true, true
	switch category {
	case "LOGIN":
		return []StandardField{usernameField(), passwordField(), notesField()}
	case "PASSWORD":
		return []StandardField{optionalUsername, passwordField(), notesField()}
	case "CUSTOM":
		return []StandardField{optionalUsername, optionalPassword, notesField()}
	}
	return append([]StandardField{notesField()}, categoryFields(category)...)
}

// categoryFields returns the fields of a category other than notes. Ids without a tag are confirmed by clients [C
// steampipe, terraform]; fields marked [G] follow the item templates that 1Password's apps and exports show.
func categoryFields(category string) []StandardField {
	switch category {
	case "SSH_KEY":
		return sshKeyFields()
	case "API_CREDENTIAL":
		return apiCredentialFields()
	case "DATABASE":
		return databaseFields()
	case "SERVER":
		return serverFields()
	case "SOFTWARE_LICENSE":
		return softwareLicenseFields()
	case "EMAIL_ACCOUNT":
		return emailAccountFields()
	case "WIRELESS_ROUTER":
		return wirelessRouterFields()
	case "CREDIT_CARD":
		return creditCardFields()
	case "BANK_ACCOUNT":
		return bankAccountFields()
	case "MEMBERSHIP":
		return membershipFields()
	case "REWARD_PROGRAM":
		return rewardProgramFields()
	case "IDENTITY":
		return identityFields()
	case "PASSPORT":
		return passportFields()
	case "DRIVER_LICENSE":
		return driverLicenseFields()
	case "OUTDOOR_LICENSE":
		return outdoorLicenseFields()
	case "SOCIAL_SECURITY_NUMBER":
		return []StandardField{textField("name", "name"), concealedField("number", "number")} // [G]
	case "MEDICAL_RECORD":
		return medicalRecordFields()
	}
	return nil // SECURE_NOTE and DOCUMENT have notes only
}

func usernameField() StandardField {
	return StandardField{ID: "username", Label: "username", Type: "STRING", Purpose: "USERNAME"}
}

func passwordField() StandardField {
	return StandardField{ID: "password", Label: "password", Type: "CONCEALED", Purpose: "PASSWORD"}
}

func notesField() StandardField {
	return StandardField{ID: "notesPlain", Label: "notesPlain", Type: "STRING", Purpose: "NOTES"}
}

func textField(id, label string) StandardField {
	return StandardField{ID: id, Label: label, Type: "STRING"}
}

func concealedField(id, label string) StandardField {
	return StandardField{ID: id, Label: label, Type: "CONCEALED"}
}

func menuField(id, label string) StandardField {
	return StandardField{ID: id, Label: label, Type: "MENU"}
}

func dateField(id, label string) StandardField {
	return StandardField{ID: id, Label: label, Type: "DATE"}
}

func monthField(id, label string) StandardField {
	return StandardField{ID: id, Label: label, Type: "MONTH_YEAR"}
}

func phoneField(id, label string) StandardField {
	return StandardField{ID: id, Label: label, Type: "PHONE"}
}

func linkField(id, label string) StandardField {
	return StandardField{ID: id, Label: label, Type: "URL"}
}

func mailField(id, label string) StandardField {
	return StandardField{ID: id, Label: label, Type: "EMAIL"}
}

// inSection sets the section of the fields.
func inSection(id, label string, fields ...StandardField) []StandardField {
	for i := range fields {
		fields[i].Section = Section{ID: id, Label: label}
	}
	return fields
}
