package mutants

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

func fileMutants() []Mutant {
	about := at(listFiles, getFile)
	// Files are also members of items.
	everywhere := at(listFiles, getFile, getItem)
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
		{"file-size-wrong", "the size of a file is one too many", File, everywhere, each(func(m map[string]any) { m["size"] = number(m, "size") + 1 })},
		{"file-size-in-kilobytes", "the size of a file is in kilobytes", File, everywhere, each(func(m map[string]any) { m["size"] = number(m, "size") / 1024 })},
		{"file-size-is-text", "the size of a file is a text", File, everywhere, each(func(m map[string]any) { m["size"] = strconv.FormatInt(number(m, "size"), 10) })},
		{"files-share-an-id", "all files of an item have the id of the first", File, at(listFiles, getItem), changeObjects(func(m map[string]any) {
			all := memberObjects(m, "files")
			for _, f := range all {
				f["id"] = all[0]["id"]
			}
		})},
		{"file-name-missing", "a file has no name", File, everywhere, each(removeMember("name"))},
		{"file-name-upper-case", "the name of a file is in upper case", File, at(getFile), each(func(m map[string]any) { m["name"] = strings.ToUpper(text(m, "name")) })},
		{"content-path-without-slash", "the path of a file's content has no slash before it", File, everywhere, each(func(m map[string]any) {
			m["content_path"] = strings.TrimPrefix(text(m, "content_path"), "/")
		})},
		{"content-path-leads-nowhere", "the path of a file's content leads nowhere", File, everywhere, each(func(m map[string]any) {
			m["content_path"] = strings.TrimSuffix(text(m, "content_path"), "content") + "raw"
		})},
		{"content-path-of-another", "the path of a file's content is that of its description", File, everywhere, each(func(m map[string]any) {
			m["content_path"] = strings.TrimSuffix(text(m, "content_path"), "/content")
		})},
		{"content-path-in-camel-case", "the path of a file's content is named contentPath", File, everywhere, each(func(m map[string]any) {
			m["contentPath"] = m["content_path"]
			delete(m, "content_path")
		})},
		{"files-in-object", "the list of files is a member of an object", File, at(listFiles), changeResponse(wrapListIn("files"))},
		{"files-list-empty", "the list of files is empty", File, at(listFiles), changeList(func([]map[string]any) []map[string]any { return nil })},
		{"files-list-cut", "the list of files has only the first", File, at(listFiles), changeList(func(l []map[string]any) []map[string]any { return l[:min(1, len(l))] })},
		{"no-files-is-404", "an item without files is answered 404 for their list", File, at(listFiles), changeResponse(func(_ *exchange, a *response) {
			if a.isSuccess() && string(a.body) == "[]" {
				a.refuse(404, "files not found")
			}
		})},
		{"item-without-files", "an item does not list its files", File, at(getItem), changeObjects(removeMember("files"))},
		{"file-is-the-first", "every file is described by the first of its item", File, at(getFile), changeResponse(func(x *exchange, a *response) {
			if v, _ := decode(x.send(http.MethodGet, x.itemPath()+"/files", nil).body); a.isSuccess() && len(objects(v)) > 0 {
				a.body = encode(objects(v)[0])
			}
		})},
		{"file-of-any-item", "a file is described and sent through every item", File, at(getFile, getContent, listFiles), findFileInAnyItem()},
		{"inline-content-ignored", "inline_content is not known", File, about, changeRequest(func(x *exchange) { x.setQuery("inline_content", "") })},
		{"inline-files-ignored", "inline_files is not known", File, about, changeRequest(func(x *exchange) { x.setQuery("inline_files", "") })},
		{"inline-only-in-list", "files are sent inline in lists only", File, at(getFile), changeRequest(func(x *exchange) { x.setQuery("inline_content", "", "inline_files", "") })},
		{"inline-always", "files are always sent inline", File, about, stateless(func(x *exchange) *response {
			inline := *x
			inline.r = x.r.Clone(x.r.Context())
			inline.setQuery("inline_content", "true")
			if a := inline.forward(); a.isSuccess() {
				return a
			}
			return x.forward()
		})},
		{"inline-false-is-true", "inline_content=false sends files inline", File, about, changeRequest(func(x *exchange) {
			if x.r.URL.Query().Has("inline_content") {
				x.setQuery("inline_content", "true")
			}
		})},
		{"inline-url-encoded", "a file is sent inline in another base64", File, about, each(func(m map[string]any) {
			if data, err := base64.StdEncoding.DecodeString(text(m, "content")); err == nil && len(data) > 0 {
				m["content"] = base64.RawURLEncoding.EncodeToString(data)
			}
		})},
		{"inline-damaged", "a file is sent inline with its last byte missing", File, about, each(func(m map[string]any) {
			if data, err := base64.StdEncoding.DecodeString(text(m, "content")); err == nil && len(data) > 0 {
				m["content"] = base64.StdEncoding.EncodeToString(data[:len(data)-1])
			}
		})},
		{"inline-as-text", "a file is sent inline as it is", File, about, each(func(m map[string]any) {
			if data, err := base64.StdEncoding.DecodeString(text(m, "content")); err == nil && len(data) > 0 {
				m["content"] = string(data)
			}
		})},
		{"inline-limit-ignored", "a file that is too large is answered 200 without its content", File, about, stateless(func(x *exchange) *response {
			a := x.forward()
			if a.status == 413 {
				x.setQuery("inline_content", "", "inline_files", "")
				return x.forward()
			}
			return a
		})},
	}
}

