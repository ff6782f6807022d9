// Package items is what a create, a replace and a patch do to the document of
// an item: standard fields, ids, sections, types, dates, one-time passwords,
// generated passwords and versions.
//
// It is pure. It knows nothing of requests, tokens, stores, activity or the
// contents of files; time, ids and chance come with every call in Rules, and a
// document that is passed in is never changed. Every refusal is a
// *connect.Error.
//
// Codes of one-time passwords are not part of a stored document: AtNow puts
// them into a copy on its way out.
package items

import (
	"io"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Options are what a change of an item depends on besides the item. Now, NewID,
// Rand and Editor must be set (Rand only if a value may have to be generated);
// the switches may be left out.
type Options struct {
	// Now is when the change happens.
	Now time.Time
	// NewID returns a new id of 26 characters out of [a-z0-9].
	NewID func() string
	// Rand is where generated passwords come from.
	Rand io.Reader
	// Editor is who makes the change: 26 characters, upper case.
	Editor string
	// KeepSSHKeyType lets fields of type SSHKEY keep it. By default a create and a
	// replace turn them into STRING, as real servers do [R connect 77, 107].
	KeepSSHKeyType bool
	// DateISO answers values of DATE fields as YYYY-MM-DD, the form they are
	// documented to be sent in [D]. By default they are answered as seconds
	// since 1970 [C].
	DateISO bool
	// SkipDateChecks stores values of DATE and MONTH_YEAR fields that make no
	// sense as they were sent, as servers before 1.5.2 did [D changelog, G how].
	SkipDateChecks bool
	// IgnoreExcludedCharacters generates values with all characters of their recipe, as
	// servers before 1.4.0 did [D changelog, G that they did not refuse].
	IgnoreExcludedCharacters bool
	// KeepHistory leaves the history of a password alone when it is changed,
	// as servers before 1.1.0 did [D changelog].
	KeepHistory bool
	// RefuseAddressType refuses the field type ADDRESS, which is new in 1.8.2 [R connect
	// 112, G that it was refused].
	RefuseAddressType bool
	// DateZone is the time zone in which a DATE given as YYYY-MM-DD is read, and
	// written with DateISO. Nil means UTC.
	DateZone *time.Location
	// RequirePassword refuses items of category PASSWORD that are sent without a
	// field of purpose PASSWORD. By default it is added, empty.
	RequirePassword bool
	// OnlyLoginTemplate adds standard fields that were not sent to items of
	// category LOGIN only, and keeps a section without id and label as it is.
	OnlyLoginTemplate bool
}

// freshID is a new id that used does not have.
func (r Options) freshID(prefix string, used map[string]bool) (string, error) {
	// An id source that starts anew with the same seed may repeat itself; one
	// that does nothing else must not hang the server.
	for range 1000 {
		if id := prefix + r.NewID(); !used[id] {
			used[id] = true
			return id, nil
		}
	}
	return "", connect.SomethingWentWrong()
}
