package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"
	modzip "golang.org/x/mod/zip"
)

var commitTime = time.Date(2026, 11, 28, 12, 30, 44, 0, time.UTC)

func sampleFiles() []file {
	return []file{{"LICENSE", 0o644, []byte("MIT\n")}, {"connectmock", 0o755, bytes.Repeat([]byte("program"), 1000)}}
}

// Nothing but the files and the time of the commit is in an archive.
func TestArchives_AreTheSameEachTime(t *testing.T) {
	t.Parallel()
	for _, write := range []func(string, []file, time.Time) error{writeTarGz, writeZip} {
		var sums []string
		for _, zone := range []*time.Location{time.UTC, time.FixedZone("east", 3600)} {
			name := filepath.Join(t.TempDir(), "archive")
			if err := write(name, sampleFiles(), commitTime.In(zone)); err != nil {
				t.Fatal(err)
			}
			sum, err := checksum(name)
			if err != nil {
				t.Fatal(err)
			}
			sums = append(sums, sum)
		}
		if sums[0] != sums[1] {
			t.Errorf("two checksums of the same content: %q", sums)
		}
	}
}

func TestWriteTarGz_HasModesAndNoOwners(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.tar.gz")
	if err := writeTarGz(name, sampleFiles(), commitTime); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	compressed, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewReader(compressed)
	var got []file
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		if h.Uid != 0 || h.Gid != 0 || h.Uname != "" || h.Gname != "" || !h.ModTime.Equal(commitTime) {
			t.Errorf("%s: owner %d:%d %q:%q, time %s", h.Name, h.Uid, h.Gid, h.Uname, h.Gname, h.ModTime)
		}
		got = append(got, file{h.Name, h.Mode, content})
	}
	if diff := cmp.Diff(sampleFiles(), got, cmp.AllowUnexported(file{})); diff != "" {
		t.Error(diff)
	}
}

func TestWriteZip_HasTheFiles(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.zip")
	if err := writeZip(name, sampleFiles(), commitTime); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	for i, want := range sampleFiles() {
		f := archive.File[i]
		if f.Name != want.name || int64(f.Mode().Perm()) != want.mode || !f.Modified.Equal(commitTime) {
			t.Errorf("%s %v %s, want %s", f.Name, f.Mode(), f.Modified, want.name)
		}
	}
}

// An SBOM names the modules that are in the binary, and has nothing that changes from run to run.
func TestDescribeBuild_NamesTheModules(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{
		GoVersion: "go1.26.8",
		Main:      debug.Module{Path: "github.com/connectmock/connectmock", Version: "v1.2.3"},
		Deps: []*debug.Module{
			{Path: "example.com/a", Version: "v0.1.0", Sum: "h1:abc="},
			{Path: "example.com/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/c", Version: "v1.0.1"}},
		},
		Settings: []debug.BuildSetting{{Key: "GOOS", Value: "linux"}},
	}
	bom := describeBuild(info)
	if bom.SerialNumber != "" || bom.Metadata.Timestamp != "" {
		t.Error("it has a serial number or a time")
	}
	var urls []string
	for _, c := range *bom.Components {
		urls = append(urls, c.PackageURL)
	}
	want := []string{"pkg:golang/std@1.26.8", "pkg:golang/example.com/a@v0.1.0", "pkg:golang/example.com/c@v1.0.1"}
	if diff := cmp.Diff(want, urls); diff != "" {
		t.Error(diff)
	}
	if got := bom.Metadata.Component.PackageURL; got != "pkg:golang/github.com/connectmock/connectmock@v1.2.3" {
		t.Errorf("the program is %s", got)
	}
}

// The binary of this test is one that Go built.
func TestWriteSBOM_ReadsABinary(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "sbom.json")
	if err := writeSBOM(self, name); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var bom struct {
		BOMFormat, SpecVersion string
		Components             []struct{ Name, Version string }
	}
	if err := json.Unmarshal(text, &bom); err != nil || bom.BOMFormat != "CycloneDX" || bom.SpecVersion != "1.6" {
		t.Fatalf("%v, %s %s", err, bom.BOMFormat, bom.SpecVersion)
	}
	if !strings.Contains(string(text), `"name": "github.com/CycloneDX/cyclonedx-go"`) {
		t.Errorf("a module of this test is missing:\n%s", text)
	}
	if err := writeSBOM("main.go", name); err == nil {
		t.Error("a text was accepted as a binary")
	}
}

