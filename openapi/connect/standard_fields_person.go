package connect

import "slices"

// Standard fields of documents and memberships of a person.

// Fields other than those of name and work in the first section are guesses [G].
func identityFields() []StandardField {
	return slices.Concat(
		inSection("name", "Identification",
			textField("firstname", "first name"), textField("initial", "initial"), textField("lastname", "last name"),
			menuField("gender", "gender"), dateField("birthdate", "birth date"), textField("occupation", "occupation"),
			textField("company", "company"), textField("department", "department"), textField("jobtitle", "job title")),
		inSection("address", "Address",
			StandardField{ID: "address", Label: "address", Type: "ADDRESS"},
			phoneField("defphone", "default phone"), phoneField("homephone", "home"),
			phoneField("cellphone", "cell"), phoneField("busphone", "business")),
		inSection("internet", "Internet Details",
			textField("username", "username"), textField("reminderq", "reminder question"),
			textField("remindera", "reminder answer"), textField("email", "email"), textField("website", "website"),
			textField("icq", "ICQ"), textField("skype", "skype"), textField("aim", "AOL/AIM"),
			textField("yahoo", "Yahoo"), textField("msn", "MSN"), textField("forumsig", "forum signature")),
	)
}

// [G]
func passportFields() []StandardField {
	return []StandardField{
		textField("type", "type"), textField("issuing_country", "issuing country"), textField("number", "number"),
		textField("fullname", "full name"), {ID: "sex", Label: "gender", Type: "GENDER"},
		textField("nationality", "nationality"), textField("issuing_authority", "issuing authority"),
		dateField("birthdate", "date of birth"), textField("birthplace", "place of birth"),
		dateField("issue_date", "issued on"), dateField("expiry_date", "expiry date"),
	}
}

// [G]
func driverLicenseFields() []StandardField {
	return []StandardField{
		textField("fullname", "full name"), textField("address", "address"), dateField("birthdate", "date of birth"),
		{ID: "sex", Label: "gender", Type: "GENDER"}, textField("height", "height"), textField("number", "number"),
		textField("class", "license class"), textField("conditions", "conditions / restrictions"),
		textField("state", "state"), textField("country", "country"), monthField("expiry_date", "expiry date"),
	}
}

// [G]
func outdoorLicenseFields() []StandardField {
	return []StandardField{
		textField("name", "full name"), dateField("valid_from", "valid from"), dateField("expires", "expires"),
		textField("game", "approved wildlife"), textField("quota", "maximum quota"),
		textField("state", "state"), textField("country", "country"),
	}
}

// The label of notes is confirmed, the others are not [G].
func medicalRecordFields() []StandardField {
	return []StandardField{
		dateField("date", "date"), textField("location", "location"),
		textField("healthcareprofessional", "healthcare professional"), textField("patient", "patient"),
		textField("reason", "reason for visit"), textField("medication", "medication"),
		textField("dosage", "dosage"), textField("notes", "medication notes"),
	}
}

// [G]
func membershipFields() []StandardField {
	return []StandardField{
		textField("org_name", "group"), linkField("website", "website"), phoneField("phone", "telephone"),
		textField("member_name", "member name"), monthField("member_since", "member since"),
		monthField("expiry_date", "expiry date"), textField("membership_no", "member ID"),
		concealedField("pin", "password"),
	}
}

// [G]
func rewardProgramFields() []StandardField {
	return slices.Concat(
		[]StandardField{
			textField("company_name", "company name"), textField("member_name", "member name"),
			textField("membership_no", "member ID"), concealedField("pin", "PIN"),
		},
		inSection("extra", "More Information",
			textField("additional_no", "member ID (additional)"), monthField("member_since", "member since"),
			phoneField("customer_service_phone", "customer service phone"),
			phoneField("reservations_phone", "phone for reservations"), linkField("website", "website")),
	)
}

// The first six are confirmed, the sections are not [G].
func creditCardFields() []StandardField {
	return slices.Concat(
		[]StandardField{
			textField("cardholder", "cardholder name"),
			{ID: "type", Label: "type", Type: "CREDIT_CARD_TYPE"},
			{ID: "ccnum", Label: "number", Type: "CREDIT_CARD_NUMBER"},
			concealedField("cvv", "verification number"),
			monthField("expiry", "expiry date"), monthField("validFrom", "valid from"),
		},
		inSection("contactInfo", "Contact Information",
			textField("bank", "issuing bank"), phoneField("phoneLocal", "phone (local)"),
			phoneField("phoneTollFree", "phone (toll free)"), phoneField("phoneIntl", "phone (intl)"),
			linkField("website", "website")),
		inSection("details", "Additional Details",
			concealedField("pin", "PIN"), textField("creditLimit", "credit limit"),
			textField("cashLimit", "cash withdrawal limit"), textField("interest", "interest rate"),
			textField("issuenumber", "issue number")),
	)
}

// [G]
func bankAccountFields() []StandardField {
	return slices.Concat(
		[]StandardField{
			textField("bankName", "bank name"), textField("owner", "name on account"), menuField("accountType", "type"),
			textField("routingNo", "routing number"), textField("accountNo", "account number"),
			textField("swift", "SWIFT"), textField("iban", "IBAN"), concealedField("telephonePin", "PIN"),
		},
		inSection("branchInfo", "Branch Information",
			phoneField("branchPhone", "phone"), textField("branchAddress", "address")),
	)
}
