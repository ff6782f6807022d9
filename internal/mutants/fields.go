package mutants

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

func fieldDefects() []Mutant {
	return []Mutant{
		{"field-types-lower-case", "the types of fields are in lower case", Body, ofOne(), fields(func(f map[string]any) { f["type"] = strings.ToLower(text(f, "type")) })},
		{"field-types-missing", "fields have no type", Body, ofOne(), fields(without("type"))},
		{"field-types-all-string", "every field is a STRING", Body, ofOne(), fields(func(f map[string]any) { f["type"] = "STRING" })},
		{"field-ids-missing", "fields have no id", Body, ofOne(), fields(without("id"))},
		{"field-labels-missing", "fields have no label", Body, ofOne(), fields(without("label"))},
		{"field-purposes-missing", "fields have no purpose", Body, ofOne(), fields(without("purpose"))},
		{"field-section-without-label", "the section of a field is an id only", Body, ofOne(), fields(func(f map[string]any) {
			for _, s := range member(f, "section") {
				delete(s, "label")
			}
		})},
		{"field-section-missing", "fields do not say which section they are in", Body, ofOne(), fields(without("section"))},
		{"field-value-empty", "a field without a value has an empty one", Body, ofOne(), fields(func(f map[string]any) { otherwise(f, "value", "") })},
		{"field-value-null", "a field without a value has null for one", Body, ofOne(), fields(func(f map[string]any) { otherwise(f, "value", nil) })},
		{"field-entropy-missing", "a password has no entropy", Body, ofOne(), fields(without("entropy"))},
		{"concealed-values-masked", "concealed values are answered as stars", Body, ofOne(), fields(func(f map[string]any) {
			if text(f, "type") == "CONCEALED" && text(f, "value") != "" {
				f["value"] = "********"
			}
		})},
		{"concealed-values-missing", "concealed values are not answered", Body, at(getItem), fields(func(f map[string]any) {
			if text(f, "type") == "CONCEALED" {
				delete(f, "value")
			}
		})},
		{"values-trimmed", "values lose the spaces around them", Body, ofOne(), fields(func(f map[string]any) {
			if v := text(f, "value"); v != "" {
				f["value"] = strings.TrimSpace(v)
			}
		})},
		{"values-lose-letters", "values lose what is not ASCII", Body, ofOne(), fields(func(f map[string]any) {
			if v := text(f, "value"); v != "" {
				f["value"] = strings.Map(func(r rune) rune {
					if r > 127 {
						return '?'
					}
					return r
				}, v)
			}
		})},
		{"values-cut-at-255", "values are cut after 255 characters", Body, ofOne(), fields(func(f map[string]any) {
			if v := text(f, "value"); len(v) > 255 {
				f["value"] = v[:255]
			}
		})},
		{"values-lose-line-ends", "values lose their line ends", Body, ofOne(), fields(func(f map[string]any) {
			if v := text(f, "value"); v != "" {
				f["value"] = strings.ReplaceAll(v, "\n", " ")
			}
		})},
		{"fields-in-another-order", "the fields of an item come in reverse", Body, ofOne(), good(func(m map[string]any) {
			if all, is := m["fields"].([]any); is {
				slices.Reverse(all)
			}
		})},
		{"sections-missing", "an item does not list its sections", Body, ofOne(), good(without("sections"))},
		{"sections-without-label", "the sections of an item have no labels", Body, ofOne(), good(func(m map[string]any) {
			for _, s := range member(m, "sections") {
				delete(s, "label")
			}
		})},
		{"otp-is-totp", "a one-time password has the type TOTP", Body, ofOne(), fields(func(f map[string]any) {
			if text(f, "type") == "OTP" {
				f["type"] = "TOTP"
			}
		})},
		{"otp-without-code", "a one-time password comes without the code of the moment", Body, ofOne(), fields(without("totp"))},
		{"otp-code-made-up", "the code of a one-time password is always the same", Body, ofOne(), fields(func(f map[string]any) {
			if text(f, "totp") != "" {
				f["totp"] = "123456"
			}
		})},
		{"otp-code-is-a-number", "the code of a one-time password is a number", Body, ofOne(), fields(func(f map[string]any) {
			if n, err := strconv.Atoi(text(f, "totp")); err == nil {
				f["totp"] = n
			}
		})},
		{"otp-code-instead-of-seed", "the value of a one-time password is its code", Body, ofOne(), fields(func(f map[string]any) {
			if code := text(f, "totp"); code != "" {
				f["value"] = code
			}
		})},
		{"date-as-sent", "a date reads back as year, month and day", Body, ofOne(), fields(func(f map[string]any) {
			if seconds, err := strconv.ParseInt(text(f, "value"), 10, 64); err == nil && text(f, "type") == "DATE" {
				f["value"] = time.Unix(seconds, 0).UTC().Format(time.DateOnly)
			}
		})},
		{"date-in-milliseconds", "a date reads back in milliseconds", Body, ofOne(), fields(func(f map[string]any) {
			if text(f, "type") == "DATE" && text(f, "value") != "" {
				f["value"] = text(f, "value") + "000"
			}
		})},
		{"date-is-a-day-early", "a date reads back a day early", Body, ofOne(), fields(func(f map[string]any) {
			if seconds, err := strconv.ParseInt(text(f, "value"), 10, 64); err == nil && text(f, "type") == "DATE" {
				f["value"] = strconv.FormatInt(seconds-86400, 10)
			}
		})},
		{"month-and-year-swapped", "a month and year reads back with the month first", Body, ofOne(), fields(func(f map[string]any) {
			if v := strings.ReplaceAll(text(f, "value"), "/", ""); text(f, "type") == "MONTH_YEAR" && len(v) == 6 {
				f["value"] = v[4:] + v[:4]
			}
		})},
	}
}
