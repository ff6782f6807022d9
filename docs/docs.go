// Package docs has the pages of this folder as files of the program. internal/docsite knows their order and renders
// them.
package docs

import "embed"

// FS has the pages, such as install.md, and the pictures that they show.
//
//go:embed *.md console/*.png
var FS embed.FS
