// Package files has the rules about the files of items.
package files

import (
	"bytes"
	"mime"
	"regexp"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Rules returns the rules about the files of an item.
func Rules() []check.Rule {
	return []check.Rule{
		{Rule: rule.Rule{ID: "files/of-a-document", Tag: "Files", Level: rule.Must,
			Evidence: "[T] Java client, terraform provider: a document is an item with files",
			Text:     "An item of category DOCUMENT shows its files",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Documents},
			Operations: []string{"GetVaultItemById"}},
			Check: func(s *check.Session) {
				it := s.Server.ListedDocument
				got := s.Do("GetVaultItemById", call.Vault(it.Vault.ID), call.Item(it.ID)).ExpectStatus(200).Item()
				s.Expect(got.Files).NotTo(gomega.BeEmpty(), "files of document %s", it.ID)
			}},
		{Rule: rule.Rule{ID: "files/list", Tag: "Files", Level: rule.Must,
			Evidence: "[D] published document; [T] Java client",
			Text:     "GET .../files returns the files of the item, as the item shows them, without content",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Files}, Operations: []string{"GetItemFiles"}},
			Check: func(s *check.Session) {
				it := s.Server.ItemWithFiles
				s.Expect(s.Do("GetItemFiles", call.ItemPath(it)).ExpectStatus(200).Files()).
					To(gomega.ConsistOf(it.Files), "the list of files")
				for _, f := range it.Files {
					s.Expect(f.Content).To(gomega.BeEmpty(), "content of file %s in the item", f.ID)
				}
			}},
		{Rule: rule.Rule{ID: "files/list-trailing-slash", Tag: "Files", Level: rule.Must, Evidence: "[W] JS SDK",
			Text:    "GET .../files/ returns the same as .../files, without a redirect",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Files}, Operations: []string{"GetItemFiles"}},
			Check: func(s *check.Session) {
				it := s.Server.ItemWithFiles
				s.Expect(s.Do("GetItemFiles", call.ItemPath(it), call.TrailingSlash()).ExpectStatus(200).Files()).
					To(gomega.ConsistOf(it.Files), "the list of files, requested with a trailing slash")
			}},
		{Rule: rule.Rule{ID: "files/none", Tag: "Files", Level: rule.Should,
			Evidence: "[D] published document: 404 is for an item or a vault; " +
				"steampipe treats not found as no files too [C]",
			Text:    "The files of an item without files are an empty array",
			Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write},
			Operations: operation.OfNewItem("GetItemFiles")},
			Check: func(s *check.Session) {
				res := s.Do("GetItemFiles", call.Item(s.Create(call.Note()).ID)).ExpectStatus(200)
				s.Expect(strings.TrimSpace(string(res.Body))).To(gomega.Equal("[]"), "the body")
			}},
		{Rule: rule.Rule{ID: "files/details", Tag: "Files", Level: rule.Must,
			Evidence: "[D] published document; [T] Java client",
			Text:     "GET of a file returns it as the list shows it, without content",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Files},
			Operations: []string{"GetDetailsOfFileById"}},
			Check: func(s *check.Session) {
				it := s.Server.ItemWithFiles
				for _, f := range it.Files {
					s.Expect(check.DecodeBody[connect.File](s.Do("GetDetailsOfFileById", call.ItemPath(it),
						call.File(f.ID)).ExpectStatus(200))).
						To(gomega.Equal(f), "the file")
				}
			}},
		{Rule: rule.Rule{ID: "files/content", Tag: "Files", Level: rule.Must,
			Evidence: "[D] published document; [T] Java client",
			Text:     "The content of a file has as many bytes as its size, and is the same in each download",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Files}, Operations: []string{"DownloadFileByID"}},
			Check: func(s *check.Session) {
				it := s.Server.ItemWithFiles
				for _, f := range it.Files {
					content := download(s, it, f)
					s.Expect(len(content)).To(gomega.Equal(int(f.Size)), "number of bytes of file %s",
						f.ID) // a failure would show the slice
					expectSameBytes(s, download(s, it, f), content, f)
				}
			}},
		{Rule: rule.Rule{ID: "files/content-headers", Tag: "Files", Level: rule.Should,
			Evidence: "[D] published document",
			Text: "The content is an application/octet-stream with its length, attached " +
				"with the name of the file",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Files}, Operations: []string{"DownloadFileByID"}},
			Check: func(s *check.Session) {
				it := s.Server.ItemWithFiles
				plain := regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
				for _, f := range it.Files {
					res := s.Do("DownloadFileByID", call.ItemPath(it), call.File(f.ID)).ExpectStatus(200)
					s.Expect(res.Header.Get("Content-Type")).To(gomega.Equal("application/octet-stream"),
						"header Content-Type")
					s.Expect(res.Header.Get("Content-Length")).To(gomega.Equal(strconv.FormatInt(f.Size, 10)),
						"header Content-Length")
					kind, parameters, err := mime.ParseMediaType(res.Header.Get("Content-Disposition"))
					s.Expect(err).NotTo(gomega.HaveOccurred(),
						"error of reading the header Content-Disposition of file %s", f.ID)
					s.Expect(kind).To(gomega.Equal("attachment"), "disposition in the header Content-Disposition")
					// How a server encodes other names is unknown.
					if plain.MatchString(f.Name) {
						s.Expect(parameters["filename"]).To(gomega.Equal(f.Name),
							"filename in the header Content-Disposition")
					}
				}
			}},
		{Rule: rule.Rule{ID: "files/content-path", Tag: "Files", Level: rule.Must,
			Evidence: "[C] the Go SDK prepends the host; [R] recorded with a slash",
			Text:     "content_path starts with a slash and is the path of the content on the same host",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Files},
			Operations: []string{"GetItemFiles", "DownloadFileByID"}},
			Check: func(s *check.Session) {
				it := s.Server.ItemWithFiles
				for _, f := range s.Do("GetItemFiles", call.ItemPath(it)).ExpectStatus(200).Files() {
					s.Expect(f.ContentPath).To(gomega.HavePrefix("/"), "content_path of file %s", f.ID)
					expectSameBytes(s, s.DoRaw("GET", f.ContentPath).ExpectStatus(200).Body, download(s, it, f), f)
				}
			}},
		{Rule: rule.Rule{ID: "files/content-is-of-its-file", Tag: "Files", Level: rule.Must,
			Evidence: "[D] published document",
			Text:     "The files of an item have unique ids and paths",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Files}, Operations: []string{"DownloadFileByID"}},
			Check: func(s *check.Session) {
				seen := map[string]bool{}
				for _, f := range s.Server.ItemWithFiles.Files {
					s.Expect(seen).NotTo(gomega.HaveKey(f.ID), "ids of the files before this one")
					s.Expect(seen).NotTo(gomega.HaveKey(f.ContentPath), "content_path of the files before this one")
					s.Expect(f.ContentPath).To(gomega.ContainSubstring(f.ID), "content_path of file %s", f.ID)
					seen[f.ID], seen[f.ContentPath] = true, true
				}
			}},
		inlineRule("files/inline-content", "inline_content", "[D] API reference; [T] Java client"),
		inlineRule("files/inline-files", "inline_files", "[D] published document; [C] Dart and .NET clients"),
		{Rule: rule.Rule{ID: "files/inline-no", Tag: "Files", Level: rule.Must,
			Evidence: "[D] published document: false is the default",
			Text:     "A file is not sent inline if the query says false",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.SmallFiles}, Operations: []string{"GetItemFiles"}},
			Check: func(s *check.Session) {
				it := s.Server.ItemWithSmallFiles
				for _, f := range s.Do("GetItemFiles", call.ItemPath(it),
					call.Query("inline_content", "false", "inline_files", "false")).
					ExpectStatus(200).Files() {
					s.Expect(f.Content).To(gomega.BeEmpty(), "content of file %s", f.ID)
				}
			}},
		{Rule: rule.Rule{ID: "files/inline-too-large", Tag: "Files", Level: rule.Should,
			Evidence: "[D] published document; the limit is OP_MAX_INLINE_FILE_SIZE_KB, 100 KB by default",
			Text: "A request for a file over 100 KB inline, in the list or alone, returns 413 " +
				"File is too large to inline",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.LargeFile},
			Operations: []string{"GetItemFiles", "GetDetailsOfFileById"}},
			Check: func(s *check.Session) {
				it := s.Server.ItemWithLargeFile
				for _, name := range []string{"inline_content", "inline_files"} {
					s.Do("GetItemFiles", call.ItemPath(it), call.Query(name, "true")).
						ExpectError(413, "too large to inline")
					for _, f := range it.Files {
						res := s.Do("GetDetailsOfFileById", call.ItemPath(it), call.File(f.ID),
							call.Query(name, "true"))
						if f.Size > 100*1024 {
							res.ExpectError(413, "too large to inline")
						} else {
							res.ExpectStatus(200)
						}
					}
				}
			}},
		{Rule: rule.Rule{ID: "files/large-content", Tag: "Files", Level: rule.Must,
			Evidence: "[D] published document: the error message says so",
			Text:     "A file that is too large to be sent inline can be downloaded",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.LargeFile},
			Operations: []string{"DownloadFileByID"}},
			Check: func(s *check.Session) {
				for _, f := range s.Server.ItemWithLargeFile.Files {
					s.Expect(len(download(s, s.Server.ItemWithLargeFile, f))).To(gomega.Equal(int(f.Size)),
						"number of bytes of file %s", f.ID)
				}
			}},
	}
}

