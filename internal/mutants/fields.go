package mutants

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// fieldMutants returns servers with mistakes in the fields of items.
func fieldMutants() []Mutant {
	return []Mutant{
		{"field-types-lower-case", "the types of fields are in lower case", Body, singleItemOperations(),
			changeFields(func(f map[string]any) { f["type"] = strings.ToLower(textMember(f, "type")) })},
		{"field-types-missing", "fields have no type", Body, singleItemOperations(), changeFields(removeMember("type"))},
		{"field-types-all-string", "every field is a STRING", Body, singleItemOperations(),
			changeFields(func(f map[string]any) { f["type"] = "STRING" })},
		{"field-ids-missing", "fields have no id", Body, singleItemOperations(), changeFields(removeMember("id"))},
		{"field-labels-missing", "fields have no label", Body, singleItemOperations(), changeFields(removeMember("label"))},
		{"field-purposes-missing", "fields have no purpose", Body, singleItemOperations(),
			changeFields(removeMember("purpose"))},
		{"field-section-without-label", "the section of a field has only an id", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				for _, s := range memberObjects(f, "section") {
					delete(s, "label")
				}
			})},
		{"field-section-missing", "fields have no section", Body, singleItemOperations(),
			changeFields(removeMember("section"))},
		{"field-section-of-user-name-missing", "a user name has no section", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if textMember(f, "purpose") == "USERNAME" {
					delete(f, "section")
				}
			})},
		{"field-value-empty", "a field without a value has an empty string", Body, singleItemOperations(),
			changeFields(func(f map[string]any) { setDefault(f, "value", "") })},
		{"field-value-null", "a field without a value has null", Body, singleItemOperations(),
			changeFields(func(f map[string]any) { setDefault(f, "value", nil) })},
		{"field-entropy-missing", "a password has no entropy", Body, singleItemOperations(),
			changeFields(removeMember("entropy"))},
		{"concealed-values-masked", "concealed values are asterisks", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if textMember(f, "type") == "CONCEALED" && textMember(f, "value") != "" {
					f["value"] = "********"
				}
			})},
		{"concealed-values-missing", "concealed values are missing", Body, operations(getItem),
			changeFields(func(f map[string]any) {
				if textMember(f, "type") == "CONCEALED" {
					delete(f, "value")
				}
			})},
		{"values-trimmed", "spaces around values are removed", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if v := textMember(f, "value"); v != "" {
					f["value"] = strings.TrimSpace(v)
				}
			})},
		{"values-lose-letters", "letters outside ASCII are removed from values", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if v := textMember(f, "value"); v != "" {
					f["value"] = strings.Map(func(r rune) rune {
						if r > 127 {
							return '?'
						}
						return r
					}, v)
				}
			})},
		{"values-cut-at-255", "values are truncated after 255 characters", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if v := textMember(f, "value"); len(v) > 255 {
					f["value"] = v[:255]
				}
			})},
		{"values-lose-line-ends", "line ends are removed from values", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if v := textMember(f, "value"); v != "" {
					f["value"] = strings.ReplaceAll(v, "\n", " ")
				}
			})},
		{"fields-in-another-order", "the fields of an item are in reverse order", Body, singleItemOperations(),
			changeObjects(func(m map[string]any) {
				if all, is := m["fields"].([]any); is {
					slices.Reverse(all)
				}
			})},
		{"sections-missing", "an item has no sections", Body, singleItemOperations(),
			changeObjects(removeMember("sections"))},
		{"sections-without-label", "the sections of an item have no labels", Body, singleItemOperations(),
			changeObjects(func(m map[string]any) {
				for _, s := range memberObjects(m, "sections") {
					delete(s, "label")
				}
			})},
		{"section-without-label-stays", "a section without a label does not get that of a field", Write, operations(createItem),
			changeSentObjects(func(it map[string]any) {
				for _, s := range memberObjects(it, "sections") {
					if textMember(s, "label") != "" {
						continue
					}
					for _, f := range memberObjects(it, "fields") {
						for _, of := range memberObjects(f, "section") {
							delete(of, "label")
						}
					}
				}
			})},
		{"otp-is-totp", "a one-time password has the type TOTP", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if textMember(f, "type") == "OTP" {
					f["type"] = "TOTP"
				}
			})},
		{"otp-id-without-prefix", "the ids of one-time passwords do not begin with TOTP_", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if textMember(f, "type") == "OTP" {
					f["id"] = strings.TrimPrefix(textMember(f, "id"), "TOTP_")
				}
			})},
		{"otp-without-code", "a one-time password has no current code", Body, singleItemOperations(),
			changeFields(removeMember("totp"))},
		{"otp-code-made-up", "the code of a one-time password is always the same", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if textMember(f, "totp") != "" {
					f["totp"] = "123456"
				}
			})},
		{"otp-code-is-a-number", "the code of a one-time password is a number", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if n, err := strconv.Atoi(textMember(f, "totp")); err == nil {
					f["totp"] = n
				}
			})},
		{"otp-without-secret-refused", "a one-time password without a secret is refused", Strict,
			operations(createItem, putItem), refuseIf(sendsObject(isOTPWithoutSecret), 400, "invalid one-time password")},
		{"otp-without-secret-has-code", "a one-time password without a secret has a code", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if isOTPWithoutSecret(f) {
					f["totp"] = "000000"
				}
			})},
		{"otp-code-instead-of-seed", "the value of a one-time password is its code", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if code := textMember(f, "totp"); code != "" {
					f["value"] = code
				}
			})},
		{"date-as-sent", "a date is returned as year, month and day", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if seconds, err := strconv.ParseInt(textMember(f, "value"), 10, 64); err == nil && textMember(f, "type") == "DATE" {
					f["value"] = time.Unix(seconds, 0).UTC().Format(time.DateOnly)
				}
			})},
		{"date-in-milliseconds", "a date is returned in milliseconds", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if textMember(f, "type") == "DATE" && textMember(f, "value") != "" {
					f["value"] = textMember(f, "value") + "000"
				}
			})},
		{"date-is-a-day-early", "a date is returned a day early", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if seconds, err := strconv.ParseInt(textMember(f, "value"), 10, 64); err == nil && textMember(f, "type") == "DATE" {
					f["value"] = strconv.FormatInt(seconds-86400, 10)
				}
			})},
		{"month-and-year-swapped", "a month and year is returned with the month first", Body, singleItemOperations(),
			changeFields(func(f map[string]any) {
				if v := strings.ReplaceAll(textMember(f, "value"), "/", ""); textMember(f, "type") == "MONTH_YEAR" && len(v) == 6 {
					f["value"] = v[4:] + v[:4]
				}
			})},
	}
}

// isOTPWithoutSecret reports whether a field is a one-time password whose URL has no
// secret.
func isOTPWithoutSecret(f map[string]any) bool {
	value := textMember(f, "value")
	return strings.HasPrefix(value, "otpauth://") && !strings.Contains(value, "secret=")
}
