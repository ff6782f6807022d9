package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"

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
