package main

import (
	"crypto/tls"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/connectmock/connectmock/mockserver"
)

// startPlan is what the flags of a start say, checked.
type startPlan struct {
	config            mockserver.Config
	addr, controlAddr string      // controlAddr is empty where the control is off
	tls               *tls.Config // nil for plain HTTP
	authority         []byte      // of a self-made certificate, PEM
}

// plan checks every flag. Files are read; nothing is listened on, written or
// removed.
func (s *settings) plan(std *streams) (p startPlan, err error) {
	if p.config, err = s.config(); err != nil {
		return p, err
	}
	if err := p.config.Validate(); err != nil {
		return p, err
	}
	if p.addr, err = address(std, s.addr, s.tls.on()); err != nil {
		return p, err
	}
	if p.controlAddr, err = s.control.address(); err != nil {
		return p, err
	}
	files := []struct{ flag, name string }{{"--ready-file", s.readyFile}, {"--tls-cert-out", s.tls.certOut}}
	if s.store != mockserver.MemoryStore {
		files = append(files, struct{ flag, name string }{"--store", s.store})
	}
	for _, file := range files {
		if err := checkPlace(file.flag, file.name); err != nil {
			return p, err
		}
	}
	host, _, _ := net.SplitHostPort(p.addr) // as address made it
	p.tls, p.authority, err = s.tls.config(host, time.Now())
	return p, err
}

// checkPlace returns an error if no file can be at the name that a flag gives:
// its folder is missing, or it is a folder itself.
func checkPlace(flag, name string) error {
	if name == "" {
		return nil
	}
	folder := filepath.Dir(name)
	switch info, err := os.Stat(folder); {
	case errors.Is(err, fs.ErrNotExist):
		return usage("%s %s: there is no folder %s; make it, or name another file", flag, name, folder)
	case err != nil:
		return usage("%s: %w", flag, err)
	case !info.IsDir():
		return usage("%s %s: %s is no folder", flag, name, folder)
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return usage("%s %s: this is a folder; name a file in it", flag, name)
	}
	return nil
}

// explainStore adds to the error of a store that can't be written what to do.
func (s *settings) explainStore(err error) error {
	denied := errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
	if !denied || s.store == mockserver.MemoryStore {
		return err
	}
	folder, abs := filepath.Abs(filepath.Dir(s.store))
	if abs != nil {
		folder = filepath.Dir(s.store)
	}
	return usage("%w. The database and the files beside it are written by user %d: let that user write to %s, "+
		`run as the owner of that folder (in a container: docker run --user "$(id -u):$(id -g)"), or keep nothing with --store %s`,
		err, os.Getuid(), folder, mockserver.MemoryStore)
}
