package main

import (
	"debug/buildinfo"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// writeSBOM writes what a binary was built from, as the binary itself says: its modules with their checksums, and the
// version of Go.
func writeSBOM(binary, name string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	encoder := cdx.NewBOMEncoder(f, cdx.BOMFileFormatJSON).SetPretty(true)
	if err := encoder.EncodeVersion(describeBuild(info), cdx.SpecVersion1_6); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return f.Close()
}

// describeBuild returns the SBOM of a binary. It has no serial number and no time, so that it can be made again.
func describeBuild(info *debug.BuildInfo) *cdx.BOM {
	program := describeModule(&info.Main)
	program.Type = cdx.ComponentTypeApplication
	if program.Version == "(devel)" { // built without a commit
		program.Version, program.PackageURL = "", "pkg:golang/"+info.Main.Path
		program.BOMRef = program.PackageURL
	}
	settings := []cdx.Property{}
	for _, s := range info.Settings {
		settings = append(settings, cdx.Property{Name: "go:build:" + s.Key, Value: s.Value})
	}
	program.Properties = &settings
	parts := []cdx.Component{{
		BOMRef: "go", Type: cdx.ComponentTypeLibrary, Name: "std", Version: info.GoVersion,
		PackageURL: "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go"),
	}}
	needs := []string{"go"}
	for _, dep := range info.Deps {
		if dep.Replace != nil {
			dep = dep.Replace
		}
		part := describeModule(dep)
		parts, needs = append(parts, part), append(needs, part.BOMRef)
	}
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Component: &program}
	bom.Components = &parts
	bom.Dependencies = &[]cdx.Dependency{{Ref: program.BOMRef, Dependencies: &needs}}
	return bom
}

// describeModule returns a module as a component. Its checksum is the one of go.sum, a property: it is of a list of
// files, not of one file.
func describeModule(m *debug.Module) cdx.Component {
	url := "pkg:golang/" + m.Path + "@" + m.Version
	c := cdx.Component{
		BOMRef: url, Type: cdx.ComponentTypeLibrary, Name: m.Path, Version: m.Version, PackageURL: url,
	}
	if m.Sum != "" {
		c.Properties = &[]cdx.Property{{Name: "go:sum", Value: m.Sum}}
	}
	return c
}
