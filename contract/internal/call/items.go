package call

import (
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// OTPURL returns the URL of a one-time password with the default parameters.
func OTPURL() string {
	return "otpauth://totp/Example:wendy?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example"
}

// FullItem returns an item with every member that a client may send, and with
// characters that are often encoded incorrectly.
func FullItem() connect.ItemInput {
	section := func(id string) *connect.Section { return &connect.Section{ID: id} }
	return connect.ItemInput{
		Category: "LOGIN", Favorite: true, Tags: []string{"Blue Sky", "Ähre/2"},
		URLs: []connect.URL{{Href: "https://shop.example.com/?a=1&b=2", Primary: true},
			{Href: "https://admin.example.com", Label: "admin"}},
		Sections: []connect.Section{
			{ID: "Section_78f13ad938a248779fe4e80279", Label: "Network"},
			{ID: "4a7c6f1e-0000-4000-8000-7c3c5b1d9e10", Label: "Second"},
		},
		Fields: []connect.FieldInput{
			{ID: "username", Label: "username", Purpose: "USERNAME", Type: "STRING", Value: "wendy@example.com"},
			{ID: "password", Label: "password", Purpose: "PASSWORD", Type: "CONCEALED",
				Value: `a"b\c/d<e>&'f  g` + "\u2028ü𝛑"},
			{ID: "notesPlain", Label: "notesPlain", Purpose: "NOTES", Type: "STRING",
				Value: "two\nlines\tand 100% of +\r\n" + strings.Repeat("long ", 2000)},
			{ID: "host.name", Label: "host: name", Type: "STRING", Value: "db.example.com",
				Section: section("Section_78f13ad938a248779fe4e80279")},
			{ID: "4eb4c9d0-5a3d-4c4e-9d1c-0b3c5d7e9f10", Label: "Schlüssel", Type: "CONCEALED", Value: "🔑",
				Section: section("4a7c6f1e-0000-4000-8000-7c3c5b1d9e10")},
		},
	}
}

// Note returns the smallest valid item, a note without fields.
func Note() connect.ItemInput { return connect.ItemInput{Category: "SECURE_NOTE"} }

// Login returns a LOGIN with a user name and a password.
func Login() connect.ItemInput {
	return connect.ItemInput{Category: "LOGIN", Fields: []connect.FieldInput{
		{Purpose: "USERNAME", Value: "wendy"}, {Purpose: "PASSWORD", Value: "kite-lantern-51"},
	}}
}

// NoteWith returns a note with these fields.
func NoteWith(fields ...connect.FieldInput) connect.ItemInput {
	in := Note()
	in.Fields = fields
	return in
}

// LoginWith returns a LOGIN with a password.
func LoginWith(password connect.FieldInput) connect.ItemInput {
	return connect.ItemInput{Category: "LOGIN",
		Fields: []connect.FieldInput{{Purpose: "USERNAME", Value: "wendy"}, password}}
}
