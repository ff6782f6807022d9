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

func fileRules() []rule {
	return []rule{
		{Rule{ID: "files/of-a-document", Tag: "Files", Level: Must, Evidence: "[T] Java client, terraform provider: a document is an item with files",
			Text:  "An item of category DOCUMENT shows its files",
			Needs: []Capability{Documents}, Operations: []string{"GetVaultItemById"}},
			func(s *session) {
				d := s.run.found.listed
				got := s.do("GetVaultItemById", vault(d.Vault.ID), item(d.ID)).expect(200).item()
				s.Expect(got.Files).NotTo(gomega.BeEmpty(), "files of document %s", d.ID)
			}},
		{Rule{ID: "files/list", Tag: "Files", Level: Must, Evidence: "[D] published document; [T] Java client",
			Text:  "GET .../files answers the item's files, as the item shows them, without their content",
			Needs: []Capability{Files}, Operations: []string{"GetItemFiles"}},
			func(s *session) {
				d := s.run.found.document
				s.Expect(s.do("GetItemFiles", of(d)).expect(200).files()).To(gomega.ConsistOf(d.Files), "the list of files")
				for _, f := range d.Files {
					s.Expect(f.Content).To(gomega.BeEmpty(), "content of file %s in the item", f.ID)
				}
			}},
		{Rule{ID: "files/list-trailing-slash", Tag: "Files", Level: Must, Evidence: "[W] JS SDK",
			Text:  "GET .../files/ is answered as .../files, not redirected",
			Needs: []Capability{Files}, Operations: []string{"GetItemFiles"}},
			func(s *session) {
				d := s.run.found.document
				s.Expect(s.do("GetItemFiles", of(d), trailingSlash()).expect(200).files()).To(gomega.ConsistOf(d.Files), "the list of files, asked for with a slash at the end")
			}},
		{Rule{ID: "files/none", Tag: "Files", Level: Should, Evidence: "[D] published document: 404 is for an item or a vault; steampipe takes not found for none too [C]",
			Text:  "An item without files has an empty array of them",
			Needs: []Capability{Write}, Operations: making("GetItemFiles")},
			func(s *session) {
				a := s.do("GetItemFiles", item(s.create(note()).ID)).expect(200)
				s.Expect(strings.TrimSpace(string(a.Body))).To(gomega.Equal("[]"), "the body")
			}},
		{Rule{ID: "files/details", Tag: "Files", Level: Must, Evidence: "[D] published document; [T] Java client",
			Text:  "GET of each file answers that file as the list shows it, without its content",
			Needs: []Capability{Files}, Operations: []string{"GetDetailsOfFileById"}},
			func(s *session) {
				d := s.run.found.document
				for _, f := range d.Files {
					s.Expect(into[connect.File](s.do("GetDetailsOfFileById", of(d), file(f.ID)).expect(200))).To(gomega.Equal(f), "the file")
				}
			}},
		{Rule{ID: "files/content", Tag: "Files", Level: Must, Evidence: "[D] published document; [T] Java client",
			Text:  "The content of a file has as many bytes as its size says, and is the same at each download",
			Needs: []Capability{Files}, Operations: []string{"DownloadFileByID"}},
			func(s *session) {
				d := s.run.found.document
				for _, f := range d.Files {
					content := s.download(d, f)
					s.Expect(len(content)).To(gomega.Equal(int(f.Size)), "number of bytes of file %s", f.ID) // a slice would be shown
					s.sameBytes(s.download(d, f), content, f)
				}
			}},
		{Rule{ID: "files/content-headers", Tag: "Files", Level: Should, Evidence: "[D] published document",
			Text:  "Content comes as application/octet-stream and as an attachment of the file's name, with its length",
			Needs: []Capability{Files}, Operations: []string{"DownloadFileByID"}},
			func(s *session) {
				d := s.run.found.document
				plain := regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
				for _, f := range d.Files {
					a := s.do("DownloadFileByID", of(d), file(f.ID)).expect(200)
					s.Expect(a.Header.Get("Content-Type")).To(gomega.Equal("application/octet-stream"), "header Content-Type")
					s.Expect(a.Header.Get("Content-Length")).To(gomega.Equal(strconv.FormatInt(f.Size, 10)), "header Content-Length")
					kind, parameters, err := mime.ParseMediaType(a.Header.Get("Content-Disposition"))
					s.Expect(err).NotTo(gomega.HaveOccurred(), "error of reading the header Content-Disposition of file %s", f.ID)
					s.Expect(kind).To(gomega.Equal("attachment"), "disposition in the header Content-Disposition")
					// How a server encodes other names is unknown.
					if plain.MatchString(f.Name) {
						s.Expect(parameters["filename"]).To(gomega.Equal(f.Name), "filename in the header Content-Disposition")
					}
				}
			}},
		{Rule{ID: "files/content-path", Tag: "Files", Level: Must, Evidence: "[C] the Go SDK puts the host before it; [R] recorded with a slash",
			Text:  "content_path starts with a slash and is the path of the content on this host",
			Needs: []Capability{Files}, Operations: []string{"GetItemFiles", "DownloadFileByID"}},
			func(s *session) {
				d := s.run.found.document
				for _, f := range s.do("GetItemFiles", of(d)).expect(200).files() {
					s.Expect(f.ContentPath).To(gomega.HavePrefix("/"), "content_path of file %s", f.ID)
					s.sameBytes(s.raw("GET", f.ContentPath).expect(200).Body, s.download(d, f), f)
				}
			}},
		{Rule{ID: "files/content-is-of-its-file", Tag: "Files", Level: Must, Evidence: "[D] published document",
			Text:  "The files of an item have ids, paths and contents of their own",
			Needs: []Capability{Files}, Operations: []string{"DownloadFileByID"}},
			func(s *session) {
				seen := map[string]bool{}
				for _, f := range s.run.found.document.Files {
					s.Expect(seen).NotTo(gomega.HaveKey(f.ID), "ids of the files before this one")
					s.Expect(seen).NotTo(gomega.HaveKey(f.ContentPath), "content_path of the files before this one")
					s.Expect(f.ContentPath).To(gomega.ContainSubstring(f.ID), "content_path of file %s", f.ID)
					seen[f.ID], seen[f.ContentPath] = true, true
				}
			}},
		inline("files/inline-content", "inline_content", "[D] API reference; [T] Java client"),
		inline("files/inline-files", "inline_files", "[D] published document; [C] Dart and .NET clients"),
		{Rule{ID: "files/inline-no", Tag: "Files", Level: Must, Evidence: "[D] published document: false is the default",
			Text:  "A file is not sent inline where the query says false",
			Needs: []Capability{SmallFiles}, Operations: []string{"GetItemFiles"}},
			func(s *session) {
				d := s.run.found.light
				for _, f := range s.do("GetItemFiles", of(d), query("inline_content", "false", "inline_files", "false")).expect(200).files() {
					s.Expect(f.Content).To(gomega.BeEmpty(), "content of file %s", f.ID)
				}
			}},
		{Rule{ID: "files/inline-too-large", Tag: "Files", Level: Should, Evidence: "[D] published document; the limit is OP_MAX_INLINE_FILE_SIZE_KB, 100 KB by default",
			Text:  "A file over 100 KB is not sent inline but answered 413 File is too large to inline, in the list as alone",
			Needs: []Capability{LargeFile}, Operations: []string{"GetItemFiles", "GetDetailsOfFileById"}},
			func(s *session) {
				d := s.run.found.heavy
				for _, name := range []string{"inline_content", "inline_files"} {
					s.do("GetItemFiles", of(d), query(name, "true")).refused(413, "too large to inline")
					for _, f := range d.Files {
						a := s.do("GetDetailsOfFileById", of(d), file(f.ID), query(name, "true"))
						if f.Size > 100*1024 {
							a.refused(413, "too large to inline")
						} else {
							a.expect(200)
						}
					}
				}
			}},
		{Rule{ID: "files/large-content", Tag: "Files", Level: Must, Evidence: "[D] published document: the refusal names this way",
			Text:  "A file too large to be sent inline can be downloaded whole",
			Needs: []Capability{LargeFile}, Operations: []string{"DownloadFileByID"}},
			func(s *session) {
				for _, f := range s.run.found.heavy.Files {
					s.Expect(len(s.download(s.run.found.heavy, f))).To(gomega.Equal(int(f.Size)), "number of bytes of file %s", f.ID)
				}
			}},
	}
}

