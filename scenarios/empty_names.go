package scenarios

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/connectmock/connectmock/scenarios/internal/formula"
)

// namingKeys are the members of commands that name something. Left out they mean
// all or a default, which an empty text must not.
func namingKeys() []string {
	return []string{
		"as", "caller", "connection", "contentType", "fault", "from", "name", "operation", "per", "preset", "status", "sync",
		"to", "token", "vault",
	}
}

// checkNames refuses empty names in a rendered document: most often an
// expression that came out empty.
func checkNames(v any) error {
	switch x := v.(type) {
	case []any:
		for _, each := range x {
			if err := checkNames(each); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(x)) {
			if x[key] == "" && slices.Contains(namingKeys(), key) {
				return fmt.Errorf("%s is empty; leave it out to go without it", key)
			}
			if err := checkNames(x[key]); err != nil {
				return err
			}
		}
	}
	return nil
}

// nameOf returns the name that a command is given.
func nameOf(v any) (string, error) {
	name, err := formula.Text(v)
	if err == nil && name == "" {
		err = errors.New("the name is empty")
	}
	return name, err
}
