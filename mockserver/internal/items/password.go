package items

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// maxHistoryBytes is how many bytes the former passwords of an item may have
// together [G]. One may be as large as a request, and each change of the password
// adds one.
const maxHistoryBytes = 64 << 10

// passwordDetails returns the details of a password: whether it was generated,
// and the passwords before it, newest first [D]; nil if there are none. generated
// says that this change generated it; was is the item before the change.
//
// The details stay while the value stays. A typed password has only a history
// [R, one recording; G that it has no strength].
func passwordDetails(f connect.Field, generated bool, was connect.Item, o Options) *connect.PasswordDetails {
	var old connect.Field
	if i := slices.IndexFunc(was.Fields, func(f connect.Field) bool { return f.Purpose == secret }); i >= 0 {
		old = was.Fields[i]
	}
	var d connect.PasswordDetails
	if old.PasswordDetails != nil {
		d = *old.PasswordDetails
	}
	if f.Value != old.Value {
		if !o.KeepHistory {
			d.History = formerPasswords(old.Value, d.History)
		}
		d = connect.PasswordDetails{History: d.History}
	}
	if generated {
		d = connect.PasswordDetails{Generated: true, History: d.History}
		setRating(&d, f.Entropy)
	}
	if !d.Generated && d.Entropy == 0 && d.Strength == "" && d.History == nil {
		return nil
	}
	return &d
}

// formerPasswords returns history with the password that was just replaced at its
// start. It drops the oldest ones at the end.
func formerPasswords(replaced string, history []string) []string {
	if replaced == "" {
		return history // there was no password
	}
	all := append([]string{replaced}, history...)
	all = all[:min(len(all), connect.MaxPasswordHistory)]
	size := 0
	for i, value := range all {
		if size += len(value); size > maxHistoryBytes {
			return slices.Clip(all[:i])
		}
	}
	return all
}

// SetPasswordDetails sets the details of a password to those of a fixture. It
// adds missing strength and entropy of a generated password.
func SetPasswordDetails(it *connect.Item, id string, d connect.PasswordDetails) {
	i := slices.IndexFunc(it.Fields, func(f connect.Field) bool { return f.ID == id })
	if i < 0 || it.Fields[i].Purpose != secret {
		return
	}
	f := &it.Fields[i]
	if has := f.PasswordDetails; has != nil {
		d.Generated = d.Generated || has.Generated
	}
	if d.Generated {
		setRating(&d, f.Entropy)
	}
	f.PasswordDetails = &d
}

// WithPasswordDetails returns fields in which all passwords have an entropy and a
// strength.
func WithPasswordDetails(fields []connect.Field) []connect.Field {
	fields = slices.Clone(fields)
	for i, f := range fields {
		if f.Purpose != secret || f.Value == "" {
			continue
		}
		var d connect.PasswordDetails
		if f.PasswordDetails != nil {
			d = *f.PasswordDetails
		}
		setRating(&d, f.Entropy)
		fields[i].PasswordDetails = &d
	}
	return fields
}

// WithoutPasswordDetails returns fields without the details of passwords.
func WithoutPasswordDetails(fields []connect.Field) []connect.Field {
	fields = slices.Clone(fields)
	for i := range fields {
		fields[i].PasswordDetails = nil
	}
	return fields
}

// setRating sets the entropy and the strength if they are missing.
func setRating(d *connect.PasswordDetails, entropy float64) {
	if d.Entropy == 0 {
		d.Entropy = int(entropy) // the integer part [D]
	}
	if d.Strength == "" {
		d.Strength = strength(float64(d.Entropy))
	}
}

// strength returns the word for an entropy in bits. The words are [D], and that
// 148 bits are FANTASTIC; the other bounds are [G].
func strength(entropy float64) string {
	words := connect.PasswordStrengths()
	for i, bound := range []float64{20, 35, 50, 65, 80, 100} {
		if entropy < bound {
			return words[i]
		}
	}
	return words[len(words)-1]
}
