package cliflag

import (
	"fmt"
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/cobra"
)

// Choice is the value of a flag that is one of several words.
type Choice struct {
	Value string
	Words []string
	Form  string // what the value is, for help
}

func (c *Choice) Set(text string) error {
	if !slices.Contains(c.Words, text) {
		return fmt.Errorf("there is no %s %q%s", c.Form, text, nearest.HintWithList(text, c.Words))
	}
	c.Value = text
	return nil
}

func (c *Choice) String() string { return c.Value }
func (c *Choice) Type() string   { return c.Form }

// Complete offers the words to a shell.
func (c *Choice) Complete(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return c.Words, cobra.ShellCompDirectiveNoFileComp
}

// OnOff is the value of a flag that is on or off.
type OnOff bool

// Set accepts on and off.
func (v *OnOff) Set(text string) error {
	if text != "on" && text != "off" {
		return fmt.Errorf("%q is neither on nor off", text)
	}
	*v = text == "on"
	return nil
}

func (v *OnOff) String() string {
	if *v {
		return "on"
	}
	return "off"
}

// Type names the value in the help.
func (v *OnOff) Type() string { return "on|off" }
