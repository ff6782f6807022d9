package controlapi

import "time"

// Vault is a vault of an account.
type Vault struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Type        string    `json:"type"` // as Connect sends it: "USER_CREATED", "PERSONAL", "EVERYONE", "TRANSFER"
	Items       int       `json:"items"`
	CreatedAt   time.Time `json:"createdAt"`
	UpdatedAt   time.Time `json:"updatedAt"`
}

// VaultRef names a vault.
type VaultRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ItemQuery selects items of a vault. Vault is required; the other zero members select the first 100 items.
type ItemQuery struct {
	Account  string // id or name; empty: the first
	Vault    string // id or name
	Search   string // text within the title or a tag, in any case
	Category string // as Connect sends it, "LOGIN"; empty: any
	Offset   int    // number of matching items to skip
	Limit    int    // at most this many, up to 1000; 0: 100
}

// ItemList is a page of the items of a vault, in the order in which they were created.
type ItemList struct {
	Vault   VaultRef      `json:"vault"`
	Items   []ItemSummary `json:"items"`
	Matched int           `json:"matched"` // number of matching items in the vault
}

// ItemSummary is an item in a list. It contains no values.
type ItemSummary struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Category  string    `json:"category"`
	Tags      []string  `json:"tags,omitempty"`
	Favorite  bool      `json:"favorite,omitempty"`
	Version   int       `json:"version"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// Item is an item of a vault as people read it. Its secrets are absent unless they were asked for.
type Item struct {
	ID           string      `json:"id"`
	Title        string      `json:"title"`
	Vault        VaultRef    `json:"vault"`
	Category     string      `json:"category"`
	Tags         []string    `json:"tags,omitempty"`
	Favorite     bool        `json:"favorite,omitempty"`
	URLs         []ItemURL   `json:"urls,omitempty"`
	Fields       []ItemField `json:"fields"`
	Files        []ItemFile  `json:"files,omitempty"`
	Version      int         `json:"version"`
	CreatedAt    time.Time   `json:"createdAt"`
	UpdatedAt    time.Time   `json:"updatedAt"`
	LastEditedBy string      `json:"lastEditedBy"`
}

// ItemDocument is an item in JSON, as clients of Connect get it.
type ItemDocument struct {
	Document map[string]any `json:"document"`
}

// ItemURL is an address of an item.
type ItemURL struct {
	Href    string `json:"href"`
	Label   string `json:"label,omitempty"`
	Primary bool   `json:"primary,omitempty"`
}

// ItemField is a field of an item. Value, Code, CodeSeconds and History are absent if Masked is true.
type ItemField struct {
	ID          string   `json:"id"`
	Label       string   `json:"label,omitempty"`
	Section     string   `json:"section,omitempty"` // label or id of the section
	Type        string   `json:"type"`              // as Connect sends it
	Purpose     string   `json:"purpose,omitempty"`
	Value       string   `json:"value,omitempty"`
	Masked      bool     `json:"masked,omitempty"`      // it has a value, which is secret and was not asked for
	Strength    string   `json:"strength,omitempty"`    // of a password
	Code        string   `json:"code,omitempty"`        // present one-time code, by the account's clock
	CodeSeconds int      `json:"codeSeconds,omitempty"` // how long Code stays valid
	Former      int      `json:"former,omitempty"`      // number of former passwords
	History     []string `json:"history,omitempty"`     // former passwords, newest first
}

// ItemFile is a file of an item, without its content.
type ItemFile struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Section string `json:"section,omitempty"` // label or id of the section
	Size    int64  `json:"size"`              // bytes
}
