package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// modulePath is the path of the module that holds the program.
const modulePath = "github.com/connectmock/connectmock"

// writeProxy writes the present commit as a version of the module into a folder that GOPROXY=file://DIR can name. It
// shows, before a tag exists, that go install ...@latest works.
func writeProxy(dir, version string) error {
	m := module.Version{Path: modulePath, Version: version}
	if err := module.Check(m.Path, m.Version); err != nil {
		return err
	}
	folder := filepath.Join(dir, filepath.FromSlash(m.Path), "@v")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	head, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
	if err != nil {
		return fmt.Errorf("git log: %w: run this in a clone", err)
	}
	var seconds int64
	if _, err := fmt.Sscan(string(head), &seconds); err != nil {
		return err
	}
	info, err := json.Marshal(map[string]any{"Version": version, "Time": time.Unix(seconds, 0).UTC()})
	if err != nil {
		return err
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{
		"list": []byte(version + "\n"), version + ".info": info, version + ".mod": mod,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			return err
		}
	}
	f, err := os.Create(filepath.Join(folder, version+".zip"))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := zip.CreateFromVCS(f, m, ".", "HEAD", ""); err != nil {
		return err
	}
	fmt.Printf("%s is in %s\n", m, folder)
	return f.Close()
}
