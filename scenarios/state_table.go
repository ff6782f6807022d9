package scenarios

// The states that a scenario may start from.
const (
	stateVault = "vault"
	stateToken = "token"
	stateItem  = "item"
	stateFile  = "file"
)

// stateSpec describes a state: what "with" accepts, and which members expressions may use.
type stateSpec struct {
	name, about string
	with        []member
	offers      []member
}

// member is a member of a mapping with its description.
type member struct {
	name, about string
	required    bool
}

// stateTable returns all states.
func stateTable() []stateSpec {
	return []stateSpec{
		{
			name: stateVault, about: "A vault of its own on a mock. On other targets the vault that writes go to.",
			with: []member{
				{name: "name", about: "Default: a name that starts with run.prefix."},
				{name: "description", about: "Default: none."},
			},
			offers: []member{{name: "id", about: "Id of the vault."}, {name: "name", about: "Name of the vault."}},
		},
		{
			name: stateToken, about: "A token that steps use by its name in as. It needs permission or vaults. " +
				"On targets without control the given tokens are used if they fit.",
			with: []member{
				{name: "name", about: "Default: the name in as."},
				{name: "permission", about: "Permission for every vault: read, write or read-write."},
				{name: "vaults", about: "Permissions by vault id: {\"{{ home.id }}\": read}."},
				{name: "expiresIn", about: "Time until it expires, such as 5m, by the clock of the account. Default: never."},
				{name: "expiresAt", about: "When it expires, in RFC 3339, instead of expiresIn."},
				{name: "notBefore", about: "When it becomes valid, in RFC 3339. Default: at once."},
			},
			offers: []member{
				{name: "id", about: "Id of the token. Missing on targets without control."},
				{name: "name", about: "Name of the token, which the journal calls caller."},
				{name: "token", about: "The bearer token. Reports never show it."},
			},
		},
		{
			name: stateItem, about: "An item that is created as a client creates it, and deleted after the run.",
			with: []member{
				{name: "vault", about: "The vault by id: {id: \"{{ home.id }}\"}.", required: true},
				{name: "category", about: "Category, such as LOGIN.", required: true},
				{name: "title", about: "Title of the item."},
				{name: "tags", about: "List of tags."},
				{name: "urls", about: "List of URLs: {href, label, primary}."},
				{name: "favorite", about: "Whether the item is a favorite."},
				{name: "sections", about: "List of sections: {id, label}."},
				{name: "fields", about: "List of fields: {id, label, type, purpose, value, section, generate, recipe}."},
				{name: "id", about: "Ignored by Connect: the server chooses the id."},
			},
			offers: itemMembers(),
		},
		{
			name: stateFile, about: "A document with one file in a vault of its own on a mock. On other targets a file that " +
				"exists there, if with is empty.",
			with: []member{
				{name: "title", about: "Title of the document. Default: a title that starts with run.prefix."},
				{name: "name", about: "Name of the file. Default: the name in as, with .txt."},
				{name: "text", about: "Content of the file. Default: a short text."},
				{name: "size", about: "Size of generated content in bytes, instead of text."},
			},
			offers: []member{
				{name: "vault", about: "Id of the vault."},
				{name: "item", about: "Id of the document."},
				{name: "id", about: "Id of the file."},
				{name: "name", about: "Name of the file."},
				{name: "size", about: "Size of the content in bytes."},
				{name: "sha256", about: "SHA-256 of the content, in hexadecimal digits."},
			},
		},
	}
}

// itemMembers returns the members of an item as servers return it.
func itemMembers() []member {
	return []member{
		{name: "id", about: "Id of the item."},
		{name: "title", about: "Title of the item."},
		{name: "category", about: "Category, such as LOGIN."},
		{name: "vault", about: "The vault: {id, name}."},
		{name: "version", about: "Number of the version, 1 for a new item."},
		{name: "tags", about: "Sorted list of tags; missing without tags."},
		{name: "favorite", about: "Whether the item is a favorite; missing if not."},
		{name: "fields", about: "List of fields."},
		{name: "sections", about: "List of sections; missing without sections."},
		{name: "files", about: "List of files; missing without files."},
		{name: "urls", about: "List of URLs; missing without URLs."},
		{name: "createdAt", about: "When the item was created, in RFC 3339."},
		{name: "updatedAt", about: "When the item was changed last, in RFC 3339."},
		{name: "lastEditedBy", about: "Who changed the item last."},
		{name: "additionalInformation", about: "What apps show below the title, such as the user name."},
		{name: "trashed", about: "Whether the item is in the trash; only old servers."},
	}
}

// States returns the names of the states that a scenario may start from.
func States() []string {
	var names []string
	for _, s := range stateTable() {
		names = append(names, s.name)
	}
	return names
}

func findState(name string) (stateSpec, bool) {
	for _, s := range stateTable() {
		if s.name == name {
			return s, true
		}
	}
	return stateSpec{}, false
}

func memberNames(all []member) []string {
	var names []string
	for _, m := range all {
		names = append(names, m.name)
	}
	return names
}
