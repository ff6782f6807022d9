package vaults

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// ListFiles returns the files of an item, an array; with inline, each has its content. The error is a
// *connect.Error for a file that is too large to be sent inline.
func (vs *Vaults) ListFiles(ctx context.Context, view View, vault, item string, inline bool) (Item, error) {
	it, err := vs.visibleItem(ctx, view, vault, item)
	if err != nil {
		return Item{}, err
	}
	out := Item{Version: it.version}
	list := slices.Clone(it.files)
	for i := range list {
		if !inline {
			break
		}
		if list[i].Content, err = vs.fileContent(ctx, view, item, list[i]); err != nil {
			return out, err
		}
	}
	out.Body, err = vs.encoder.Files(list)
	return out, err
}

// File returns a file of an item and no other; with inline, it has its content.
func (vs *Vaults) File(ctx context.Context, view View, vault, item, file string, inline bool) (Item, error) {
	f, version, err := vs.findFile(ctx, view, vault, item, file)
	out := Item{Version: version}
	if err == nil && inline {
		f.Content, err = vs.fileContent(ctx, view, item, f)
	}
	if err != nil {
		return out, err
	}
	out.Body, err = vs.encoder.File(f)
	return out, err
}

// Download returns the content of a file of an item as a stream, and its name.
func (vs *Vaults) Download(
	ctx context.Context, view View, vault, item, file string,
) (out Item, name string, err error) {
	f, version, err := vs.findFile(ctx, view, vault, item, file)
	out.Version = version
	if err != nil {
		return out, "", err
	}
	out.Stream, out.Size, err = vs.openFile(ctx, view, item, f.ID)
	return out, f.Name, err
}

// findFile returns a file of an item, and the item's version, which is also set where only the file is not found.
func (vs *Vaults) findFile(ctx context.Context, view View, vault, item, file string) (connect.File, int, error) {
	it, err := vs.visibleItem(ctx, view, vault, item)
	if err != nil {
		return connect.File{}, 0, err
	}
	i := slices.IndexFunc(it.files, func(f connect.File) bool { return f.ID == file })
	if i < 0 {
		return connect.File{}, it.version, connect.FileNotFound(file)
	}
	return it.files[i], it.version, nil
}

// fileContent returns the content of a file to be sent inline.
func (vs *Vaults) fileContent(ctx context.Context, view View, item string, f connect.File) ([]byte, error) {
	if f.Size > vs.options.MaxInline {
		return nil, connect.FileTooLarge()
	}
	content, size, err := vs.openFile(ctx, view, item, f.ID)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	body := make([]byte, size)
	_, err = io.ReadFull(content, body)
	if errors.Is(err, store.ErrNotFound) {
		return nil, connect.FileNotFound(f.ID)
	}
	return body, err
}

// openFile opens the content of a file as the caller sees it. A file that was deleted since its item was read is not
// found.
func (vs *Vaults) openFile(ctx context.Context, view View, item, file string) (io.ReadCloser, int64, error) {
	content, size, err := vs.store.OpenFile(ctx, view.Account, item, file)
	if errors.Is(err, store.ErrNotFound) {
		if kept, ok := vs.Pending.FileContent(view.Account, item, file); ok {
			return io.NopCloser(bytes.NewReader(kept)), int64(len(kept)), nil
		}
		return nil, 0, connect.FileNotFound(file)
	}
	if err == nil && (vs.options.HasFaults() || !vs.Pending.IsEmpty()) {
		return &deletableFile{ReadCloser: content, kept: func() ([]byte, bool) {
			return vs.Pending.FileContent(view.Account, item, file)
		}}, size, nil
	}
	return content, size, err
}

// deletableFile is a file that stays readable when it is deleted while it is read, if its content was kept.
type deletableFile struct {
	io.ReadCloser
	kept func() ([]byte, bool)
	read int
}

// Read reads from the store and, once the file was deleted, from the content that was kept.
func (f *deletableFile) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	f.read += n
	if !errors.Is(err, store.ErrNotFound) {
		return n, err
	}
	content, ok := f.kept()
	if !ok || f.read > len(content) {
		return n, err
	}
	if err := f.Close(); err != nil {
		return n, err
	}
	f.ReadCloser = io.NopCloser(bytes.NewReader(content[f.read:]))
	return n, nil
}

// filesToKeep returns the files of an item that is about to be deleted, where some callers must still be able to read
// them. Files that take too much memory are not kept.
func (vs *Vaults) filesToKeep(ctx context.Context, w Write, vault, item string) (map[string][]byte, error) {
	if w.Lag == 0 && !vs.Pending.MustAdd(w.Account) {
		return nil, nil
	}
	it, err := vs.cachedItem(ctx, w.View, vault, item)
	var all int64
	for _, f := range it.files {
		all += f.Size
	}
	if err != nil || len(it.files) == 0 || !vs.Pending.CanKeepFiles(all) {
		return nil, nil // the deletion reports what is wrong with the item
	}
	contents := make(map[string][]byte, len(it.files))
	for _, f := range it.files {
		content, size, err := vs.store.OpenFile(ctx, w.Account, item, f.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		contents[f.ID] = make([]byte, size)
		_, err = io.ReadFull(content, contents[f.ID])
		content.Close()
		if err != nil {
			return nil, err
		}
	}
	return contents, nil
}
