package api

import (
	"mime"
	"strconv"
	"strings"
)

// listFiles returns an item's files. An item without files has an empty array.
func listFiles(h *Handler, c *call) (response, error) {
	list, err := h.backend.Vaults.ListFiles(c.context(), c.view(), c.vault(), c.item(), c.wantsInline())
	c.version = list.Version
	return documentResponse(jsonKind, list.Document), err
}

// getFile returns the details of a file.
func getFile(h *Handler, c *call) (response, error) {
	file, err := h.backend.Vaults.File(c.context(), c.view(), c.vault(), c.item(), c.file(), c.wantsInline())
	c.version = file.Version
	return documentResponse(jsonKind, file.Document), err
}

// downloadFile streams the content of a file.
func downloadFile(h *Handler, c *call) (response, error) {
	file, name, err := h.backend.Vaults.Download(c.context(), c.view(), c.vault(), c.item(), c.file())
	c.version = file.Version
	r := documentResponse(binaryKind, file.Document)
	r.headers = []header{{"Content-Disposition", contentDisposition(name)}}
	return r, err
}

// wantsInline reports whether the request wants the content of files within the document, by either of the names:
// inline_content is what the reference and the Java client say [T], inline_files what the published document says [D].
func (c *call) wantsInline() bool {
	isTrue := func(name string) bool { on, _ := strconv.ParseBool(c.query(name)); return on }
	return isTrue("inline_content") || isTrue("inline_files")
}

// contentDisposition returns the header that names a download: the name always in quotes, as documented [D]. A name
// that is not plain ASCII is also in the extended form of RFC 5987, and the quoted one has underscores instead [G].
func contentDisposition(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '_' // a line break would end the header
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
