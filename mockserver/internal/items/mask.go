package items

import (
	"slices"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// maskedValue stands for a secret in a masked item. It does not show how long the secret is.
const maskedValue = "••••••••"

// IsSecret reports whether the value of a field is a secret: it is concealed in the apps, or of a type that they do not
// show.
func IsSecret(f connect.Field) bool {
	return f.Purpose == secret || slices.Contains([]string{"CONCEALED", otpType, sshKeyType, "UNKNOWN"}, f.Type)
}

// Masked returns an item with its secrets replaced: values, former passwords and one-time codes. It does not change
// the item that is passed in.
func Masked(it connect.Item) connect.Item {
	it.Fields = slices.Clone(it.Fields)
	for i := range it.Fields {
		f := &it.Fields[i]
		f.TOTP = ""
		if IsSecret(*f) && f.Value != "" {
			f.Value = maskedValue
		}
		if f.PasswordDetails != nil && len(f.PasswordDetails.History) > 0 {
			details := *f.PasswordDetails
			details.History = slices.Repeat([]string{maskedValue}, len(details.History))
			f.PasswordDetails = &details
		}
	}
	return it
}

// Code returns the one-time code that a field has at a time and for how many seconds it stays valid, rounded up. It is
// "" for a field without codes.
func Code(f connect.Field, now time.Time) (code string, seconds int) {
	it := connect.Item{Fields: []connect.Field{f}}
	if code = WithCodes(it, now).Fields[0].TOTP; code == "" {
		return "", 0
	}
	_, until := CodePeriod(it, now)
	return code, int((until.Sub(now) + time.Second - 1) / time.Second)
}
