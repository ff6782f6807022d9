package scenarios

import (
	"errors"

	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// nameOf returns the argument of a command that takes a name.
func nameOf(v any) (string, error) {
	name, err := expression.Text(v)
	if err == nil && name == "" {
		err = errors.New("the name is empty")
	}
	return name, err
}
