package mutants

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// fileMutants returns servers with mistakes in lists and details of files.
func fileMutants() []Mutant {
	listOrDetails := operations(listFiles, getFile)
	// Files are also members of items.
	everywhere := operations(listFiles, getFile, getItem)
	each := func(f func(m map[string]any)) func() behaviour {
		return changeObjects(func(m map[string]any) {
			if _, file := m["content_path"]; file {
				f(m)
			}
			for _, of := range memberObjects(m, "files") {
				f(of)
			}
		})
	}
	return []Mutant{
		{"file-size-wrong", "the size of a file is one too many", File, everywhere,
			each(func(m map[string]any) { m["size"] = intMember(m, "size") + 1 })},
		{"file-sizes-are-zero", "the size of every file is 0", File, everywhere,
			each(func(m map[string]any) { m["size"] = 0 })},
		{"file-size-in-kilobytes", "the size of a file is in kilobytes", File, everywhere,
			each(func(m map[string]any) { m["size"] = intMember(m, "size") / 1024 })},
		{"file-size-is-text", "the size of a file is a string", File, everywhere,
			each(func(m map[string]any) { m["size"] = strconv.FormatInt(intMember(m, "size"), 10) })},
		{"files-share-an-id", "all files of an item have the id of the first", File, operations(listFiles, getItem),
			changeObjects(func(m map[string]any) {
				all := memberObjects(m, "files")
				for _, f := range all {
					f["id"] = all[0]["id"]
				}
			})},
		{"file-name-missing", "a file has no name", File, everywhere, each(removeMember("name"))},
		{"file-name-upper-case", "the name of a file is in upper case", File, operations(getFile),
			each(func(m map[string]any) { m["name"] = strings.ToUpper(textMember(m, "name")) })},
		{"content-path-without-slash", "the path of a file's content has no leading slash", File, everywhere,
			each(func(m map[string]any) {
				m["content_path"] = strings.TrimPrefix(textMember(m, "content_path"), "/")
			})},
		{"content-path-leads-nowhere", "the path of a file's content does not exist", File, everywhere,
			each(func(m map[string]any) {
				m["content_path"] = strings.TrimSuffix(textMember(m, "content_path"), "content") + "raw"
			})},
		{"content-path-of-another", "the path of a file's content is the path of its details", File, everywhere,
			each(func(m map[string]any) {
				m["content_path"] = strings.TrimSuffix(textMember(m, "content_path"), "/content")
			})},
		{"content-path-in-camel-case", "the path of a file's content is named contentPath", File, everywhere,
			each(func(m map[string]any) {
				m["contentPath"] = m["content_path"]
				delete(m, "content_path")
			})},
		{"files-in-object", "the list of files is a member of an object", File, operations(listFiles),
			changeResponse(wrapListIn("files"))},
		{"files-list-empty", "the list of files is empty", File, operations(listFiles),
			changeList(func([]map[string]any) []map[string]any { return nil })},
		{"files-list-cut", "the list of files has only the first", File, operations(listFiles),
			changeList(func(l []map[string]any) []map[string]any { return l[:min(1, len(l))] })},
		{"no-files-is-404", "the list of files of an item without files returns 404", File, operations(listFiles),
			changeResponse(func(_ *exchange, res *response) {
				if res.isSuccess() && string(res.body) == "[]" {
					res.setError(404, "files not found")
				}
			})},
		{"item-without-files", "an item does not list its files", File, operations(getItem),
			changeObjects(removeMember("files"))},
		{"file-is-the-first", "the details of every file are those of the first file", File, operations(getFile),
			changeResponse(func(x *exchange, res *response) {
				if v, _ := decodeJSON(x.send(http.MethodGet, x.itemPath()+"/files", nil).body); res.isSuccess() &&
					len(objects(v)) > 0 {
					res.body = encodeJSON(objects(v)[0])
				}
			})},
		{"file-of-any-item", "a file can be read in the path of every item", File,
			operations(getFile, getContent, listFiles), findFileInAnyItem()},
		{"inline-content-ignored", "inline_content is ignored", File, listOrDetails,
			changeRequest(func(x *exchange) { x.setQuery("inline_content", "") })},
		{"inline-files-ignored", "inline_files is ignored", File, listOrDetails,
			changeRequest(func(x *exchange) { x.setQuery("inline_files", "") })},
		{"inline-only-in-list", "files are sent inline only in lists", File, operations(getFile),
			changeRequest(func(x *exchange) { x.setQuery("inline_content", "", "inline_files", "") })},
		{"inline-always", "files are always sent inline", File, listOrDetails, stateless(func(x *exchange) *response {
			inline := *x
			inline.r = x.r.Clone(x.r.Context())
			inline.setQuery("inline_content", "true")
			if res := inline.forward(); res.isSuccess() {
				return res
			}
			return x.forward()
		})},
		{"inline-false-is-true", "inline_content=false sends files inline", File, listOrDetails,
			changeRequest(func(x *exchange) {
				if x.r.URL.Query().Has("inline_content") {
					x.setQuery("inline_content", "true")
				}
			})},
		{"inline-url-encoded", "a file is sent inline in the URL encoding of base64", File, listOrDetails,
			each(func(m map[string]any) {
				if data, err := base64.StdEncoding.DecodeString(textMember(m, "content")); err == nil && len(data) > 0 {
					m["content"] = base64.RawURLEncoding.EncodeToString(data)
				}
			})},
		{"inline-damaged", "a file is sent inline without its last byte", File, listOrDetails, each(func(m map[string]any) {
			if data, err := base64.StdEncoding.DecodeString(textMember(m, "content")); err == nil && len(data) > 0 {
				m["content"] = base64.StdEncoding.EncodeToString(data[:len(data)-1])
			}
		})},
		{"inline-as-text", "a file is sent inline without base64", File, listOrDetails, each(func(m map[string]any) {
			if data, err := base64.StdEncoding.DecodeString(textMember(m, "content")); err == nil && len(data) > 0 {
				m["content"] = string(data)
			}
		})},
		{"inline-limit-ignored", "a file that is too large to be sent inline returns 200 without content", File,
			listOrDetails, stateless(func(x *exchange) *response {
				res := x.forward()
				if res.status == 413 {
					x.setQuery("inline_content", "", "inline_files", "")
					return x.forward()
				}
				return res
			})},
	}
}

