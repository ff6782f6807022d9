package console

import (
	"io"
	"io/fs"
	"mime"
	"path"
)

// getStatic serves the stylesheet and the script.
func getStatic(req *request) (*response, error) {
	name := req.r.PathValue("name")
	content, err := fs.ReadFile(embedded, path.Join("static", path.Base(name)))
	if err != nil {
		return notFound(req)
	}
	resp := download("", mime.TypeByExtension(path.Ext(name)), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
	return resp, nil
}
