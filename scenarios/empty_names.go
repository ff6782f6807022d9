package scenarios

import (
	"errors"

	"github.com/connectmock/connectmock/scenarios/internal/formula"
)

// nameOf returns the name that a command is given.
func nameOf(v any) (string, error) {
	name, err := formula.Text(v)
	if err == nil && name == "" {
		err = errors.New("the name is empty")
	}
	return name, err
}
