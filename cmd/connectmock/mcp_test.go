package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/mcp"
	"github.com/connectmock/connectmock/openapi/controlapi"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// assistant is a coding assistant of the scripts: assistant TOOL JSON [TOOL JSON...] -- COMMAND. It starts the command,
// calls its tools over standard input and output, and prints the results. It fails if one is an error.
func assistant() {
	args := os.Args[1:]
	end := slices.Index(args, "--")
	if end < 0 {
		exitOn(fmt.Errorf("usage: assistant TOOL JSON [TOOL JSON...] -- COMMAND"))
	}
	command := exec.Command(args[end+1], args[end+2:]...)
	command.Stderr = os.Stderr
	client := sdk.NewClient(&sdk.Implementation{Name: "assistant", Version: "v0"}, nil)
	session, err := client.Connect(context.Background(), &sdk.CommandTransport{Command: command}, nil)
	exitOn(err)
	failed := false
	for call := range slices.Chunk(args[:end], 2) {
		result, err := session.CallTool(context.Background(),
			&sdk.CallToolParams{Name: call[0], Arguments: json.RawMessage(call[1])})
		exitOn(err)
		failed = failed || result.IsError
		for _, content := range result.Content {
			fmt.Println(content.(*sdk.TextContent).Text)
		}
	}
	exitOn(session.Close()) // fails if the command does
	if failed {
		os.Exit(1)
	}
}

// toolTable returns a table of the tools of connectmock mcp.
func toolTable(t *testing.T) string {
	t.Helper()
	nothing := func(context.Context, string, []string) mcp.Output { return mcp.Output{} }
	server, err := mcp.New(mcp.Options{Control: &controlapi.Client{}, Command: nothing})
	if err != nil {
		t.Fatal(err)
	}
	here, there := sdk.NewInMemoryTransports()
	if _, err := server.Connect(t.Context(), here); err != nil {
		t.Fatal(err)
	}
	session, err := sdk.NewClient(&sdk.Implementation{Name: "docs", Version: "v0"}, nil).Connect(t.Context(), there, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	list, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| tool | what it does |\n|---|---|\n")
	for _, tool := range list.Tools {
		about, _, _ := strings.Cut(tool.Description, ". ")
		fmt.Fprintf(&b, "| `%s` | %s |\n", tool.Name, cell(strings.TrimSuffix(about, ".")))
	}
	return b.String()
}

// What the page tells a reader to configure can be run.
func TestAssistantsDocs_ConfigureKnownCommands(t *testing.T) {
	t.Parallel()
	configured := blocks(fileText(t, "../../docs/assistants.md"), "json")
	if len(configured) != 2 {
		t.Errorf("%d configurations", len(configured))
	}
	for _, text := range configured {
		var file struct {
			Servers map[string]struct {
				Command string
				Args    []string
			} `json:"mcpServers"`
		}
		if err := json.Unmarshal([]byte(text), &file); err != nil {
			t.Fatal(err)
		}
		server := file.Servers["connectmock"]
		if server.Command != "connectmock" || server.Args[len(server.Args)-1] != "mcp" {
			t.Errorf("got %+v", server)
		}
		checkCommand(t, text, server.Args)
	}
}
