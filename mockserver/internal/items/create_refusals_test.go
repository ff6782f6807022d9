package items_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

func TestCreate_RefusesInvalidItems(t *testing.T) {
	t.Parallel()
	const validator = `Validation: (validateVaultItem failed to Validate), Couldn't validate the item: "[ItemValidator] has found 1 errors, 0 warnings: \nErrors:{1. `
	tests := map[string]struct {
		body   string
		status int
		text   string // the whole message
	}{
		"no category":           {`{"title":"t"}`, 400, "Invalid item category"},
		"unknown category":      {`{"title":"t","category":"NOPE"}`, 400, "Invalid item category"},
		"lower category":        {`{"title":"t","category":"login"}`, 400, "Invalid item category"},
		"document":              {`{"title":"t","category":"DOCUMENT"}`, 400, "Validation: (Invalid item category), items of category DOCUMENT can't be created"},
		"custom":                {`{"title":"t","category":"CUSTOM"}`, 400, "Validation: (Invalid item category), items of category CUSTOM can't be created"},
		"name of another vault": {`{"title":"t","category":"LOGIN","vault":{"id":"Demo 2"}}`, 400, "Validation: (invalid request body), vault.id must be that of the path"},
		"other vault":           {`{"title":"t","category":"LOGIN","vault":{"id":"zzzzzzzzzzzzzzzzzzzzzzzzzz"}}`, 400, "Validation: (invalid request body), vault.id must be that of the path"},
		"totp": {`{"title":"t","category":"LOGIN","fields":[{"type":"totp","label":"x","value":"s3cret"}]}`, 400,
			validator + `details.sections[0].fields[0] has unsupported field type: totp}"`},
		"totp in a section": {`{"title":"t","category":"LOGIN","sections":[{"id":"s"}],"fields":[
			{"purpose":"USERNAME"},{"label":"a"},{"section":{"id":"s"},"type":"TOTP"}]}`, 400,
			validator + `details.sections[1].fields[0] has unsupported field type: totp}"`},
		"totp after a purpose": {`{"title":"t","category":"LOGIN","fields":[{"purpose":"USERNAME"},{"type":"TOTP"}]}`, 400,
			validator + `details.sections[0].fields[0] has unsupported field type: totp}"`},
		"totp in a section by label": {`{"title":"t","category":"LOGIN","sections":[{"id":"r","label":"R"},{"id":"s","label":"S"}],"fields":[
			{"section":{"label":"S"},"type":"TOTP"}]}`, 400,
			validator + `details.sections[2].fields[0] has unsupported field type: totp}"`},
		"totp in sections of their own": {`{"title":"t","category":"LOGIN","sections":[{"id":"s"}],"fields":[
			{"section":{"id":"u"}},{"section":{"id":"v"}},{"section":{"id":"v"},"type":"TOTP"}]}`, 400,
			validator + `details.sections[3].fields[1] has unsupported field type: totp}"`},
		"passkey": {`{"title":"t","category":"LOGIN","fields":[{"type":"PASSKEY","label":"x","value":"s3cret"}]}`, 400,
			validator + `details.sections[0].fields[0] has unsupported field type: passkey}"`},
		"types of other programs": {`{"title":"t","category":"LOGIN","fields":[{"type":"passkey"},{"type":"ssoLogin"},{"type":"s3cret"}]}`, 400,
			strings.Replace(validator, "found 1", "found 3", 1) + `details.sections[0].fields[0] has unsupported field type: passkey` +
				`2. details.sections[0].fields[1] has unsupported field type: ssologin3. details.sections[0].fields[2] has unsupported field type}"`},
		"unknown type": {`{"title":"t","category":"LOGIN","fields":[{"label":"x"},{"type":"s3cret"}]}`, 400,
			validator + `details.sections[0].fields[1] has unsupported field type}"`},
		"a type with a long s": {`{"title":"t","category":"LOGIN","fields":[{"type":"ſtring"}]}`, 400,
			validator + `details.sections[0].fields[0] has unsupported field type}"`},
		"two sections of one id": {`{"title":"t","category":"LOGIN","sections":[{"id":"s"},{"id":"s","label":"x"}]}`, 400,
			validator + `details.sections[2] has non-unique name}"`},
		"two fields of one id": {`{"title":"t","category":"SERVER","fields":[{"id":"a","value":"1"},{"id":"a"}]}`, 400,
			validator + `details.sections[0].fields[1] has non-unique name}"`},
		"a standard field twice": {`{"title":"t","category":"SERVER","fields":[{"id":"url"},{"id":"url"}]}`, 400,
			validator + `details.sections[0].fields[1] has non-unique name}"`},
		"two passwords": {`{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD"},{"purpose":"PASSWORD"}]}`, 400,
			`Logic: (Unable to parse Item), Validation: (too many "password" fields in Apply()), You can only use one "password" field.`},
		"a password by purpose and one by id": {`{"title":"t","category":"LOGIN","fields":[{"id":"x","purpose":"PASSWORD"},{"id":"password"}]}`, 400,
			`Logic: (Unable to parse Item), Validation: (too many "password" fields in Apply()), You can only use one "password" field.`},
		"purpose in a database": {`{"title":"t","category":"DATABASE","fields":[{"purpose":"PASSWORD"}]}`, 406,
			"Validation: (unacceptable field purpose), items of category DATABASE have no field of purpose PASSWORD"},
		"unknown purpose": {`{"title":"t","category":"LOGIN","fields":[{"purpose":"s3cret"}]}`, 400, "Validation: (invalid request body), fields[0].purpose must be one of USERNAME, PASSWORD, NOTES"},
		"month":           {`{"title":"t","category":"LOGIN","fields":[{"type":"MONTH_YEAR","value":"s3cret"}]}`, 400, "values for field type monthYear must be in YYYYMM or YYYY/MM format"},
		"date":            {`{"title":"t","category":"LOGIN","fields":[{"type":"DATE","value":"s3cret"}]}`, 400, "values for field type date must be in YYYY-MM-DD format or seconds since 1970"},
		"one-time":        {`{"title":"t","category":"LOGIN","fields":[{"type":"OTP","value":"s3cret!"}]}`, 400, "values for field type otp must be an otpauth:// URL or a base32 secret"},
		"too long":        {`{"title":"t","category":"LOGIN","fields":[{},{"generate":true,"recipe":{"length":65}}]}`, 400, "Validation: (invalid request body), fields[1].recipe.length must be between 1 and 64"},
		"too short":       {`{"title":"t","category":"LOGIN","fields":[{"generate":true,"recipe":{"length":-1}}]}`, 400, "Validation: (invalid request body), fields[0].recipe.length must be between 1 and 64"},
		"unknown set":     {`{"title":"t","category":"LOGIN","fields":[{"generate":true,"recipe":{"characterSets":["s3cret"]}}]}`, 400, "Validation: (invalid request body), fields[0].recipe.characterSets must be one of LETTERS, DIGITS, SYMBOLS each"},
		"set with a long s": {`{"title":"t","category":"LOGIN","fields":[{"generate":true,"recipe":{"characterSets":["digitſ"]}}]}`, 400,
			"Validation: (invalid request body), fields[0].recipe.characterSets must be one of LETTERS, DIGITS, SYMBOLS each"},
		"purpose with a long s": {`{"title":"t","category":"LOGIN","fields":[{"purpose":"noteſ"}]}`, 400,
			"Validation: (invalid request body), fields[0].purpose must be one of USERNAME, PASSWORD, NOTES"},
		"nothing to draw":  {`{"title":"t","category":"LOGIN","fields":[{"generate":true,"recipe":{"characterSets":["DIGITS"],"excludeCharacters":"0123456789"}}]}`, 400, "Validation: (invalid request body), fields[0].recipe.excludeCharacters must leave characters to choose from"},
		"generated a date": {`{"title":"t","category":"LOGIN","fields":[{"type":"DATE","generate":true}]}`, 400, "values for field type date must be in YYYY-MM-DD format or seconds since 1970"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := items.Create(body(t, tt.body), vault(), options())
			wantError(t, err, tt.status, tt.text)
		})
	}
}

func TestCreate_ListsAtMostTenFindings(t *testing.T) {
	t.Parallel()
	in := connect.ItemInput{Title: "t", Category: "LOGIN"}
	for range 12 {
		in.Fields = append(in.Fields, connect.FieldInput{Type: "x"})
	}
	_, err := items.Create(in, vault(), options())
	if err == nil || !strings.Contains(err.Error(), "has found 10 errors") {
		t.Errorf("Create = %v, want ten findings", err)
	}
}

// wantError checks that err is a *connect.Error with that status and message, and that the message has nothing of a
// value that was sent.
func wantError(t *testing.T, err error, status int, text string) {
	t.Helper()
	var checkAPIError *connect.Error
	if !errors.As(err, &checkAPIError) {
		t.Fatalf("error = %v, want a *connect.Error", err)
	}
	want := connect.Error{Status: status, Message: text, Evidence: checkAPIError.Evidence}
	if diff := cmp.Diff(want, *checkAPIError); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if strings.Contains(checkAPIError.Message, "s3cret") {
		t.Errorf("the message repeats a value that was sent: %s", checkAPIError.Message)
	}
}
