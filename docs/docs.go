// Package docs has the pages of this folder as files of the program. internal/docsite knows their order and renders
// them.
package docs

import "embed"

// FS has the pages, such as install.md.
//
//go:embed *.md
var FS embed.FS