// inline returns the rule for one of the two names that clients use for the parameter.
func inline(id, name, evidence string) rule {
	return rule{Rule{ID: id, Tag: "Files", Level: Must, Evidence: evidence,
		Text:  "With " + name + "=true small files come with their content, byte by byte, in the list as alone",
		Needs: []Capability{SmallFiles}, Operations: []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}},
		func(s *session) {
			d := s.run.found.light
			list := s.do("GetItemFiles", of(d), query(name, "true")).expect(200).files()
			s.Expect(list).To(gomega.HaveLen(len(d.Files)), "the list of files of document %s", d.ID)
			for _, f := range list {
				content := s.download(d, f)
				s.sameBytes(f.Content, content, f)
				alone := into[connect.File](s.do("GetDetailsOfFileById", of(d), file(f.ID), query(name, "true")).expect(200))
				s.sameBytes(alone.Content, content, f)
			}
		}}
}

// of addresses an item in the vault that it belongs to.
func of(it connect.Item) option {
	return func(r *request) {
		vault(it.Vault.ID)(r)
		item(it.ID)(r)
	}
}

// download returns the content of a file.
func (s *session) download(it connect.Item, f connect.File) []byte {
	return s.do("DownloadFileByID", of(it), file(f.ID)).expect(200).Body
}

// sameBytes asserts equality without showing the content in a report.
func (s *session) sameBytes(got, want []byte, f connect.File) {
	if !bytes.Equal(got, want) {
		s.fail("file %s: %d bytes that are not the %d bytes of its content", f.ID, len(got), len(want))
	}
}
