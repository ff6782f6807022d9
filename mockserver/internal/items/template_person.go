package items

import "slices"

// Standard fields of a person's papers and memberships.

// All but the name and work fields of the first section [G].
func identitySlots() []slot {
	return slices.Concat(
		in("name", "Identification",
			plain("firstname", "first name"), plain("initial", "initial"), plain("lastname", "last name"),
			menu("gender", "gender"), date("birthdate", "birth date"), plain("occupation", "occupation"),
			plain("company", "company"), plain("department", "department"), plain("jobtitle", "job title")),
		in("address", "Address",
			slot{id: "address", label: "address", kind: "ADDRESS"},
			phone("defphone", "default phone"), phone("homephone", "home"),
			phone("cellphone", "cell"), phone("busphone", "business")),
		in("internet", "Internet Details",
			plain("username", "username"), plain("reminderq", "reminder question"),
			plain("remindera", "reminder answer"), plain("email", "email"), plain("website", "website"),
			plain("icq", "ICQ"), plain("skype", "skype"), plain("aim", "AOL/AIM"), plain("yahoo", "Yahoo"),
			plain("msn", "MSN"), plain("forumsig", "forum signature")),
	)
}

// [G]
func passportSlots() []slot {
	return []slot{
		plain("type", "type"), plain("issuing_country", "issuing country"), plain("number", "number"),
		plain("fullname", "full name"), {id: "sex", label: "gender", kind: "GENDER"},
		plain("nationality", "nationality"), plain("issuing_authority", "issuing authority"),
		date("birthdate", "date of birth"), plain("birthplace", "place of birth"),
		date("issue_date", "issued on"), date("expiry_date", "expiry date"),
	}
}

// [G]
func driverLicenseSlots() []slot {
	return []slot{
		plain("fullname", "full name"), plain("address", "address"), date("birthdate", "date of birth"),
		{id: "sex", label: "gender", kind: "GENDER"}, plain("height", "height"), plain("number", "number"),
		plain("class", "license class"), plain("conditions", "conditions / restrictions"),
		plain("state", "state"), plain("country", "country"), month("expiry_date", "expiry date"),
	}
}

// [G]
func outdoorLicenseSlots() []slot {
	return []slot{
		plain("name", "full name"), date("valid_from", "valid from"), date("expires", "expires"),
		plain("game", "approved wildlife"), plain("quota", "maximum quota"),
		plain("state", "state"), plain("country", "country"),
	}
}

// The label of notes is confirmed, the others are not [G].
func medicalRecordSlots() []slot {
	return []slot{
		date("date", "date"), plain("location", "location"),
		plain("healthcareprofessional", "healthcare professional"), plain("patient", "patient"),
		plain("reason", "reason for visit"), plain("medication", "medication"),
		plain("dosage", "dosage"), plain("notes", "medication notes"),
	}
}

// [G]
func membershipSlots() []slot {
	return []slot{
		plain("org_name", "group"), link("website", "website"), phone("phone", "telephone"),
		plain("member_name", "member name"), month("member_since", "member since"),
		month("expiry_date", "expiry date"), plain("membership_no", "member ID"), concealed("pin", "password"),
	}
}

// [G]
func rewardProgramSlots() []slot {
	return slices.Concat(
		[]slot{
			plain("company_name", "company name"), plain("member_name", "member name"),
			plain("membership_no", "member ID"), concealed("pin", "PIN"),
		},
		in("extra", "More Information",
			plain("additional_no", "member ID (additional)"), month("member_since", "member since"),
			phone("customer_service_phone", "customer service phone"),
			phone("reservations_phone", "phone for reservations"), link("website", "website")),
	)
}

// The first six are confirmed, the sections are not [G].
func creditCardSlots() []slot {
	return slices.Concat(
		[]slot{
			plain("cardholder", "cardholder name"),
			{id: "type", label: "type", kind: "CREDIT_CARD_TYPE"},
			{id: "ccnum", label: "number", kind: "CREDIT_CARD_NUMBER"},
			concealed("cvv", "verification number"),
			month("expiry", "expiry date"), month("validFrom", "valid from"),
		},
		in("contactInfo", "Contact Information",
			plain("bank", "issuing bank"), phone("phoneLocal", "phone (local)"),
			phone("phoneTollFree", "phone (toll free)"), phone("phoneIntl", "phone (intl)"),
			link("website", "website")),
		in("details", "Additional Details",
			concealed("pin", "PIN"), plain("creditLimit", "credit limit"),
			plain("cashLimit", "cash withdrawal limit"), plain("interest", "interest rate"),
			plain("issuenumber", "issue number")),
	)
}

// [G]
func bankAccountSlots() []slot {
	return slices.Concat(
		[]slot{
			plain("bankName", "bank name"), plain("owner", "name on account"), menu("accountType", "type"),
			plain("routingNo", "routing number"), plain("accountNo", "account number"),
			plain("swift", "SWIFT"), plain("iban", "IBAN"), concealed("telephonePin", "PIN"),
		},
		in("branchInfo", "Branch Information",
			phone("branchPhone", "phone"), plain("branchAddress", "address")),
	)
}
