package main

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

// packageValues is what the templates of packages see.
type packageValues struct {
	Version string // without the v
	sums    map[string]string
}

// Archive returns the name of the archive of a system, as goreleaser names it too.
func (v packageValues) Archive(system, arch string) string {
	return fmt.Sprintf("connectmock_%s_%s_%s.tar.gz", v.Version, system, arch)
}

// SHA256 returns the checksum of an archive in hexadecimal.
func (v packageValues) SHA256(system, arch string) (string, error) {
	sum, found := v.sums[v.Archive(system, arch)]
	if !found {
		return "", fmt.Errorf("there is no archive for %s/%s", system, arch)
	}
	return sum, nil
}

// SRI returns the checksum of an archive as Nix writes it.
func (v packageValues) SRI(system, arch string) (string, error) {
	sum, err := v.SHA256(system, arch)
	if err != nil {
		return "", err
	}
	raw, err := hex.DecodeString(sum)
	return "sha256-" + base64.StdEncoding.EncodeToString(raw), err
}

// writePackages fills each template NAME.tmpl of a folder, and writes NAME.
func (r *release) writePackages(templates string) error {
	names, err := filepath.Glob(filepath.Join(templates, "*.tmpl"))
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return fmt.Errorf("%s has no templates: run this in the root of the repository", templates)
	}
	for _, name := range names {
		parsed, err := template.New(filepath.Base(name)).Option("missingkey=error").ParseFiles(name)
		if err != nil {
			return err
		}
		var text strings.Builder
		if err := parsed.Execute(&text, packageValues{r.version, r.sums}); err != nil {
			return err
		}
		out := filepath.Join(r.dir, strings.TrimSuffix(filepath.Base(name), ".tmpl"))
		if err := os.WriteFile(out, []byte(text.String()), 0o644); err != nil {
			return err
		}
	}
	return nil
}
