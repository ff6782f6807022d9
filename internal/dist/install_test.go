//go:build unix

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fakeRelease returns a folder with a release for linux/amd64 and darwin/arm64, whose program is a script.
func fakeRelease(t *testing.T) string {
	t.Helper()
	r := release{version: "1.2.3", dir: t.TempDir(), sums: map[string]string{}}
	script := "#!/bin/sh\necho connectmock v1.2.3\n"
	files := []file{{"connectmock", 0o755, []byte(script)}, {"man/connectmock.1", 0o644, []byte(".TH\n")}}
	for _, system := range []string{"linux_amd64", "darwin_arm64"} {
		name := "connectmock_1.2.3_" + system + ".tar.gz"
		if err := writeTarGz(filepath.Join(r.dir, name), files, time.Unix(1e9, 0)); err != nil {
			t.Fatal(err)
		}
		sum, err := checksum(filepath.Join(r.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		r.sums[name], r.sums["connectmock_1.2.3_"+system+".cdx.json"] = sum, strings.Repeat("0", 64)
	}
	if err := r.writeChecksums(); err != nil {
		t.Fatal(err)
	}
	return r.dir
}

// toolsWithout returns a folder for PATH that has what install.sh needs, but for some programs, and a uname that says
// what it is told.
func toolsWithout(t *testing.T, system, processor string, missing ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{
		"sh", "cat", "chmod", "cp", "curl", "cut", "grep", "gzip", "mkdir", "mktemp", "mv", "openssl", "rm", "sed", "sha256sum",
		"shasum", "tar", "wget",
	} {
		path, err := exec.LookPath(name)
		if err != nil || slices.Contains(missing, name) {
			continue
		}
		if err := os.Symlink(path, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	uname := fmt.Sprintf("#!/bin/sh\ncase $1 in -s) echo %s ;; -m) echo %s ;; esac\n", system, processor)
	// A process that another test starts meanwhile would keep the script open for writing, and then it can't be run.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(filepath.Join(dir, "uname"), []byte(uname), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// runInstall runs install.sh with a PATH and returns what it printed.
func runInstall(t *testing.T, path, home string, args ...string) (string, error) {
	t.Helper()
	c := exec.Command("sh", append([]string{"../../install.sh"}, args...)...)
	c.Env = []string{"PATH=" + path, "HOME=" + home}
	out, err := c.CombinedOutput()
	return string(out), err
}

// It downloads with what the machine has, over HTTP or from a folder.
func TestInstall_InstallsTheCheckedProgram(t *testing.T) {
	t.Parallel()
	folder := fakeRelease(t)
	web := httptest.NewServer(http.FileServer(http.Dir(folder)))
	t.Cleanup(web.Close)
	for _, tt := range []struct {
		name, system, processor, from, version string
		missing                                []string
		needs                                  string
	}{
		{"curl", "Linux", "x86_64", web.URL, "v1.2.3", []string{"wget"}, "curl"},
		{"wget", "Linux", "amd64", web.URL, "1.2.3", []string{"curl"}, "wget"},
		{"a folder", "Darwin", "arm64", folder, "latest", []string{"curl", "wget"}, ""},
		{"openssl", "Linux", "x86_64", folder, "latest", []string{"sha256sum", "shasum"}, "openssl"},
		{"shasum", "Linux", "x86_64", folder, "latest", []string{"sha256sum", "openssl"}, "shasum"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(tt.needs); tt.needs != "" && err != nil {
				t.Skipf("there is no %s", tt.needs)
			}
			home := t.TempDir()
			path := toolsWithout(t, tt.system, tt.processor, tt.missing...)
			out, err := runInstall(t, path, home, "--from", tt.from, "--version", tt.version, "--man", home+"/man1")
			if err != nil || !strings.Contains(out, "connectmock v1.2.3 is in "+home+"/.local/bin/connectmock") ||
				!strings.Contains(out, "is not in PATH") {
				t.Fatalf("%v:\n%s", err, out)
			}
			info, err := os.Stat(filepath.Join(home, ".local/bin/connectmock"))
			if err != nil || info.Mode().Perm() != 0o755 {
				t.Errorf("the program: %v, %v", info, err)
			}
			if _, err := os.Stat(filepath.Join(home, "man1/connectmock.1")); err != nil {
				t.Error(err)
			}
			if left, _ := os.ReadDir(filepath.Join(home, ".local/bin")); len(left) != 1 {
				t.Errorf("it left %v", left)
			}
		})
	}
}

// Whatever is wrong: it says what to do, and neither installs nor removes anything.
func TestInstall_RefusesWhatItCannotTrust(t *testing.T) {
	t.Parallel()
	good := fakeRelease(t)
	// change returns a copy of the release in which a text of the checksums is replaced.
	change := func(old, new string) string {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, "checksums.txt")
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(strings.ReplaceAll(string(text), old, new)), 0o644); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	sum, err := checksum(filepath.Join(good, "connectmock_1.2.3_linux_amd64.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	taken := t.TempDir()
	if err := os.Mkdir(filepath.Join(taken, "connectmock"), 0o755); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	for _, tt := range []struct {
		name, system, processor string
		args                    []string
		missing                 []string
		want                    string
	}{
		{"wrong checksum", "Linux", "x86_64", []string{"--from", change(sum, strings.Repeat("a", 64))}, nil,
			"the checksum of connectmock_1.2.3_linux_amd64.tar.gz is wrong, so nothing was installed"},
		{"no checksum", "Linux", "x86_64", []string{"--from", change(sum, "")}, nil, "names no archive"},
		{"path in checksums", "Linux", "x86_64", []string{"--from", change("connectmock_1", "../connectmock_1")}, nil,
			"names no archive"},
		{"other version", "Linux", "x86_64", []string{"--from", good, "--version", "v1.2.4"}, nil, "not version v1.2.4"},
		{"no archive for it", "Linux", "aarch64", []string{"--from", good}, nil, "names no archive"},
		{"unknown system", "Plan9", "x86_64", []string{"--from", good}, nil, "go install github.com/connectmock"},
		{"unknown processor", "Linux", "riscv64", []string{"--from", good}, nil, "no release for the processor riscv64"},
		{"Windows", "MINGW64_NT-10.0", "x86_64", []string{"--from", good}, nil, ".zip"},
		{"no such release", "Linux", "x86_64", []string{"--from", web.URL}, nil, "does the release exist"},
		{"no such folder", "Linux", "x86_64", []string{"--from", good + "/none"}, nil, "has no file checksums.txt"},
		{"no way to download", "Linux", "x86_64", []string{"--from", web.URL}, []string{"curl", "wget"}, "use --from FOLDER"},
		{"no way to check", "Linux", "x86_64", []string{"--from", good}, []string{"sha256sum", "shasum", "openssl"},
			"nothing was installed"},
		{"folder that can't be made", "Linux", "x86_64", []string{"--from", good, "--dir", "/dev/null/bin"}, nil,
			"choose another folder with --dir"},
		{"folder in its place", "Linux", "x86_64", []string{"--from", good, "--dir", taken}, nil,
			taken + "/connectmock is a folder"},
		{"unknown argument", "Linux", "x86_64", []string{"--prefix", "/usr"}, nil, "unknown argument --prefix"},
		{"no value", "Linux", "x86_64", []string{"--dir"}, nil, "--dir needs a value"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			kept := filepath.Join(home, ".local/bin/connectmock")
			if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(kept, []byte("old"), 0o755); err != nil {
				t.Fatal(err)
			}
			out, err := runInstall(t, toolsWithout(t, tt.system, tt.processor, tt.missing...), home, tt.args...)
			if err == nil || !strings.Contains(out, tt.want) {
				t.Errorf("%v, want %q:\n%s", err, tt.want, out)
			}
			if text, err := os.ReadFile(kept); err != nil || string(text) != "old" {
				t.Errorf("the old program is %q, %v", text, err)
			}
			if left, _ := os.ReadDir(filepath.Dir(kept)); len(left) != 1 {
				t.Errorf("it left %v", left)
			}
		})
	}
}

func TestInstall_ReportsAFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		t.Skip("root writes everywhere")
	}
	path := toolsWithout(t, "Linux", "x86_64")
	out, err := runInstall(t, path, t.TempDir(), "--from", fakeRelease(t), "--dir", dir)
	if err == nil || !strings.Contains(out, dir+" can't be written to: choose another folder with --dir") {
		t.Errorf("%v:\n%s", err, out)
	}
}

// The script knows the systems that a release is for.
func TestInstall_KnowsTheTargets(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../install.sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range allTargets {
		system, arch, _ := strings.Cut(target, "/")
		if system == "windows" {
			continue
		}
		for _, want := range []string{"os=" + system + " ;;", "arch=" + arch + " ;;"} {
			if !strings.Contains(string(text), want) {
				t.Errorf("install.sh does not know %s", want)
			}
		}
	}
}
