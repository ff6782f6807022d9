package main

import (
	"fmt"
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/spf13/cobra"
)

// choice is the value of a flag that is one of several words.
type choice struct {
	value string
	words []string
	form  string // what the value is, for help
}

func (c *choice) Set(text string) error {
	if !slices.Contains(c.words, text) {
		return fmt.Errorf("there is no %s %q%s", c.form, text, nearest.HintWithList(text, c.words))
	}
	c.value = text
	return nil
}

func (c *choice) String() string { return c.value }
func (c *choice) Type() string   { return c.form }

func (c *choice) complete(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return c.words, cobra.ShellCompDirectiveNoFileComp
}

// onOff is the value of a flag that is on or off.
type onOff bool

// Set accepts on and off.
func (v *onOff) Set(text string) error {
	if text != "on" && text != "off" {
		return fmt.Errorf("%q is neither on nor off", text)
	}
	*v = text == "on"
	return nil
}

func (v *onOff) String() string {
	if *v {
		return "on"
	}
	return "off"
}

// Type names the value in the help.
func (v *onOff) Type() string { return "on|off" }
