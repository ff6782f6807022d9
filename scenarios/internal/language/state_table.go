package language

// The states that a scenario may start from.
const (
	StateVault = "vault"
	StateToken = "token"
	StateItem  = "item"
	StateFile  = "file"
)

// stateSpec describes a state: what "with" accepts, and which members expressions may use.
type stateSpec struct {
	Name, About string
	With        []Member
	Offers      []Member
}

// Member is a member of a mapping with its description.
type Member struct {
	Name, About string
	Required    bool
}

// StateTable returns all states.
func StateTable() []stateSpec {
	return []stateSpec{
		{
			Name: StateVault, About: "A vault of its own on a mock. On other targets the vault that writes go to.",
			With: []Member{
				{Name: "name", About: "Default: a name that starts with run.prefix."},
				{Name: "description", About: "Default: none."},
			},
			Offers: []Member{{Name: "id", About: "Id of the vault."}, {Name: "name", About: "Name of the vault."}},
		},
		{
			Name: StateToken, About: "A token that steps use by its name in as. It needs permission or vaults. " +
				"On targets without control the given tokens are used if they fit.",
			With: []Member{
				{Name: "name", About: "Default: the name in as."},
				{Name: "permission", About: "Permission for every vault: read, write or read-write."},
				{Name: "vaults", About: "Permissions by vault id: {\"{{ home.id }}\": read}."},
				{Name: "expiresIn", About: "Time until it expires, such as 5m, by the clock of the account. Default: never."},
				{Name: "expiresAt", About: "When it expires, in RFC 3339, instead of expiresIn."},
				{Name: "notBefore", About: "When it becomes valid, in RFC 3339. Default: at once."},
			},
			Offers: []Member{
				{Name: "id", About: "Id of the token. Missing on targets without control."},
				{Name: "name", About: "Name of the token, which the journal calls caller."},
				{Name: "token", About: "The bearer token. Reports never show it."},
			},
		},
		{
			Name: StateItem, About: "An item that is created as a client creates it, and deleted after the run.",
			With: []Member{
				{Name: "vault", About: "The vault by id: {id: \"{{ home.id }}\"}.", Required: true},
				{Name: "category", About: "Category, such as LOGIN.", Required: true},
				{Name: "title", About: "Title of the item."},
				{Name: "tags", About: "List of tags."},
				{Name: "urls", About: "List of URLs: {href, label, primary}."},
				{Name: "favorite", About: "Whether the item is a favorite."},
				{Name: "sections", About: "List of sections: {id, label}."},
				{Name: "fields", About: "List of fields: {id, label, type, purpose, value, section, generate, recipe}."},
				{Name: "id", About: "Ignored by Connect: the server chooses the id."},
			},
			Offers: itemMembers(),
		},
		{
			Name: StateFile, About: "A document with one file in a vault of its own on a mock. On other targets a file that " +
				"exists there, if with is empty.",
			With: []Member{
				{Name: "title", About: "Title of the document. Default: a title that starts with run.prefix."},
				{Name: "name", About: "Name of the file. Default: the name in as, with .txt."},
				{Name: "text", About: "Content of the file. Default: a short text."},
				{Name: "size", About: "Size of generated content in bytes, instead of text."},
			},
			Offers: []Member{
				{Name: "vault", About: "Id of the vault."},
				{Name: "item", About: "Id of the document."},
				{Name: "id", About: "Id of the file."},
				{Name: "name", About: "Name of the file."},
				{Name: "size", About: "Size of the content in bytes."},
				{Name: "sha256", About: "SHA-256 of the content, in hexadecimal digits."},
			},
		},
	}
}

// itemMembers returns the members of an item as servers return it.
func itemMembers() []Member {
	return []Member{
		{Name: "id", About: "Id of the item."},
		{Name: "title", About: "Title of the item."},
		{Name: "category", About: "Category, such as LOGIN."},
		{Name: "vault", About: "The vault: {id, name}."},
		{Name: "version", About: "Number of the version, 1 for a new item."},
		{Name: "tags", About: "Sorted list of tags; missing without tags."},
		{Name: "favorite", About: "Whether the item is a favorite; missing if not."},
		{Name: "fields", About: "List of fields."},
		{Name: "sections", About: "List of sections; missing without sections."},
		{Name: "files", About: "List of files; missing without files."},
		{Name: "urls", About: "List of URLs; missing without URLs."},
		{Name: "createdAt", About: "When the item was created, in RFC 3339."},
		{Name: "updatedAt", About: "When the item was changed last, in RFC 3339."},
		{Name: "lastEditedBy", About: "Who changed the item last."},
		{Name: "additionalInformation", About: "What apps show below the title, such as the user name."},
		{Name: "trashed", About: "Whether the item is in the trash; only old servers."},
	}
}

// States returns the names of the states that a scenario may start from.
func States() []string {
	var names []string
	for _, s := range StateTable() {
		names = append(names, s.Name)
	}
	return names
}

func FindState(name string) (stateSpec, bool) {
	for _, s := range StateTable() {
		if s.Name == name {
			return s, true
		}
	}
	return stateSpec{}, false
}

func memberNames(all []Member) []string {
	var names []string
	for _, m := range all {
		names = append(names, m.Name)
	}
	return names
}