func contentMutants() []Mutant {
	here := at(getContent)
	content := func(f func(x *exchange, a *response)) func() behaviour {
		return changeResponse(func(x *exchange, a *response) {
			if a.isSuccess() {
				f(x, a)
			}
		})
	}
	return []Mutant{
		{"file-byte-damaged", "a byte in the middle of a file is another", File, here, content(func(_ *exchange, a *response) {
			if len(a.body) > 0 {
				a.body[len(a.body)/2] ^= 1
			}
		})},
		{"file-cut", "a file lacks its last byte", File, here, content(func(_ *exchange, a *response) { a.body = a.body[:max(0, len(a.body)-1)] })},
		{"file-longer", "a file has a line end more", File, here, content(func(_ *exchange, a *response) { a.body = append(a.body, '\n') })},
		{"file-line-ends", "the line ends of a file are those of another system", File, here, content(func(_ *exchange, a *response) {
			a.body = []byte(strings.ReplaceAll(string(a.body), "\n", "\r\n"))
		})},
		{"file-as-base64", "a file is sent in base64", File, here, content(func(_ *exchange, a *response) {
			a.body = []byte(base64.StdEncoding.EncodeToString(a.body))
		})},
		{"file-as-json", "a file is sent as a JSON text", File, here, content(func(_ *exchange, a *response) {
			data, _ := json.Marshal(a.body) // bytes always encode
			a.setBody("application/json", string(data))
		})},
		{"file-is-empty", "a file is sent without its content", File, here, content(func(_ *exchange, a *response) { a.body = nil })},
		{"file-media-type", "a file is sent as text/plain", File, here, content(func(_ *exchange, a *response) { a.header.Set("Content-Type", "text/plain") })},
		{"file-without-media-type", "a file is sent without a media type", File, here, content(func(_ *exchange, a *response) { a.header["Content-Type"] = nil })},
		{"file-without-disposition", "a file is sent without its name", File, here, content(func(_ *exchange, a *response) { a.header.Del("Content-Disposition") })},
		{"file-disposition-inline", "a file is sent to be shown, not saved", File, here, content(func(_ *exchange, a *response) {
			a.header.Set("Content-Disposition", strings.Replace(a.header.Get("Content-Disposition"), "attachment", "inline", 1))
		})},
		{"file-disposition-name", "a file is sent under another name", File, here, content(func(_ *exchange, a *response) {
			a.header.Set("Content-Disposition", `attachment; filename="content"`)
		})},
		{"file-of-its-neighbour", "the content of a file is that of the first of its item", File, here, content(func(x *exchange, a *response) {
			v, _ := decode(x.send(http.MethodGet, x.itemPath()+"/files", nil).body)
			for _, f := range objects(v) {
				a.body = x.send(http.MethodGet, x.itemPath()+"/files/"+text(f, "id")+"/content", nil).body
				break
			}
		})},
	}
}

// findFileInAnyItem serves a file from the item that it was last seen in.
func findFileInAnyItem() func() behaviour {
	return func() behaviour {
		home := map[string]string{} // path of the item, by file
		return func(x *exchange) *response {
			a := x.forward()
			if v, ok := decode(a.body); ok && a.isSuccess() && x.op != getContent {
				for _, m := range objects(v) {
					home[text(m, "id")] = x.itemPath()
				}
			}
			if path, seen := home[x.file]; seen && a.status == 404 && path != x.itemPath() {
				x.replaceInPath(x.itemPath(), path)
				return x.forward()
			}
			return a
		}
	}
}
