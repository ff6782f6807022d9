package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// allTargets are the systems that a release is for, as GOOS/GOARCH.
var allTargets = []string{
	"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64", "windows/arm64",
}

// release is what all archives of a run have in common.
type release struct {
	version string    // without the v
	time    time.Time // of every file in the archives
	dir     string    // of the archives
	extras  string    // folder of completions and manual pages
	sums    map[string]string
}

// buildAll fills the folder out with a release for the targets. It removes what an earlier run left there.
func buildAll(out string, targets []string) error {
	if err := removeOwn(out); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "connectmock-dist-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	host := filepath.Join(work, "host", binaryName(runtime.GOOS))
	if err := buildBinary(host, runtime.GOOS, runtime.GOARCH); err != nil {
		return err
	}
	r := release{dir: out, extras: filepath.Join(work, "extras"), sums: map[string]string{}}
	if r.version, err = versionOf(host); err != nil {
		return err
	}
	if r.time, err = sourceTime(host); err != nil {
		return err
	}
	if err := writeExtras(host, r.extras, r.time); err != nil {
		return err
	}
	for _, target := range targets {
		if err := r.buildTarget(work, target); err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
	}
	if err := r.writeChecksums(); err != nil {
		return err
	}
	if len(targets) < len(allTargets) {
		fmt.Printf("%s: no Homebrew formula and no Nix flake, which need all targets\n", out)
		return nil
	}
	return r.writePackages("packaging")
}

// marker is a file in the folder of a run, without which the folder is not removed.
const marker = "checksums.txt"

// removeOwn removes the folder of an earlier run. A folder of something else is an error.
func removeOwn(out string) error {
	entries, err := os.ReadDir(out)
	if err == nil && len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(out, marker)); err != nil {
			return fmt.Errorf("%s has files and no %s, so it is not of an earlier run: remove it, or name another folder",
				out, marker)
		}
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	return os.MkdirAll(out, 0o755)
}

// binaryName returns the name of the program on a system.
func binaryName(system string) string {
	if system == "windows" {
		return "connectmock.exe"
	}
	return "connectmock"
}

// buildBinary compiles the program for a system. The flags are those of make build; the commit is recorded, whatever
// GOFLAGS says.
func buildBinary(name, system, arch string) error {
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=auto", "-ldflags=-s -w", "-o", name, "./cmd/connectmock")
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+arch, "GOAMD64=v1", "GOARM64=v8.0")
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	return c.Run()
}

// buildTarget adds the archive and the SBOM of a target.
func (r *release) buildTarget(work, target string) error {
	system, arch, _ := strings.Cut(target, "/")
	binary := filepath.Join(work, system+"-"+arch, binaryName(system))
	if err := buildBinary(binary, system, arch); err != nil {
		return err
	}
	files, err := r.contents(binary)
	if err != nil {
		return err
	}
	base := fmt.Sprintf("connectmock_%s_%s_%s", r.version, system, arch)
	archive := base + ".tar.gz"
	write := writeTarGz
	if system == "windows" {
		archive, write = base+".zip", writeZip
	}
	if err := write(filepath.Join(r.dir, archive), files, r.time); err != nil {
		return err
	}
	sbom := base + ".cdx.json"
	if err := writeSBOM(binary, filepath.Join(r.dir, sbom)); err != nil {
		return err
	}
	for _, name := range []string{archive, sbom} {
		if r.sums[name], err = checksum(filepath.Join(r.dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// versionOf returns the version that a binary states, without the v.
func versionOf(binary string) (string, error) {
	out, err := exec.Command(binary, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("%s --version: %w", binary, err)
	}
	words := strings.Fields(string(out)) // connectmock version v0.3.0
	if len(words) != 3 {
		return "", fmt.Errorf("%s --version prints %q", binary, out)
	}
	return strings.TrimPrefix(words[2], "v"), nil
}

// sourceTime returns the time of the commit that a binary was built from; without one it is the beginning of 2000.
func sourceTime(binary string) (time.Time, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return time.Time{}, err
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			return time.Parse(time.RFC3339, s.Value)
		}
	}
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), nil
}

// checksum returns the SHA-256 of a file in hexadecimal.
func checksum(name string) (string, error) {
	data, err := os.ReadFile(name)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), err
}
