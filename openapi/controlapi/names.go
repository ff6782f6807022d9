package controlapi

import (
	"fmt"
	"maps"
	"slices"
)

// namingMembers are the members of documents that name something. Left out they
// mean all or a default, which an empty text must not.
func namingMembers() []string {
	return []string{
		"account", "as", "caller", "connection", "contentType", "fault", "from", "name", "operation", "per", "preset",
		"status", "sync", "to", "token", "vault",
	}
}

// CheckNames refuses empty names in a document that was decoded from JSON into
// any: most often a variable or an expression that came out empty. The document
// types of this package cannot tell an empty name from one that is left out.
func CheckNames(v any) error {
	switch x := v.(type) {
	case []any:
		for _, each := range x {
			if err := CheckNames(each); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(x)) {
			if (x[key] == "" || x[key] == nil) && slices.Contains(namingMembers(), key) {
				return fmt.Errorf("%s is empty; leave it out to go without it", key)
			}
			if err := CheckNames(x[key]); err != nil {
				return err
			}
		}
	}
	return nil
}
