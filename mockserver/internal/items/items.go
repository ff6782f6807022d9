// Package items creates, replaces and patches the document of an item: standard
// fields, ids, sections, types, dates, one-time passwords, generated passwords
// and versions.
//
// Its functions are pure. They know nothing of requests, tokens, the store,
// activity or the contents of files; time, ids and random bytes are passed in
// Options, and a document that is passed in is never changed. Errors about the
// input are *connect.Error.
//
// Codes of one-time passwords are not part of a stored document: WithCodes adds
// them to a copy.
package items

import (
	"io"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Options are what a change of an item depends on besides the item and the
// input. Now, NewID and Editor are required, Rand too if a value may be
// generated. The zero value of a switch is its default.
type Options struct {
	// Now is the time of the change.
	Now time.Time
	// NewID returns a new id: 26 of [a-z0-9].
	NewID func() string
	// Rand returns the random bytes for generated passwords.
	Rand io.Reader
	// Editor is the id of the user who makes the change: 26 of [A-Z0-9].
	Editor string
	// KeepSSHKeyType keeps the type of SSHKEY fields. By default a create and a
	// replace change it to STRING, as real servers do [R connect 77, 107].
	KeepSSHKeyType bool
	// DateISO stores values of DATE fields as YYYY-MM-DD, the form they are
	// documented to be sent in [D]. By default they are stored as seconds since
	// 1970 [C].
	DateISO bool
	// SkipDateChecks stores invalid values of DATE and MONTH_YEAR fields as they
	// were sent, as servers before 1.5.2 did [D changelog, G how].
	SkipDateChecks bool
	// IgnoreExcludedCharacters generates values with all characters of their
	// recipe, as servers before 1.4.0 did [D changelog, G that they did not refuse].
	IgnoreExcludedCharacters bool
	// KeepHistory does not change the history of a password when the password
	// changes, as servers before 1.1.0 did [D changelog].
	KeepHistory bool
	// RefuseAddressType refuses the field type ADDRESS, which is new in 1.8.2 [R connect
	// 112, G that it was refused].
	RefuseAddressType bool
	// DateZone is the time zone in which a DATE given as YYYY-MM-DD is read, and
	// written with DateISO. Nil means UTC.
	DateZone *time.Location
	// RequirePassword refuses items of category PASSWORD without a field of
	// purpose PASSWORD. By default an empty one is added.
	RequirePassword bool
	// OnlyLoginTemplate adds missing standard fields only to items of category
	// LOGIN, and keeps a section without id and label as it is.
	OnlyLoginTemplate bool
}

// freshID returns a new id that is not a key of used, and adds it.
func (o Options) freshID(prefix string, used map[string]bool) (string, error) {
	// NewID may repeat ids after a restart with the same seed. If it returns
	// nothing else it must not block the server.
	for range 1000 {
		id := prefix + o.NewID()
		if _, taken := used[id]; !taken {
			used[id] = true
			return id, nil
		}
	}
	return "", connect.SomethingWentWrong()
}
