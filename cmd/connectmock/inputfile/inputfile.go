// Package inputfile reads and writes the files that people start from: fixtures, OpenAPI documents and starters.
package inputfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/internal/starters"
	"github.com/connectmock/connectmock/openapi"
)

// ReadFixture reads a fixture; "-" is standard input.
func ReadFixture(std *cli.Streams, name string) (*fixtures.Fixture, error) {
	if name != "-" {
		return fixtures.LoadFile(name)
	}
	data, err := std.Read(name)
	if err != nil {
		return nil, err
	}
	return fixtures.Load("standard input", data)
}

// LoadDocument reads an OpenAPI document and corrects what makes it unusable.
func LoadDocument(read func(string) ([]byte, error), name string) (*openapi.Document, []openapi.Erratum, error) {
	data, err := read(name)
	if err != nil {
		return nil, nil, err
	}
	doc, errata, err := openapi.Load(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, errata, nil
}

// WriteStarter writes a file to start from. Without a name it gets its usual one.
func WriteStarter(std *cli.Streams, s starters.Starter, name string, force bool) error {
	text, err := s.Text()
	if err != nil {
		return err
	}
	switch name {
	case "-":
		return std.Print(text)
	case "":
		name = s.File
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return cli.AsUsageError(err)
		}
	}
	if err := cli.CheckPlace("FILE", name); err != nil {
		return err
	}
	if err := Create(name, text, force); errors.Is(err, os.ErrExist) {
		return cli.Usage("%w; name another file, print the text with connectmock init %s -, or replace it with "+
			"connectmock init %s %s --force", err, s.Name, s.Name, environment.ShellQuote(name))
	} else if err != nil {
		return err
	}
	return std.Print(fmt.Sprintf("wrote %s; %s\n", name, s.Next(name)))
}

// Create writes a new file. A file that exists is os.ErrExist, unless it may be
// replaced.
func Create(name, text string, replace bool) error {
	mode := os.O_EXCL
	if replace {
		mode = os.O_TRUNC
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|mode, 0o666)
	switch {
	case errors.Is(err, os.ErrExist):
		return cli.AsUsageError(existsError(name))
	case err != nil:
		return cli.AsUsageError(err)
	}
	if _, err = f.WriteString(text); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// existsError is the error about a file that exists already. It is os.ErrExist.
type existsError string

func (e existsError) Error() string { return string(e) + " exists already and was not overwritten" }

func (existsError) Is(target error) bool { return target == os.ErrExist }
