package controlapi

import (
	"fmt"
	"maps"
	"slices"
)

// namingMembers returns the members that name something. A member that is left out means all or a default; an empty
// name must not mean that.
func namingMembers() []string {
	return []string{
		"account", "as", "caller", "connection", "contentType", "fault", "from", "name", "operation", "per", "preset",
		"status", "sync", "to", "token", "vault",
	}
}

// CheckNames returns an error for an empty name in JSON that was decoded into any. Most often it comes from a variable
// or an expression that was empty. The types of this package can't tell an empty name from one that is left out.
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
