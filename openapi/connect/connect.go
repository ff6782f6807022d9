// Package connect holds the types of the 1Password Connect API: the documents on the wire, the errors, and tables of
// what the API knows (operations, permissions, categories, fields). The mock and the suites share it.
//
// It imports only the standard library. It does not know servers, stores or validation.
//
// The members of a type are in alphabetical order of their JSON names, as a real server writes them [R vaults recording
// of 2025, SSH item of 2023]. Members without a value are left out [R], except those that clients need: "fields" of a
// full item [C], "items" of a vault [R].
//
// The letters in square brackets, in the whole project, say how a behaviour is known: [R] recorded from a real server,
// [T] asserted by a test that runs against a real server, [D] documented by 1Password, [C] relied on by a client, [W]
// captured from a real client, [G] a guess.
package connect

import (
	"encoding/json"
	"time"
)

// Time is an instant as Connect writes it: RFC 3339, UTC, whole seconds, ending in Z [R]. The zero value is written as
// 0001-01-01T00:00:00Z.
type Time struct{ time.Time }

// At returns t as Connect writes it: in UTC, without the fraction of a second.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Second)} }

// String returns the instant as it is written on the wire.
func (t Time) String() string { return t.UTC().Format(timeLayout) }

const timeLayout = "2006-01-02T15:04:05Z"

// MarshalJSON writes the instant in whole seconds.
func (t Time) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// UnmarshalJSON reads any RFC 3339 instant.
func (t *Time) UnmarshalJSON(data []byte) error {
	return t.Time.UnmarshalJSON(data)
}

// VaultRef refers to the vault of an item. Name may be empty in requests.
type VaultRef struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// Vault is a vault, in lists and by itself.
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

// VaultTypes returns the types a vault can have. The Python SDK refuses others [D].
func VaultTypes() []string {
	return []string{"USER_CREATED", "PERSONAL", "EVERYONE", "TRANSFER"}
}

// URL is an address of an item.
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

// Field is a field of an item in responses.
type Field struct {
	Entropy         float64          `json:"entropy,omitempty"` // bits; only on passwords [R]
	ID              string           `json:"id"`
	Label           string           `json:"label,omitempty"`
	PasswordDetails *PasswordDetails `json:"passwordDetails,omitempty"` // only on the field of purpose PASSWORD [D]
	Purpose         string           `json:"purpose,omitempty"`         // USERNAME, PASSWORD or NOTES
	Section         *Section         `json:"section,omitempty"`
	TOTP            string           `json:"totp,omitempty"` // the current code; only on OTP fields [R]
	Type            string           `json:"type"`           // upper case [R]
	Value           string           `json:"value,omitempty"`
}

// PasswordDetails describes a password [D for the members]. History is as secret as the value.
type PasswordDetails struct {
	Entropy   int      `json:"entropy,omitempty"` // bits, the integer part
	Generated bool     `json:"generated,omitempty"`
	History   []string `json:"history,omitempty"`  // former passwords, newest first
	Strength  string   `json:"strength,omitempty"` // one of PasswordStrengths
}

// PasswordStrengths returns the strengths a password can have, the weakest first [D][R].
func PasswordStrengths() []string {
	return []string{"TERRIBLE", "WEAK", "FAIR", "GOOD", "VERY_GOOD", "EXCELLENT", "FANTASTIC"}
}

// MaxPasswordHistory is how many former passwords an item keeps [G].
const MaxPasswordHistory = 10

// File describes a file of an item. Content is base64 on the wire, and only present if the request asks for it.
type File struct {
	Content     []byte   `json:"content,omitempty"`
	ContentPath string   `json:"content_path"` // the one snake_case key; starts with a slash [C]
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Section     *Section `json:"section,omitempty"`
	Size        int64    `json:"size"` // bytes
}

// Item is a full item in responses. Fields is never nil there: clients index it without a check [C].
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
	Trashed               bool      `json:"trashed,omitempty"` // only before 1.1.0; Go, Java and Python SDKs have it [C]
	UpdatedAt             Time      `json:"updatedAt"`
	URLs                  []URL     `json:"urls,omitempty"`
	Vault                 VaultRef  `json:"vault"`
	Version               int       `json:"version"`
}

// MaxItemParts is how many fields, sections, files, tags and addresses an item can have together [G: real servers
// surely take fewer].
const MaxItemParts = 100_000

// Parts returns how many fields, sections, files, tags and addresses the item has.
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

// Summary returns the item as it is in a list.
func (it *Item) Summary() Summary {
	return Summary{
		AdditionalInformation: it.AdditionalInformation, Category: it.Category,
		CreatedAt: it.CreatedAt, Favorite: it.Favorite, ID: it.ID,
		LastEditedBy: it.LastEditedBy, Tags: it.Tags, Title: it.Title,
		UpdatedAt: it.UpdatedAt, URLs: it.URLs, Vault: it.Vault, Version: it.Version,
	}
}

// Recipe says how to generate a value. Zero values mean the defaults: 32 characters of letters, digits and symbols [D].
type Recipe struct {
	CharacterSets     []string `json:"characterSets,omitempty"` // of CharacterSets
	ExcludeCharacters string   `json:"excludeCharacters,omitempty"`
	Length            int      `json:"length,omitempty"` // 1 to 64
}

// FieldInput is a field in requests. Each member may be missing, null or empty [W].
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

// ItemInput is the body of a request that creates or replaces an item. It lacks the members that servers accept and
// ignore: dates, version, lastEditedBy and files [W].
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

// PatchOperation is an element of the body of a PATCH. Value is nil if it is missing.
type PatchOperation struct {
	Op    string          `json:"op"` // add, remove or replace [D], in any case [W]
	Path  string          `json:"path"`
	Value json.RawMessage `json:"value,omitempty"`
}

// Ref is an id in an activity record.
type Ref struct {
	ID string `json:"id"`
}

// Actor is the sender of a request. A real server sends the address as "ip" [T], the API overview calls it "requestIp"
// [D]: a quirk of the mock decides which is set.
type Actor struct {
	Account   string `json:"account"` // 26 characters, upper case
	ID        string `json:"id"`      // 26 characters, upper case
	IP        string `json:"ip,omitempty"`
	JTI       string `json:"jti"` // 26 characters, lower case
	RequestIP string `json:"requestIp,omitempty"`
	UserAgent string `json:"userAgent"`
}

// Resource is the vault or item of a request. Type may be empty if the request was denied [R]. The list of vaults has a
// type only [R].
type Resource struct {
	Item        *Ref   `json:"item,omitempty"`
	ItemVersion int    `json:"itemVersion,omitempty"`
	Type        string `json:"type,omitempty"` // ResourceVault or ResourceItem
	Vault       *Ref   `json:"vault,omitempty"`
}

// Activity is a record of the activity log.
type Activity struct {
	Action    string   `json:"action"` // one of Actions
	Actor     Actor    `json:"actor"`
	RequestID string   `json:"requestId"` // a UUID
	Resource  Resource `json:"resource"`
	Result    string   `json:"result"` // ResultSuccess or ResultDeny
	Timestamp Time     `json:"timestamp"`
}

// Dependency is a service that a server depends on.
type Dependency struct {
	Service string `json:"service"`
	Status  string `json:"status"`
	Message string `json:"message,omitempty"`
}

// Health is the response of /health, with its members in the recorded order [R].
type Health struct {
	Name         string       `json:"name"`
	Version      string       `json:"version"`
	Dependencies []Dependency `json:"dependencies"`
}
