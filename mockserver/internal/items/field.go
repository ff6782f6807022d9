package items

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// field returns the field of the item, without id and section. was is the item
// before the change.
func (p plannedField) field(was connect.Item, o Options) (connect.Field, error) {
	f := connect.Field{Label: p.sent.Label, Value: p.sent.Value}
	if p.standard != nil {
		f.Purpose = p.standard.Purpose
		if f.Label == "" {
			f.Label = p.standard.Label // [R changelog 1.5.0: standard fields always have one]
		}
	}
	f.Type, _ = fieldType(p.sent.Type, f.Purpose, p.standard)
	if f.Type == sshKeyType && !o.KeepSSHKeyType {
		f.Type = "STRING"
	}

	// A value that was sent is kept even if a new one was asked for [D].
	var entropy float64
	var err error
	generated := p.sent.Generate && f.Value == ""
	if generated {
		if f.Value, entropy, err = generate(p.recipe(o), o.Rand, p.member()); err != nil {
			return f, err
		}
	}
	if f.Value, err = storedValue(f.Type, f.Value, o); err != nil {
		return f, err
	}
	if f.Purpose == secret { // [D entropy is for passwords]
		f.Entropy = passwordEntropy(f.Value, entropy, was)
		f.PasswordDetails = passwordDetails(f, generated, was, o)
	}
	return f, nil
}

// storedValue returns the stored form of a value of that type.
func storedValue(kind, value string, o Options) (string, error) {
	if value == "" {
		return "", nil
	}
	switch kind {
	case dateType:
		stored, err := dateValue(value, o)
		return o.checkedDate(value, stored, err)
	case monthType:
		stored, err := monthValue(value)
		return o.checkedDate(value, stored, err)
	case otpType:
		_, err := parseOTP(value)
		return value, err
	}
	return value, nil
}

// checkedDate returns the stored form of a date or month, or its error. With
// SkipDateChecks it returns an invalid one as it was sent.
func (o Options) checkedDate(sent, stored string, err error) (string, error) {
	if err != nil && o.SkipDateChecks {
		return sent, nil
	}
	return stored, err
}

// recipe returns the recipe for a generated value, nil for the default one.
func (p plannedField) recipe(o Options) *connect.Recipe {
	if p.sent.Recipe == nil || !o.IgnoreExcludedCharacters {
		return p.sent.Recipe
	}
	recipe := *p.sent.Recipe
	recipe.ExcludeCharacters = ""
	return &recipe
}

// passwordEntropy returns the entropy of a password in bits: that of its recipe
// if it was just generated, the former one if the password has not changed, an
// estimate otherwise.
func passwordEntropy(value string, generated float64, was connect.Item) float64 {
	if generated > 0 {
		return generated
	}
	for _, f := range was.Fields {
		if f.Value == value && f.Entropy > 0 {
			return f.Entropy
		}
	}
	return estimateEntropy(value)
}

// section returns the section of the field: the one that was sent, else that of
// the template; nil: none.
func (p plannedField) section() *connect.Section {
	if p.standard == nil || (p.sent.Section != nil && *p.sent.Section != connect.Section{}) {
		return p.sent.Section
	}
	section := p.standard.Section
	return &section
}

// ids chooses the ids of the fields of an item, and refuses duplicates.
type ids struct {
	options Options
	used    map[string]bool // ids that were sent, are standard or were generated; true: a field has it
}

func newIDs(planned []plannedField, o Options) *ids {
	d := &ids{options: o, used: make(map[string]bool, len(planned))}
	for _, p := range planned {
		if p.sent.ID != "" {
			d.used[p.sent.ID] = false
		}
		if p.standard != nil {
			d.used[p.standard.ID] = false
		}
	}
	return d
}

// next returns the id of the next field: the client's [C], else the standard one
// [R], else a new one. A one-time password gets the prefix by which 1Password
// knows it [C terraform refuses others].
func (d *ids) next(p plannedField, f connect.Field, in connect.ItemInput) (string, error) {
	id := p.sent.ID
	if id == "" && p.standard != nil {
		id = p.standard.ID
	}
	if id == "" {
		prefix := ""
		if f.Type == otpType {
			prefix = "TOTP_"
		}
		return d.options.freshID(prefix, d.used)
	}
	if d.used[id] {
		return "", nonUniqueError(in, max(p.index, 0))
	}
	d.used[id] = true
	return id, nil
}

// indexOfField returns the index of the field with that id, -1 if there is none.
func indexOfField(fields []connect.FieldInput, id string) int {
	return slices.IndexFunc(fields, func(f connect.FieldInput) bool { return f.ID == id })
}
