package contract

import (
	"bytes"
	"mime"
	"regexp"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// fileRules returns the rules about the files of an item.
func fileRules() []rule {
	return []rule{
		{Rule{ID: "files/of-a-document", Tag: "Files", Level: Must,
			Evidence: "[T] Java client, terraform provider: a document is an item with files",
			Text:     "An item of category DOCUMENT shows its files",
			Touches:  ReadOnly,
			Needs:    []Capability{Documents}, Operations: []string{"GetVaultItemById"}},
			func(s *session) {
				it := s.server.listedDocument
				got := s.do("GetVaultItemById", vault(it.Vault.ID), item(it.ID)).expectStatus(200).item()
				s.Expect(got.Files).NotTo(gomega.BeEmpty(), "files of document %s", it.ID)
			}},
		{Rule{ID: "files/list", Tag: "Files", Level: Must, Evidence: "[D] published document; [T] Java client",
			Text:    "GET .../files returns the files of the item, as the item shows them, without content",
			Touches: ReadOnly,
			Needs:   []Capability{Files}, Operations: []string{"GetItemFiles"}},
			func(s *session) {
				it := s.server.itemWithFiles
				s.Expect(s.do("GetItemFiles", itemPath(it)).expectStatus(200).files()).To(gomega.ConsistOf(it.Files),
					"the list of files")
				for _, f := range it.Files {
					s.Expect(f.Content).To(gomega.BeEmpty(), "content of file %s in the item", f.ID)
				}
			}},
		{Rule{ID: "files/list-trailing-slash", Tag: "Files", Level: Must, Evidence: "[W] JS SDK",
			Text:    "GET .../files/ returns the same as .../files, without a redirect",
			Touches: ReadOnly,
			Needs:   []Capability{Files}, Operations: []string{"GetItemFiles"}},
			func(s *session) {
				it := s.server.itemWithFiles
				s.Expect(s.do("GetItemFiles", itemPath(it), trailingSlash()).expectStatus(200).files()).
					To(gomega.ConsistOf(it.Files), "the list of files, requested with a trailing slash")
			}},
		{Rule{ID: "files/none", Tag: "Files", Level: Should,
			Evidence: "[D] published document: 404 is for an item or a vault; steampipe treats not found as no files too [C]",
			Text:     "The files of an item without files are an empty array",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("GetItemFiles")},
			func(s *session) {
				res := s.do("GetItemFiles", item(s.create(noteInput()).ID)).expectStatus(200)
				s.Expect(strings.TrimSpace(string(res.Body))).To(gomega.Equal("[]"), "the body")
			}},
		{Rule{ID: "files/details", Tag: "Files", Level: Must, Evidence: "[D] published document; [T] Java client",
			Text:    "GET of a file returns it as the list shows it, without content",
			Touches: ReadOnly,
			Needs:   []Capability{Files}, Operations: []string{"GetDetailsOfFileById"}},
			func(s *session) {
				it := s.server.itemWithFiles
				for _, f := range it.Files {
					s.Expect(decodeBody[connect.File](s.do("GetDetailsOfFileById", itemPath(it), file(f.ID)).expectStatus(200))).
						To(gomega.Equal(f), "the file")
				}
			}},
		{Rule{ID: "files/content", Tag: "Files", Level: Must, Evidence: "[D] published document; [T] Java client",
			Text:    "The content of a file has as many bytes as its size, and is the same in each download",
			Touches: ReadOnly,
			Needs:   []Capability{Files}, Operations: []string{"DownloadFileByID"}},
			func(s *session) {
				it := s.server.itemWithFiles
				for _, f := range it.Files {
					content := s.download(it, f)
					s.Expect(len(content)).To(gomega.Equal(int(f.Size)), "number of bytes of file %s",
						f.ID) // a failure would show the slice
					s.expectSameBytes(s.download(it, f), content, f)
				}
			}},
		{Rule{ID: "files/content-headers", Tag: "Files", Level: Should, Evidence: "[D] published document",
			Text:    "The content is an application/octet-stream with its length, attached with the name of the file",
			Touches: ReadOnly,
			Needs:   []Capability{Files}, Operations: []string{"DownloadFileByID"}},
			func(s *session) {
				it := s.server.itemWithFiles
				plain := regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
				for _, f := range it.Files {
					res := s.do("DownloadFileByID", itemPath(it), file(f.ID)).expectStatus(200)
					s.Expect(res.Header.Get("Content-Type")).To(gomega.Equal("application/octet-stream"), "header Content-Type")
					s.Expect(res.Header.Get("Content-Length")).To(gomega.Equal(strconv.FormatInt(f.Size, 10)), "header Content-Length")
					kind, parameters, err := mime.ParseMediaType(res.Header.Get("Content-Disposition"))
					s.Expect(err).NotTo(gomega.HaveOccurred(), "error of reading the header Content-Disposition of file %s", f.ID)
					s.Expect(kind).To(gomega.Equal("attachment"), "disposition in the header Content-Disposition")
					// How a server encodes other names is unknown.
					if plain.MatchString(f.Name) {
						s.Expect(parameters["filename"]).To(gomega.Equal(f.Name), "filename in the header Content-Disposition")
					}
				}
			}},
		{Rule{ID: "files/content-path", Tag: "Files", Level: Must,
			Evidence: "[C] the Go SDK prepends the host; [R] recorded with a slash",
			Text:     "content_path starts with a slash and is the path of the content on the same host",
			Touches:  ReadOnly,
			Needs:    []Capability{Files}, Operations: []string{"GetItemFiles", "DownloadFileByID"}},
			func(s *session) {
				it := s.server.itemWithFiles
				for _, f := range s.do("GetItemFiles", itemPath(it)).expectStatus(200).files() {
					s.Expect(f.ContentPath).To(gomega.HavePrefix("/"), "content_path of file %s", f.ID)
					s.expectSameBytes(s.doRaw("GET", f.ContentPath).expectStatus(200).Body, s.download(it, f), f)
				}
			}},
		{Rule{ID: "files/content-is-of-its-file", Tag: "Files", Level: Must, Evidence: "[D] published document",
			Text:    "The files of an item have unique ids and paths",
			Touches: ReadOnly,
			Needs:   []Capability{Files}, Operations: []string{"DownloadFileByID"}},
			func(s *session) {
				seen := map[string]bool{}
				for _, f := range s.server.itemWithFiles.Files {
					s.Expect(seen).NotTo(gomega.HaveKey(f.ID), "ids of the files before this one")
					s.Expect(seen).NotTo(gomega.HaveKey(f.ContentPath), "content_path of the files before this one")
					s.Expect(f.ContentPath).To(gomega.ContainSubstring(f.ID), "content_path of file %s", f.ID)
					seen[f.ID], seen[f.ContentPath] = true, true
				}
			}},
		inlineRule("files/inline-content", "inline_content", "[D] API reference; [T] Java client"),
		inlineRule("files/inline-files", "inline_files", "[D] published document; [C] Dart and .NET clients"),
		{Rule{ID: "files/inline-no", Tag: "Files", Level: Must, Evidence: "[D] published document: false is the default",
			Text:    "A file is not sent inline if the query says false",
			Touches: ReadOnly,
			Needs:   []Capability{SmallFiles}, Operations: []string{"GetItemFiles"}},
			func(s *session) {
				it := s.server.itemWithSmallFiles
				for _, f := range s.do("GetItemFiles", itemPath(it), query("inline_content", "false", "inline_files", "false")).
					expectStatus(200).files() {
					s.Expect(f.Content).To(gomega.BeEmpty(), "content of file %s", f.ID)
				}
			}},
		{Rule{ID: "files/inline-too-large", Tag: "Files", Level: Should,
			Evidence: "[D] published document; the limit is OP_MAX_INLINE_FILE_SIZE_KB, 100 KB by default",
			Text:     "A request for a file over 100 KB inline, in the list or alone, returns 413 File is too large to inline",
			Touches:  ReadOnly,
			Needs:    []Capability{LargeFile}, Operations: []string{"GetItemFiles", "GetDetailsOfFileById"}},
			func(s *session) {
				it := s.server.itemWithLargeFile
				for _, name := range []string{"inline_content", "inline_files"} {
					s.do("GetItemFiles", itemPath(it), query(name, "true")).expectError(413, "too large to inline")
					for _, f := range it.Files {
						res := s.do("GetDetailsOfFileById", itemPath(it), file(f.ID), query(name, "true"))
						if f.Size > 100*1024 {
							res.expectError(413, "too large to inline")
						} else {
							res.expectStatus(200)
						}
					}
				}
			}},
		{Rule{ID: "files/large-content", Tag: "Files", Level: Must,
			Evidence: "[D] published document: the error message says so",
			Text:     "A file that is too large to be sent inline can be downloaded",
			Touches:  ReadOnly,
			Needs:    []Capability{LargeFile}, Operations: []string{"DownloadFileByID"}},
			func(s *session) {
				for _, f := range s.server.itemWithLargeFile.Files {
					s.Expect(len(s.download(s.server.itemWithLargeFile, f))).To(gomega.Equal(int(f.Size)),
						"number of bytes of file %s", f.ID)
				}
			}},
	}
}

// inlineRule returns the rule about one of the two names of the parameter that clients
// use.
func inlineRule(id, name, evidence string) rule {
	return rule{Rule{ID: id, Tag: "Files", Level: Must, Evidence: evidence,
		Text:    "With " + name + "=true small files have their content, byte for byte, in the list and alone",
		Touches: ReadOnly,
		Needs:   []Capability{SmallFiles}, Operations: []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}},
		func(s *session) {
			it := s.server.itemWithSmallFiles
			list := s.do("GetItemFiles", itemPath(it), query(name, "true")).expectStatus(200).files()
			s.Expect(list).To(gomega.HaveLen(len(it.Files)), "the list of files of document %s", it.ID)
			for _, f := range list {
				content := s.download(it, f)
				s.expectSameBytes(f.Content, content, f)
				alone := decodeBody[connect.File](
					s.do("GetDetailsOfFileById", itemPath(it), file(f.ID), query(name, "true")).expectStatus(200))
				s.expectSameBytes(alone.Content, content, f)
			}
		}}
}

// itemPath sets the ids of an item and of its vault.
func itemPath(it connect.Item) option {
	return func(r *request) {
		vault(it.Vault.ID)(r)
		item(it.ID)(r)
	}
}

// download returns the content of a file.
func (s *session) download(it connect.Item, f connect.File) []byte {
	return s.do("DownloadFileByID", itemPath(it), file(f.ID)).expectStatus(200).Body
}

// expectSameBytes asserts that contents are equal. It does not show them.
func (s *session) expectSameBytes(got, want []byte, f connect.File) {
	if !bytes.Equal(got, want) {
		s.fail("file %s: got %d bytes that differ from the %d bytes of its content", f.ID, len(got), len(want))
	}
}
