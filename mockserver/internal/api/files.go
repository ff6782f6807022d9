package api

import (
	"errors"
	"io"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// listFiles answers an item's files; an item without files has an empty array.
func listFiles(s *Handler, x *exchange) (reply, error) {
	held, err := s.heldItem(x)
	if err != nil {
		return reply{}, err
	}
	x.version = held.version
	list := slices.Clone(held.files)
	for i := range list {
		if err := s.inline(x, &list[i]); err != nil {
			return reply{}, err
		}
	}
	if list == nil {
		list = []connect.File{}
	}
	return s.filesReply(s.shownFiles(list))
}

// getFile answers one file's details.
func getFile(s *Handler, x *exchange) (reply, error) {
	f, err := s.fileOf(x)
	if err != nil {
		return reply{}, err
	}
	if err := s.inline(x, &f); err != nil {
		return reply{}, err
	}
	return s.filesReply(s.shownFiles([]connect.File{f})[0])
}

// downloadFile streams a file's bytes from the store, chunk by chunk.
func downloadFile(s *Handler, x *exchange) (reply, error) {
	f, err := s.fileOf(x)
	if err != nil {
		return reply{}, err
	}
	content, size, err := s.openFile(x, f.ID)
	if err != nil {
		return reply{}, err
	}
	return reply{kind: binaryKind, stream: content, size: size,
		headers: []header{{"Content-Disposition", disposition(f.Name)}}}, nil
}

// filesReply encodes a file or a list of files as clients get it.
func (s *Handler) filesReply(document any) (reply, error) {
	rep, err := jsonReply(200, document)
	rep.body = s.withKeyCase(rep.body)
	return rep, err
}

// fileOf is the file of the path, of this item and no other.
func (s *Handler) fileOf(x *exchange) (connect.File, error) {
	held, err := s.heldItem(x)
	if err != nil {
		return connect.File{}, err
	}
	x.version = held.version
	i := slices.IndexFunc(held.files, func(f connect.File) bool { return f.ID == x.file() })
	if i < 0 {
		return connect.File{}, connect.FileNotFound(x.file())
	}
	return held.files[i], nil
}

// inline adds the content where the request asks for it under either of its
// names: inline_content is what the reference and the Java client say [T],
// inline_files what the published document says [D].
func (s *Handler) inline(x *exchange, f *connect.File) error {
	query := x.request.URL.Query()
	asked := func(name string) bool { on, _ := strconv.ParseBool(query.Get(name)); return on }
	if !asked("inline_content") && !asked("inline_files") {
		return nil
	}
	if f.Size > s.maxInline {
		return connect.FileTooLarge()
	}
	content, size, err := s.openFile(x, f.ID)
	if err != nil {
		return err
	}
	defer content.Close()
	f.Content = make([]byte, size)
	_, err = io.ReadFull(content, f.Content)
	if errors.Is(err, store.ErrNotFound) {
		return connect.FileNotFound(f.ID)
	}
	return err
}

// disposition is the header that names a download: the name always in quotes,
// as documented [D]; where it is not plain ASCII, also in the extended form of
// RFC 5987, and the quoted one has underscores instead [G].
func disposition(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '_' // a line break in a header would end it
		}
		return r
	}, name)
	plain := strings.Map(func(r rune) rune {
		if r > '~' {
			return '_'
		}
		return r
	}, clean)
	value := `attachment; filename="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(plain) + `"`
	if plain == clean {
		return value
	}
	_, extended, _ := strings.Cut(mime.FormatMediaType("attachment", map[string]string{"filename": clean}), ";")
	return value + ";" + extended
}
