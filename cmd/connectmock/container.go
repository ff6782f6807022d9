package main

import "strings"

// containerWord is the first argument that the image's ENTRYPOINT gives.
const containerWord = "container"

// containerArgs returns the arguments that are meant where the first one is
// containerWord: a container that is given flags alone, or nothing, serves.
// Other arguments are returned as they are.
func containerArgs(args []string) []string {
	if len(args) == 0 || args[0] != containerWord {
		return args
	}
	args = args[1:]
	if len(args) > 0 && args[0] == "connectmock" { // as on a command line elsewhere
		args = args[1:]
	}
	switch {
	case len(args) == 0:
		return []string{"serve"}
	case args[0] == "-h" || args[0] == "--help" || args[0] == "--version":
		return args
	case strings.HasPrefix(args[0], "-"):
		return append([]string{"serve"}, args...)
	}
	return args
}
