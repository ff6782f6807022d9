package items

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// field is the field for a place, still without id and section. was is the
// item before the change.
func (p place) field(was connect.Item, r Options) (connect.Field, error) {
	f := connect.Field{Label: p.sent.Label, Value: p.sent.Value}
	if p.standard != nil {
		f.Purpose = p.standard.Purpose
		if f.Label == "" {
			f.Label = p.standard.Label // [R changelog 1.5.0: standard fields always have one]
		}
	}
	f.Type, _ = fieldType(p.sent.Type, f.Purpose, p.standard)
	if f.Type == sshKeyType && !r.KeepSSHKeyType {
		f.Type = "STRING"
	}

	// A value that was sent is kept even if a new one was asked for [D].
	var entropy float64
	var err error
	generated := p.sent.Generate && f.Value == ""
	if generated {
		if f.Value, entropy, err = generate(p.recipe(r), r.Rand, p.member()); err != nil {
			return f, err
		}
	}
	if f.Value, err = canonical(f.Type, f.Value, r); err != nil {
		return f, err
	}
	if f.Purpose == secret { // [D entropy is for passwords]
		f.Entropy = entropyOf(f.Value, entropy, was)
		f.PasswordDetails = passwordDetails(f, generated, was, r)
	}
	return f, nil
}

// canonical is the stored form of a value of a type.
func canonical(kind, value string, r Options) (string, error) {
	if value == "" {
		return "", nil
	}
	switch kind {
	case dateType:
		stored, err := dateValue(value, r)
		return r.checkedDate(value, stored, err)
	case monthType:
		stored, err := monthValue(value)
		return r.checkedDate(value, stored, err)
	case otpType:
		_, err := readOTP(value)
		return value, err
	}
	return value, nil
}

// checkedDate returns the stored form of a date or month or, where values are
// not checked, one that makes no sense as it was sent.
func (r Options) checkedDate(sent, stored string, err error) (string, error) {
	if err != nil && r.SkipDateChecks {
		return sent, nil
	}
	return stored, err
}

// recipe returns how the value of the field is to be generated, nil for the
// default.
func (p place) recipe(r Options) *connect.Recipe {
	if p.sent.Recipe == nil || !r.IgnoreExcludedCharacters {
		return p.sent.Recipe
	}
	recipe := *p.sent.Recipe
	recipe.ExcludeCharacters = ""
	return &recipe
}

// entropyOf is the entropy of a password: that of its recipe if it was just
// generated, what it was if the password has not changed, an estimate otherwise.
func entropyOf(value string, generated float64, was connect.Item) float64 {
	if generated > 0 {
		return generated
	}
	for _, f := range was.Fields {
		if f.Value == value && f.Entropy > 0 {
			return f.Entropy
		}
	}
	return estimate(value)
}

// section is where the field goes: where the client says, else where the
// template has it; nil for no section.
func (p place) section() *connect.Section {
	if p.standard == nil || (p.sent.Section != nil && *p.sent.Section != connect.Section{}) {
		return p.sent.Section
	}
	section := p.standard.Section
	return &section
}

// ids gives each field of an item its id and sees that no two are the same.
type ids struct {
	rules    Options
	reserved map[string]bool // every id that was sent or is standard
	given    map[string]bool
}

func newIDs(places []place, r Options) *ids {
	d := &ids{rules: r, reserved: map[string]bool{}, given: map[string]bool{}}
	for _, p := range places {
		d.reserved[p.sent.ID] = true
		if p.standard != nil {
			d.reserved[p.standard.ID] = true
		}
	}
	return d
}

// of is the id of a field: the client's [C], else the standard one [R], else a
// new one. One-time passwords get the prefix by which 1Password knows them [C
// terraform refuses others].
func (d *ids) of(p place, f connect.Field, in connect.ItemInput) (string, error) {
	id := p.sent.ID
	if id == "" && p.standard != nil {
		id = p.standard.ID
	}
	if id == "" {
		prefix := ""
		if f.Type == otpType {
			prefix = "TOTP_"
		}
		return d.rules.freshID(prefix, d.reserved)
	}
	if d.given[id] {
		return "", nonUnique(in, max(p.index, 0))
	}
	d.given[id] = true
	return id, nil
}

// find is the place of the field with an id, -1 if there is none.
func find(fields []connect.FieldInput, id string) int {
	return slices.IndexFunc(fields, func(f connect.FieldInput) bool { return f.ID == id })
}