// sampleRelease has a checksum for each target.
func sampleRelease(t *testing.T) release {
	t.Helper()
	r := release{version: "1.2.3", dir: t.TempDir(), sums: map[string]string{}}
	for i, target := range allTargets {
		system, arch, _ := strings.Cut(target, "/")
		name := packageValues{Version: r.version}.Archive(system, arch)
		r.sums[name] = strings.Repeat(string("abcdef"[i]), 64)
	}
	return r
}

func TestWritePackages_FillsTheTemplates(t *testing.T) {
	t.Parallel()
	r := sampleRelease(t)
	if err := r.writePackages("../../packaging"); err != nil {
		t.Fatal(err)
	}
	for name, wants := range map[string][]string{
		"connectmock.rb": {
			`version "1.2.3"`, "/releases/download/v1.2.3/connectmock_1.2.3_darwin_arm64.tar.gz", strings.Repeat("d", 64),
		},
		"flake.nix": {`version = "1.2.3";`, "connectmock_1.2.3_linux_arm64.tar.gz", "sha256-3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d0="},
	} {
		text, err := os.ReadFile(filepath.Join(r.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s has no %s:\n%s", name, want, text)
			}
		}
		for _, pair := range []string{"{}", "[]", "()"} {
			if strings.Count(string(text), pair[:1]) != strings.Count(string(text), pair[1:]) {
				t.Errorf("%s has another number of %q than of %q", name, pair[:1], pair[1:])
			}
		}
	}
	delete(r.sums, "connectmock_1.2.3_linux_arm64.tar.gz")
	if err := r.writePackages("../../packaging"); err == nil || !strings.Contains(err.Error(), "no archive for linux/arm64") {
		t.Errorf("a missing archive: %v", err)
	}
}

func TestRun_RefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "diary.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{nil, "usage:"},
		{[]string{"all"}, "usage:"},
		{[]string{"all", t.TempDir(), "plan9/amd64"}, `unknown target "plan9/amd64": there are darwin/amd64`},
		{[]string{"all", full}, "not of an earlier run"},
		{[]string{"sbom", "none", "out"}, "none"},
	} {
		if err := run(tt.args); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.args, err, tt.want)
		}
	}
	if _, err := os.Stat(filepath.Join(full, "diary.txt")); err != nil {
		t.Error("a folder of something else was emptied")
	}
}

// go install ...@latest downloads the module as a zip, which does not take every file name, and refuses a go.mod that
// replaces modules.
func TestModule_CanBeInstalledByVersion(t *testing.T) {
	t.Parallel()
	checked, err := modzip.CheckDir("../..")
	if err == nil {
		err = checked.Err()
	}
	if err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	if mod.Module.Mod.Path != modulePath {
		t.Errorf("the module is %s", mod.Module.Mod.Path)
	}
	if len(mod.Replace)+len(mod.Exclude) > 0 {
		t.Error("go.mod replaces or excludes modules: go install ...@latest refuses that")
	}
}

// goreleaser builds the same archives from its own configuration: names, systems and files are those of this package.
func TestGoreleaser_HasTheSameTargets(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range allTargets {
		system, arch, _ := strings.Cut(target, "/")
		for _, word := range []string{system, arch} {
			if !regexp.MustCompile(`\[[^]]*\b` + word + `\b`).Match(text) {
				t.Errorf(".goreleaser.yaml does not build for %s", word)
			}
		}
	}
	for _, want := range []string{
		`name_template: "connectmock_{{ .Version }}_{{ .Os }}_{{ .Arch }}"`, "name_template: checksums.txt",
		"internal/dist extras", "internal/dist, sbom",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf(".goreleaser.yaml has no %s", want)
		}
	}
}