// inlineRule returns the rule about one of the two names of the parameter that clients
// use.
func inlineRule(id, name, evidence string) check.Rule {
	return check.Rule{Rule: rule.Rule{ID: id, Tag: "Files", Level: rule.Must, Evidence: evidence,
		Text:    "With " + name + "=true small files have their content, byte for byte, in the list and alone",
		Touches: rule.ReadOnly, Needs: []rule.Capability{rule.SmallFiles},
		Operations: []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}},
		Check: func(s *check.Session) {
			it := s.Server.ItemWithSmallFiles
			list := s.Do("GetItemFiles", call.ItemPath(it), call.Query(name, "true")).ExpectStatus(200).Files()
			s.Expect(list).To(gomega.HaveLen(len(it.Files)), "the list of files of document %s", it.ID)
			for _, f := range list {
				content := download(s, it, f)
				expectSameBytes(s, f.Content, content, f)
				alone := check.DecodeBody[connect.File](
					s.Do("GetDetailsOfFileById", call.ItemPath(it), call.File(f.ID), call.Query(name, "true")).
						ExpectStatus(200))
				expectSameBytes(s, alone.Content, content, f)
			}
		}}
}

// download returns the content of a file.
func download(s *check.Session, it connect.Item, f connect.File) []byte {
	return s.Do("DownloadFileByID", call.ItemPath(it), call.File(f.ID)).ExpectStatus(200).Body
}

// expectSameBytes asserts that contents are equal. It does not show them.
func expectSameBytes(s *check.Session, got, want []byte, f connect.File) {
	if !bytes.Equal(got, want) {
		s.Fail("file %s: got %d bytes that differ from the %d bytes of its content", f.ID, len(got), len(want))
	}
}
