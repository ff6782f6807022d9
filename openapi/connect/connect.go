// Package connect holds the documents of the 1Password Connect API as they
// travel on the wire, and the one error of the API.
//
// It imports the standard library only and knows nothing of servers, stores or
// validation: both the mock and the suites that test any Connect server speak
// in these types.
//
// Members are declared in alphabetical order of their JSON names because a real
// server writes its keys so [R vaults recording of 2025, SSH item of 2023], and
// members without a value are left out [R], except those a client breaks
// without ("fields" of a full item [C], "items" of a vault [R]).
//
// The letters in square brackets, here and everywhere in the project, say how a
// behaviour is known: [R] recorded from a real server, [T] asserted by a test
// that runs against a real server, [D] documented by 1Password, [C] relied on
// by a client, [W] captured from a real client, [G] a guess.
package connect

import (
	"encoding/json"
	"time"
)

// Time is an instant as Connect writes it: RFC 3339, UTC, whole seconds,
// ending in Z [R]. The zero value is written as 0001-01-01T00:00:00Z.
type Time struct{ time.Time }

// At is t as Connect would write it: UTC, cut to whole seconds.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Second)} }

// String is the instant as it is written on the wire.
func (t Time) String() string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// MarshalJSON writes the instant in whole seconds.
func (t Time) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// UnmarshalJSON reads any RFC 3339 instant.
func (t *Time) UnmarshalJSON(data []byte) error {
	return t.Time.UnmarshalJSON(data)
}

// VaultRef names a vault inside an item. Name may be empty in requests.
type VaultRef struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// Vault is one vault as lists and details show it.
type Vault struct {
	AttributeVersion int    `json:"attributeVersion"` // 1 until renamed [R]
	ContentVersion   int    `json:"contentVersion"`   // 1, and one more for each item write [R, rule inferred]
	CreatedAt        Time   `json:"createdAt"`
	Description      string `json:"description,omitempty"`
	ID               string `json:"id"`
	Items            int    `json:"items"` // active items [D]
	Name             string `json:"name"`
	Type             string `json:"type"` // one of VaultTypes
	UpdatedAt        Time   `json:"updatedAt"`
}

// VaultTypes are the types a vault can have; the Python SDK refuses others [D].
func VaultTypes() []string {
	return []string{"USER_CREATED", "PERSONAL", "EVERYONE", "TRANSFER"}
}

// URL is one address of an item.
type URL struct {
	Href    string `json:"href"`
	Label   string `json:"label,omitempty"`
	Primary bool   `json:"primary,omitempty"`
}

// Section groups fields and files of an item.
type Section struct {
	ID    string `json:"id"`
	Label string `json:"label,omitempty"`
}

// Field is one field of a full item as a server answers it.
type Field struct {
	Entropy         float64          `json:"entropy,omitempty"` // bits; only on passwords [R]
	ID              string           `json:"id"`
	Label           string           `json:"label,omitempty"`
	PasswordDetails *PasswordDetails `json:"passwordDetails,omitempty"` // only on the field of purpose PASSWORD [D]
	Purpose         string           `json:"purpose,omitempty"`         // USERNAME, PASSWORD or NOTES
	Section         *Section         `json:"section,omitempty"`
	TOTP            string           `json:"totp,omitempty"` // the code of this moment; only on OTP fields [R]
	Type            string           `json:"type"`           // upper case [R]
	Value           string           `json:"value,omitempty"`
}

// PasswordDetails is what is known of a password beside its value. History is
// as secret as the value [D for the members].
type PasswordDetails struct {
	Entropy   int      `json:"entropy,omitempty"` // bits, the integer part
	Generated bool     `json:"generated,omitempty"`
	History   []string `json:"history,omitempty"`  // passwords before this one, newest first
	Strength  string   `json:"strength,omitempty"` // one of PasswordStrengths
}

// PasswordStrengths are the strengths a password can have, the weakest first
// [D][R].
func PasswordStrengths() []string {
	return []string{"TERRIBLE", "WEAK", "FAIR", "GOOD", "VERY_GOOD", "EXCELLENT", "FANTASTIC"}
}

// MaxPasswordHistory is how many former passwords an item keeps [G].
const MaxPasswordHistory = 10

// File describes a file of an item. Content is base64 on the wire and only
// there when a request asked for it inline.
type File struct {
	Content     []byte   `json:"content,omitempty"`
	ContentPath string   `json:"content_path"` // the one snake_case key; starts with a slash [C]
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Section     *Section `json:"section,omitempty"`
	Size        int64    `json:"size"` // bytes
}

// Item is a full item as a server answers it. Fields is never nil in an answer:
// clients index it without looking [C].
type Item struct {
	AdditionalInformation string    `json:"additionalInformation,omitempty"` // user name or fingerprint [R]
	Category              string    `json:"category"`
	CreatedAt             Time      `json:"createdAt"`
	Favorite              bool      `json:"favorite,omitempty"`
	Fields                []Field   `json:"fields"`
	Files                 []File    `json:"files,omitempty"`
	ID                    string    `json:"id"`
	LastEditedBy          string    `json:"lastEditedBy"` // 26 characters, upper case [R]
	Sections              []Section `json:"sections,omitempty"`
	Tags                  []string  `json:"tags,omitempty"` // sorted [D]
	Title                 string    `json:"title"`
	Trashed               bool      `json:"trashed,omitempty"` // only before 1.1.0, see the switch delete; modelled by the Go, Java and Python SDKs [C]
	UpdatedAt             Time      `json:"updatedAt"`
	URLs                  []URL     `json:"urls,omitempty"`
	Vault                 VaultRef  `json:"vault"`
	Version               int       `json:"version"`
}