// contentMutants returns servers with mistakes in the content of files.
func contentMutants() []Mutant {
	affected := operations(getContent)
	content := func(f func(x *exchange, res *response)) func() behaviour {
		return changeResponse(func(x *exchange, res *response) {
			if res.isSuccess() {
				f(x, res)
			}
		})
	}
	return []Mutant{
		{"file-byte-damaged", "a byte in the middle of a file is changed", File, affected,
			content(func(_ *exchange, res *response) {
				if len(res.body) > 0 {
					res.body[len(res.body)/2] ^= 1
				}
			})},
		{"file-cut", "the last byte of a file is missing", File, affected,
			content(func(_ *exchange, res *response) { res.body = res.body[:max(0, len(res.body)-1)] })},
		{"file-longer", "a file has an extra line end", File, affected,
			content(func(_ *exchange, res *response) { res.body = append(res.body, '\n') })},
		{"file-line-ends", "the line ends of a file are CR LF", File, affected, content(func(_ *exchange, res *response) {
			res.body = []byte(strings.ReplaceAll(string(res.body), "\n", "\r\n"))
		})},
		{"file-as-base64", "a file is sent in base64", File, affected, content(func(_ *exchange, res *response) {
			res.body = []byte(base64.StdEncoding.EncodeToString(res.body))
		})},
		{"file-as-json", "a file is sent as a JSON string", File, affected, content(func(_ *exchange, res *response) {
			data, _ := json.Marshal(res.body) // bytes always encode
			res.setBody("application/json", string(data))
		})},
		{"file-is-empty", "a file is sent without its content", File, affected,
			content(func(_ *exchange, res *response) { res.body = nil })},
		{"file-media-type", "a file is sent as text/plain", File, affected,
			content(func(_ *exchange, res *response) { res.header.Set("Content-Type", "text/plain") })},
		{"file-without-media-type", "a file is sent without a media type", File, affected,
			content(func(_ *exchange, res *response) { res.header["Content-Type"] = nil })},
		{"file-without-disposition", "a file is sent without a Content-Disposition", File, affected,
			content(func(_ *exchange, res *response) { res.header.Del("Content-Disposition") })},
		{"file-disposition-inline", "a file is sent with the disposition inline", File, affected,
			content(func(_ *exchange, res *response) {
				res.header.Set("Content-Disposition",
					strings.Replace(res.header.Get("Content-Disposition"), "attachment", "inline", 1))
			})},
		{"file-disposition-name", "a file is sent under another name", File, affected,
			content(func(_ *exchange, res *response) {
				res.header.Set("Content-Disposition", `attachment; filename="content"`)
			})},
		{"file-of-its-neighbour", "the content of every file is that of the first file", File, affected,
			content(func(x *exchange, res *response) {
				v, _ := decodeJSON(x.send(http.MethodGet, x.itemPath()+"/files", nil).body)
				for _, f := range objects(v) {
					res.body = x.send(http.MethodGet, x.itemPath()+"/files/"+textMember(f, "id")+"/content", nil).body
					break
				}
			})},
	}
}

// findFileInAnyItem serves a file from the item that it was last seen in.
func findFileInAnyItem() func() behaviour {
	return func() behaviour {
		itemOf := map[string]string{} // path of the item, by file
		return func(x *exchange) *response {
			res := x.forward()
			if v, ok := decodeJSON(res.body); ok && res.isSuccess() && x.op != getContent {
				for _, m := range objects(v) {
					itemOf[textMember(m, "id")] = x.itemPath()
				}
			}
			if path, seen := itemOf[x.file]; seen && res.status == 404 && path != x.itemPath() {
				x.replaceInPath(x.itemPath(), path)
				return x.forward()
			}
			return res
		}
	}
}
