package mcp

import (
	"context"
	"encoding/json"
	"io/fs"
	"strings"

	"github.com/connectmock/connectmock/docs"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/starters"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/scenarios"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// resource is a document that a client can read.
type resource struct {
	path, about, media string
	text               func() (string, error)
}

// scheme starts the addresses of resources.
const scheme = "connectmock://"

// resources returns the documents, those of the API first.
func resources() ([]resource, error) {
	all := []resource{
		{"openapi/connect.yaml", "The API of Connect as an OpenAPI document", mediaYAML, bytesOf(openapi.ConnectYAML)},
		{"openapi/control.yaml", "The API that controls a mock", mediaYAML, bytesOf(openapi.ControlYAML)},
		{"evidence/quirks.json", "Behaviours that differ between servers, and how each is known", mediaJSON, quirksText},
		{"evidence/presets.json", "Failures that real servers show, how each is known, and the mistakes it reveals",
			mediaJSON, presetsText},
		{"fixtures/fixture.schema.json", "What a fixture may contain, as JSON Schema", mediaJSON, bytesOf(fixtures.Schema)},
		{"fixtures/demo.yaml", "The demo data, a fixture that shows what one can contain", mediaYAML, bytesOf(fixtures.DemoYAML)},
		{"scenarios/scenario.schema.json", "What a scenario may contain, as JSON Schema", mediaJSON, bytesOf(scenarios.Schema)},
		{"scenarios/reference.md", "The reference of the scenario language", mediaMarkdown,
			func() (string, error) { return scenarios.Reference(), nil }},
	}
	agents, err := starters.Find("agents")
	if err != nil {
		return nil, err
	}
	all = append(all, resource{"agents.md", "A rule for coding agents: test against the mock", mediaMarkdown, agents.Text})
	pages, err := fs.Glob(docs.FS, "*.md")
	if err != nil {
		return nil, err
	}
	for _, name := range pages {
		text := func() (string, error) {
			data, err := fs.ReadFile(docs.FS, name)
			return string(data), err
		}
		data, err := text()
		if err != nil {
			return nil, err
		}
		all = append(all, resource{"docs/" + name, titleOf(data), mediaMarkdown, text})
	}
	return all, nil
}

const mediaMarkdown = "text/markdown"

// addResources adds the documents.
func (s *Server) addResources() error {
	all, err := resources()
	if err != nil {
		return err
	}
	for _, r := range all {
		s.server.AddResource(&sdk.Resource{
			URI: scheme + r.path, Name: r.path, Title: r.about, Description: r.about, MIMEType: r.media,
		}, func(context.Context, *sdk.ReadResourceRequest) (*sdk.ReadResourceResult, error) {
			text, err := r.text()
			if err != nil {
				return nil, err
			}
			return &sdk.ReadResourceResult{Contents: []*sdk.ResourceContents{
				{URI: scheme + r.path, MIMEType: r.media, Text: text},
			}}, nil
		})
	}
	return nil
}

func bytesOf(text func() []byte) func() (string, error) {
	return func() (string, error) { return string(text()), nil }
}

// titleOf returns the first heading of a page.
func titleOf(page string) string {
	for line := range strings.Lines(page) {
		if title, is := strings.CutPrefix(line, "# "); is {
			return strings.TrimSpace(title)
		}
	}
	return ""
}

// quirkJSON is a behaviour that differs between servers.
type quirkJSON struct {
	Name     string   `json:"name"`
	Values   []string `json:"values"` // the first is the default
	About    string   `json:"about"`
	Evidence string   `json:"evidence"`
}

func quirksText() (string, error) {
	var list []quirkJSON
	for _, q := range mockserver.Quirks() {
		list = append(list, quirkJSON{q.Name, q.Values, q.About, q.Evidence})
	}
	return jsonText(list)
}

func presetsText() (string, error) { return jsonText(faults.Presets()) }

func jsonText(value any) (string, error) {
	text, err := json.MarshalIndent(value, "", "  ")
	return string(text), err
}
