package items

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// historyBytes is how many bytes the former passwords of an item may have
// together [G]. A single one may be as large as a request, and each change of
// the password would add one.
const historyBytes = 64 << 10

// passwordDetails returns what an item keeps of its password beside the value:
// whether it was generated and the passwords before it, newest first [D]; nil
// where there is nothing to keep. generated says that this change generated it;
// was is the item before the change.
//
// What is said of a password stays while its value stays. A typed password has
// a history only [R, one recording; G that it has no strength].
func passwordDetails(f connect.Field, generated bool, was connect.Item, r Options) *connect.PasswordDetails {
	var old connect.Field
	if i := slices.IndexFunc(was.Fields, func(f connect.Field) bool { return f.Purpose == secret }); i >= 0 {
		old = was.Fields[i]
	}
	var d connect.PasswordDetails
	if old.PasswordDetails != nil {
		d = *old.PasswordDetails
	}
	if f.Value != old.Value {
		if !r.KeepHistory {
			d.History = formerPasswords(old.Value, d.History)
		}
		d = connect.PasswordDetails{History: d.History}
	}
	if generated {
		d = connect.PasswordDetails{Generated: true, History: d.History}
		rate(&d, f.Entropy)
	}
	if !d.Generated && d.Entropy == 0 && d.Strength == "" && d.History == nil {
		return nil
	}
	return &d
}

// formerPasswords returns history with the password that was just replaced in
// front. The oldest are dropped from the end.
func formerPasswords(replaced string, history []string) []string {
	if replaced == "" {
		return history // there was none, so nothing was replaced
	}
	all := append([]string{replaced}, history...)
	all = all[:min(len(all), connect.MaxPasswordHistory)]
	size := 0
	for i, value := range all {
		if size += len(value); size > historyBytes {
			return slices.Clip(all[:i])
		}
	}
	return all
}

// SetPasswordDetails gives the password of an item the details that a fixture
// states, over those it has. Strength and entropy of a password that is said to
// be generated are filled in where they are missing.
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
		rate(&d, f.Entropy)
	}
	f.PasswordDetails = &d
}

// WithPasswordDetails returns fields with the entropy and the strength of typed
// passwords filled in.
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
		rate(&d, f.Entropy)
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

// rate fills in the entropy and the strength that are missing.
func rate(d *connect.PasswordDetails, entropy float64) {
	if d.Entropy == 0 {
		d.Entropy = int(entropy) // the integer part [D]
	}
	if d.Strength == "" {
		d.Strength = strength(float64(d.Entropy))
	}
}

// strength is the word for an entropy in bits. The words are [D], and that 148
// bits are FANTASTIC; the other bounds are [G].
func strength(entropy float64) string {
	words := connect.PasswordStrengths()
	for i, bound := range []float64{20, 35, 50, 65, 80, 100} {
		if entropy < bound {
			return words[i]
		}
	}
	return words[len(words)-1]
}