// MaxItemParts is how many fields, sections, files, tags and addresses an item
// can have together [G: real servers surely take fewer].
const MaxItemParts = 100_000

// Parts is how many fields, sections, files, tags and addresses the item has.
func (it *Item) Parts() int {
	return len(it.Fields) + len(it.Sections) + len(it.Files) + len(it.Tags) + len(it.URLs)
}

// Summary is an item in a list: no fields, sections or files [D].
type Summary struct {
	AdditionalInformation string   `json:"additionalInformation,omitempty"`
	Category              string   `json:"category"`
	CreatedAt             Time     `json:"createdAt"`
	Favorite              bool     `json:"favorite,omitempty"`
	ID                    string   `json:"id"`
	LastEditedBy          string   `json:"lastEditedBy"`
	Tags                  []string `json:"tags,omitempty"`
	Title                 string   `json:"title"`
	UpdatedAt             Time     `json:"updatedAt"`
	URLs                  []URL    `json:"urls,omitempty"`
	Vault                 VaultRef `json:"vault"`
	Version               int      `json:"version"`
}

// Summary is the item as a list shows it.
func (it *Item) Summary() Summary {
	return Summary{
		AdditionalInformation: it.AdditionalInformation, Category: it.Category,
		CreatedAt: it.CreatedAt, Favorite: it.Favorite, ID: it.ID,
		LastEditedBy: it.LastEditedBy, Tags: it.Tags, Title: it.Title,
		UpdatedAt: it.UpdatedAt, URLs: it.URLs, Vault: it.Vault, Version: it.Version,
	}
}

// Recipe says how a value is to be generated. Zero values mean the defaults:
// 32 characters of letters, digits and symbols [D].
type Recipe struct {
	CharacterSets     []string `json:"characterSets,omitempty"` // of CharacterSets
	ExcludeCharacters string   `json:"excludeCharacters,omitempty"`
	Length            int      `json:"length,omitempty"` // 1 to 64
}

// FieldInput is a field as clients send it: every member may be missing, null
// or empty [W].
type FieldInput struct {
	Generate bool     `json:"generate,omitempty"`
	ID       string   `json:"id,omitempty"`
	Label    string   `json:"label,omitempty"`
	Purpose  string   `json:"purpose,omitempty"`
	Recipe   *Recipe  `json:"recipe,omitempty"`
	Section  *Section `json:"section,omitempty"`
	Type     string   `json:"type,omitempty"` // any case [R]
	Value    string   `json:"value,omitempty"`
}

// ItemInput is the body of a create or a replace as clients send it. Members a
// server decides itself (dates, version, lastEditedBy, files) are accepted on
// the wire and ignored [W], so they are not here.
type ItemInput struct {
	Category string       `json:"category"`
	Favorite bool         `json:"favorite,omitempty"`
	Fields   []FieldInput `json:"fields,omitempty"`
	ID       string       `json:"id,omitempty"`
	Sections []Section    `json:"sections,omitempty"`
	Tags     []string     `json:"tags,omitempty"`
	Title    string       `json:"title"`
	URLs     []URL        `json:"urls,omitempty"`
	Vault    *VaultRef    `json:"vault,omitempty"`
}

// PatchOperation is one element of a PATCH body. Value is nil when the member
// was absent.
type PatchOperation struct {
	Op    string          `json:"op"` // add, remove or replace [D], in any case [W]
	Path  string          `json:"path"`
	Value json.RawMessage `json:"value,omitempty"`
}

// Ref is a bare id inside an activity record.
type Ref struct {
	ID string `json:"id"`
}

// Actor is who made a request. A real server sends "ip" [T]; the API overview
// names it "requestIp" [D]; which of them is filled is the server's switch.
type Actor struct {
	Account   string `json:"account"` // 26 characters, upper case
	ID        string `json:"id"`      // 26 characters, upper case
	IP        string `json:"ip,omitempty"`
	JTI       string `json:"jti"` // 26 characters, lower case
	RequestIP string `json:"requestIp,omitempty"`
	UserAgent string `json:"userAgent"`
}

// Resource is what a request was about. Type is ITEM or VAULT and may be empty
// on a denied request [R]; listing the vaults has a type and nothing else [R].
type Resource struct {
	Item        *Ref   `json:"item,omitempty"`
	ItemVersion int    `json:"itemVersion,omitempty"`
	Type        string `json:"type,omitempty"`
	Vault       *Ref   `json:"vault,omitempty"`
}

// Activity is one record of the activity log.
type Activity struct {
	Action    string   `json:"action"` // READ, CREATE, UPDATE or DELETE
	Actor     Actor    `json:"actor"`
	RequestID string   `json:"requestId"` // a UUID
	Resource  Resource `json:"resource"`
	Result    string   `json:"result"` // SUCCESS or DENY
	Timestamp Time     `json:"timestamp"`
}

// Dependency is one service a server says it depends on.
type Dependency struct {
	Service string `json:"service"`
	Status  string `json:"status"`
	Message string `json:"message,omitempty"`
}

// Health is the answer of /health, in the recorded order of its members [R].
type Health struct {
	Name         string       `json:"name"`
	Version      string       `json:"version"`
	Dependencies []Dependency `json:"dependencies"`
}
