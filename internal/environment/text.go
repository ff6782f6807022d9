package environment

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/connectmock/connectmock/internal/nearest"
)

// format is a form of variables as text.
type format struct {
	name string
	text func([]Variable) string
}

// formats returns all formats.
func formats() []format {
	return []format{
		{"sh", lines(func(v Variable) string { return "export " + v.Name + "=" + ShellQuote(v.Value) })},
		{"fish", lines(func(v Variable) string { return "set -gx " + v.Name + " " + fishQuote(v.Value) })},
		{"powershell", lines(func(v Variable) string { return "$env:" + v.Name + " = " + powershellQuote(v.Value) })},
		{"dotenv", lines(func(v Variable) string { return v.Name + "=" + dotenvQuote(v.Value) })},
		{"json", jsonText},
		{"docker", func(vars []Variable) string { return strings.Join(dockerArgs(vars), " ") + "\n" }},
		{"k8s", secretManifest},
	}
}

// Formats returns the names of all formats.
func Formats() (names []string) {
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// IsForContainers reports whether a format is read by something that runs clients in containers, where this machine
// has another name and other files.
func IsForContainers(format string) bool { return format == "docker" || format == "k8s" }

// Text returns variables in a format, as lines. The error about a value that can't be written names its variable and
// does not contain the value.
func Text(format string, vars []Variable) (string, error) {
	for _, f := range formats() {
		if f.name != format {
			continue
		}
		for _, v := range vars {
			if !utf8.ValidString(v.Value) || strings.ContainsRune(v.Value, 0) {
				return "", fmt.Errorf("%s: its value is not text, so that it can't be written as %s", v.Name, format)
			}
		}
		return f.text(vars), nil
	}
	known := Formats()
	return "", fmt.Errorf("there is no format %q%s", format, nearest.HintWithList(format, known))
}

// DockerCommand returns a docker command, on several lines, that runs a container with the variables.
func DockerCommand(vars []Variable, image string) string {
	args := dockerArgs(vars)
	words := []string{"docker run --rm " + args[0]}
	return strings.Join(slices.Concat(words, args[1:]), " \\\n  ") + " " + ShellQuote(image) + "\n"
}

// lines returns a text with one statement for each variable.
func lines(statement func(Variable) string) func([]Variable) string {
	return func(vars []Variable) string {
		var b strings.Builder
		for _, v := range vars {
			b.WriteString(statement(v) + "\n")
		}
		return b.String()
	}
}

// jsonText returns an object with a member for each variable.
func jsonText(vars []Variable) string {
	var b strings.Builder
	for i, v := range vars {
		separator := ",\n"
		if i == 0 {
			separator = ""
		}
		fmt.Fprintf(&b, "%s  %s: %s", separator, jsonQuote(v.Name), jsonQuote(v.Value))
	}
	return "{\n" + b.String() + "\n}\n"
}

func jsonQuote(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string into memory
	return strings.TrimSuffix(b.String(), "\n")
}

// dockerArgs returns arguments of docker run, quoted for a shell. The first lets the container reach this machine on
// Linux too, where Docker does not add the name by itself [D].
func dockerArgs(vars []Variable) []string {
	args := []string{"--add-host=" + containerHost + ":host-gateway"}
	for _, v := range vars {
		args = append(args, "--env "+ShellQuote(v.String()))
	}
	return args
}

// secretManifest returns a manifest of a Kubernetes Secret, for envFrom.
func secretManifest(vars []Variable) string {
	head := "apiVersion: v1\nkind: Secret\nmetadata:\n  name: op-connect\nstringData:\n"
	return head + lines(func(v Variable) string { return "  " + v.Name + ": " + yamlQuote(v.Value) })(vars)
}
