package backend

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// MaxFileBytes is how large a file may be that a person adds: it is in memory as a whole, because the store waits for
// nobody who sends slowly. Fixtures may have larger ones.
const MaxFileBytes = 32 << 20

// AddFile adds a file to an item: in the section that has the id or label f.Section, or in none. Its id and size are
// set by the server. The error is a 400 for a name that can't be, an unknown section or a file that is too large.
func (b *Backend) AddFile(
	ctx context.Context, account, vault, item string, f controlapi.ItemFile, content []byte,
) (controlapi.ItemFile, error) {
	if err := checkFile(f, content); err != nil {
		return f, err
	}
	p, err := b.findPlace(ctx, account, vault, item)
	if err != nil {
		return f, err
	}
	_, it, err := b.findStoredItem(ctx, p.write.Account, p.vault.ID, p.item)
	if err != nil {
		return f, err
	}
	added := connect.File{ID: b.random.ID(), Name: f.Name}
	added.ContentPath = ContentPath(p.vault.ID, p.item, added.ID)
	if f.Section != "" {
		i := slices.IndexFunc(it.Sections, func(s connect.Section) bool { return f.Section == s.ID || f.Section == s.Label })
		if i < 0 {
			return f, Errorf(400, "the item has no section %.*q; add it to the item, or leave the section out",
				maxNameBytes, f.Section)
		}
		added.Section = &it.Sections[i]
	}
	p.write.IfVersion = it.Version
	if added, err = b.Vaults.AddFile(ctx, p.write, p.vault.ID, p.item, added, content); err != nil {
		return f, editError(err)
	}
	return controlapi.ItemFile{
		ID: added.ID, Name: added.Name, Section: sectionName(it, added.Section), Size: added.Size,
	}, nil
}

// checkFile returns an error for a file that can't be added.
func checkFile(f controlapi.ItemFile, content []byte) error {
	switch {
	case f.ID != "" || f.Size != 0:
		return Errorf(400, "the id and the size of a file are set by the server; leave them out")
	case strings.TrimSpace(f.Name) == "":
		return Errorf(400, "a file needs a name")
	case len(f.Name) > 255 || !utf8.ValidString(f.Name) || strings.ContainsFunc(f.Name, unicode.IsControl):
		return Errorf(400, "the name of a file can have 255 bytes of UTF-8, without line breaks and control characters")
	case len(content) > MaxFileBytes:
		return Errorf(413, "a file can have %d MiB", MaxFileBytes>>20)
	}
	return nil
}

// DeleteFile deletes a file of an item, which is given by its id or name. The error is a 409 if several have the name.
func (b *Backend) DeleteFile(ctx context.Context, account, vault, item, file string) error {
	p, err := b.findPlace(ctx, account, vault, item)
	if err != nil {
		return err
	}
	_, f, err := b.findFile(ctx, p.write.Account, p.vault.ID, p.item, file)
	if err != nil {
		return err
	}
	return editError(b.Vaults.RemoveFile(ctx, p.write, p.vault.ID, p.item, f.ID))
}

// OpenFile returns a file of an item, which is given by its id or name, and its content. Close the content.
func (b *Backend) OpenFile(
	ctx context.Context, account, vault, item, file string,
) (controlapi.ItemFile, io.ReadCloser, error) {
	id, f, err := b.findFile(ctx, account, vault, item, file)
	if err != nil {
		return controlapi.ItemFile{}, nil, err
	}
	p, err := b.findPlace(ctx, id, vault, item)
	if err != nil {
		return controlapi.ItemFile{}, nil, err
	}
	content, _, err := b.store.OpenFile(ctx, id, p.item, f.ID)
	if errors.Is(err, store.ErrNotFound) {
		err = unknownName("file", file, nil)
	}
	return f, content, err
}

// findFile returns the id of an account, and a file of an item by its id or name.
func (b *Backend) findFile(
	ctx context.Context, account, vault, item, file string,
) (id string, f controlapi.ItemFile, err error) {
	id, it, err := b.findStoredItem(ctx, account, vault, item)
	if err != nil {
		return id, f, err
	}
	var names []string
	var found []connect.File
	for _, candidate := range it.Files {
		names = append(names, candidate.Name)
		if candidate.ID == file {
			found = []connect.File{candidate}
			break
		}
		if candidate.Name == file {
			found = append(found, candidate)
		}
	}
	switch len(found) {
	case 0:
		return id, f, unknownName("file", file, names)
	case 1:
		return id, controlapi.ItemFile{
			ID: found[0].ID, Name: found[0].Name, Section: sectionName(it, found[0].Section), Size: found[0].Size,
		}, nil
	}
	return id, f, Errorf(409, "%d files of the item have the name %.*q; give the id of one", len(found), maxNameBytes, file)
}
