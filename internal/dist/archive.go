package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// file is a file in an archive.
type file struct {
	name string // with slashes
	mode int64
	data []byte
}

// contents returns the files of an archive in the order of their names: the program, its licence and changelog,
// completions and manual pages.
func (r *release) contents(binary string) (files []file, err error) {
	add := func(path, name string, mode int64) error {
		data, err := os.ReadFile(path)
		files = append(files, file{name, mode, data})
		return err
	}
	if err := add(binary, filepath.Base(binary), 0o755); err != nil {
		return nil, err
	}
	for _, name := range []string{"CHANGELOG.md", "LICENSE", "README.md"} {
		if err := add(name, name, 0o644); err != nil {
			return nil, err
		}
	}
	err = fs.WalkDir(os.DirFS(r.extras), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return add(filepath.Join(r.extras, filepath.FromSlash(name)), name, 0o644)
	})
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return files, err
}

// writeTarGz writes a compressed tar archive without a trace of the machine: no owners and no names, one time for all.
func writeTarGz(name string, files []file, at time.Time) error {
	var out bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(compressed)
	for _, f := range files {
		h := &tar.Header{
			Typeflag: tar.TypeReg, Name: f.name, Mode: f.mode, Size: int64(len(f.data)), ModTime: at,
			Format: tar.FormatUSTAR,
		}
		if err := archive.WriteHeader(h); err != nil {
			return err
		}
		if _, err := archive.Write(f.data); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	if err := compressed.Close(); err != nil {
		return err
	}
	return os.WriteFile(name, out.Bytes(), 0o644)
}

// writeZip writes a zip archive, in the same way.
func writeZip(name string, files []file, at time.Time) error {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: at.UTC()}
		h.SetMode(fs.FileMode(f.mode))
		w, err := archive.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := w.Write(f.data); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return os.WriteFile(name, out.Bytes(), 0o644)
}

// writeChecksums writes the checksums as sha256sum does, in the order of the names.
func (r *release) writeChecksums() error {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.sums)) {
		fmt.Fprintf(&text, "%s  %s\n", r.sums[name], name)
	}
	return os.WriteFile(filepath.Join(r.dir, marker), []byte(text.String()), 0o644)
}
