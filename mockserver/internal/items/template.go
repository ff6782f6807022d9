package items

import "github.com/connectmock/connectmock/openapi/connect"

// Purposes of fields. Only these three exist [D].
const (
	username = "USERNAME"
	secret   = "PASSWORD"
	notes    = "NOTES"
)

// A slot is a standard field of a category: it is on every item of it, empty
// where the client sent nothing [T for LOGIN, by create and by replace].
type slot struct {
	id, label, kind string
	purpose         string          // "" for most
	section         connect.Section // zero for most
	optional        bool            // only on items whose client sent it, by purpose
}

// meant says whether a client's field, with its purpose in upper case, is this
// standard field: by its purpose or by its id. A label alone says nothing [R js
// 108].
func (s slot) meant(f connect.FieldInput) bool {
	if f.Purpose != "" || s.optional {
		return s.purpose == f.Purpose
	}
	return s.id == f.ID
}

func plain(id, label string) slot     { return slot{id: id, label: label, kind: "STRING"} }
func concealed(id, label string) slot { return slot{id: id, label: label, kind: "CONCEALED"} }
func menu(id, label string) slot      { return slot{id: id, label: label, kind: "MENU"} }
func date(id, label string) slot      { return slot{id: id, label: label, kind: dateType} }
func month(id, label string) slot     { return slot{id: id, label: label, kind: monthType} }
func phone(id, label string) slot     { return slot{id: id, label: label, kind: "PHONE"} }
func link(id, label string) slot      { return slot{id: id, label: label, kind: "URL"} }
func mail(id, label string) slot      { return slot{id: id, label: label, kind: "EMAIL"} }

func usernameSlot() slot {
	return slot{id: "username", label: "username", kind: "STRING", purpose: username}
}

func passwordSlot() slot {
	return slot{id: "password", label: "password", kind: "CONCEALED", purpose: secret}
}

// Every category has notes [R].
func notesSlot() slot {
	return slot{id: "notesPlain", label: "notesPlain", kind: "STRING", purpose: notes}
}

// in puts slots into a section.
func in(id, label string, slots ...slot) []slot {
	for i := range slots {
		slots[i].section = connect.Section{ID: id, Label: label}
	}
	return slots
}

// template is the standard fields of a category, in the order they are
// answered: a LOGIN starts with its user name [T], a PASSWORD with its password
// [R python 34], the others with their notes [R SSH key of 2023]. A user name
// is let pass on a PASSWORD, as in the apps, and both on a CUSTOM item [G].
func template(category string) []slot {
	optionalUsername, optionalPassword := usernameSlot(), passwordSlot()
	optionalUsername.optional, optionalPassword.optional = true, true
	switch category {
	case login:
		return []slot{usernameSlot(), passwordSlot(), notesSlot()}
	case password:
		return []slot{optionalUsername, passwordSlot(), notesSlot()}
	case custom:
		return []slot{optionalUsername, optionalPassword, notesSlot()}
	}
	return append([]slot{notesSlot()}, particular(category)...)
}

// particular is what a category has besides notes. Ids without a tag are
// confirmed by clients [C steampipe, terraform]; fields marked [G] follow the
// item templates that 1Password's apps and exports show.
func particular(category string) []slot {
	switch category {
	case sshKey:
		return sshKeySlots()
	case "API_CREDENTIAL":
		return apiCredentialSlots()
	case "DATABASE":
		return databaseSlots()
	case "SERVER":
		return serverSlots()
	case "SOFTWARE_LICENSE":
		return softwareLicenseSlots()
	case "EMAIL_ACCOUNT":
		return emailAccountSlots()
	case "WIRELESS_ROUTER":
		return wirelessRouterSlots()
	case "CREDIT_CARD":
		return creditCardSlots()
	case "BANK_ACCOUNT":
		return bankAccountSlots()
	case "MEMBERSHIP":
		return membershipSlots()
	case "REWARD_PROGRAM":
		return rewardProgramSlots()
	case "IDENTITY":
		return identitySlots()
	case "PASSPORT":
		return passportSlots()
	case "DRIVER_LICENSE":
		return driverLicenseSlots()
	case "OUTDOOR_LICENSE":
		return outdoorLicenseSlots()
	case "SOCIAL_SECURITY_NUMBER":
		return []slot{plain("name", "name"), concealed("number", "number")} // [G]
	case "MEDICAL_RECORD":
		return medicalRecordSlots()
	}
	return nil // SECURE_NOTE and DOCUMENT have notes only
}
