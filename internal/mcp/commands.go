package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// argument is an argument of a tool that runs a command.
type argument struct {
	name, about string
	kind        string // strings, integer, pairs (an object of strings) or string
	flag        string // of the command; empty: it has the values as arguments
	required    bool
	isPath      bool // the values are files or folders
}

// commandTool is a tool that runs a command of the program.
type commandTool struct {
	name, about string
	line        []string
	arguments   []argument
	changes     bool // the state of the mock
}

// library stands for the scenarios of the program, as on the command line.
const library = "library"

// The order of the tools is that of the command line's help.
func commandTools() []commandTool {
	paths := argument{name: "paths", kind: "strings", isPath: true, required: true,
		about: `Files or folders below the working directory, or "library" for the scenarios of connectmock.`}
	ids := argument{name: "ids", kind: "strings", flag: "id", about: "Only scenarios with these ids, as token-*."}
	tags := argument{name: "tags", kind: "strings", flag: "tag", about: "Only scenarios with these tags."}
	optionalPaths := paths
	optionalPaths.required, optionalPaths.about = false, paths.about+" Default: library."
	return []commandTool{
		{"contract_list", "List the rules that a Connect server keeps, with what each needs.", []string{"contract", "list"},
			[]argument{{name: "patterns", kind: "strings", about: "Only rules as items/*."}}, false},
		{"contract_explain", "Explain a rule: what a server does, how that is known, which versions differ.",
			[]string{"contract", "explain"}, []argument{{name: "rule", kind: "string", required: true,
				about: "Id of the rule, as health/heartbeat."}}, false},
		{contractRun, "Check the mock against the rules of the contract, in a new account with the demo data. All rules take " +
			"some seconds, on a busy machine a minute.", []string{"contract", "run"}, []argument{
			{name: "rules", kind: "strings", flag: "rule", about: "Only rules as items/*. Default: all."},
			{name: "levels", kind: "strings", flag: "level", about: "Only MUST, SHOULD or OBSERVED."},
			{name: "against_version", kind: "string", flag: againstVersion,
				about: "What Connect of this version promised. Default: the version of the mock."},
		}, true},
		{"scenario_list", "List scenarios: test cases in steps.", []string{"scenario", "list"},
			[]argument{optionalPaths, ids, tags}, false},
		{"scenario_show", "Show a scenario of the library in YAML, to start an own one from.", []string{"scenario", "show"},
			[]argument{{name: "id", kind: "string", required: true, about: "As scenario_list has it."}}, false},
		{"scenario_validate", "List the mistakes of scenarios, with line and column.", []string{"scenario", "validate"},
			[]argument{paths}, false},
		{"scenario_run", "Run scenarios against the mock, each in an account of its own.", []string{"scenario", "run"},
			[]argument{paths, ids, tags, {name: "inputs", kind: "pairs", flag: "input", about: "Values of the scenarios' inputs."}},
			true},
		{"audit", "List the mistakes of clients that the journal of the mock shows, and the permissions they needed.",
			[]string{"ctl", "audit"},
			[]argument{{name: "account", kind: "string", flag: "account", about: "Id or name. Default: all accounts."}}, false},
	}
}

// addCommandTools adds the tools that run commands.
func (s *Server) addCommandTools() {
	closed, destroys := false, false
	for _, tool := range commandTools() {
		s.server.AddTool(&sdk.Tool{
			Name: tool.name, Description: tool.about, InputSchema: tool.schema(),
			Annotations: &sdk.ToolAnnotations{ReadOnlyHint: !tool.changes, DestructiveHint: &destroys, OpenWorldHint: &closed},
		}, func(ctx context.Context, r *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
			members, err := decodeArguments(r.Params.Arguments)
			if err != nil {
				return textResult(err.Error(), true), nil
			}
			args, err := tool.commandLine(members)
			if err != nil {
				return textResult(err.Error(), true), nil
			}
			return s.run(ctx, tool, args), nil
		})
	}
}

// run runs the command of a tool.
func (s *Server) run(ctx context.Context, tool commandTool, args []string) *sdk.CallToolResult {
	if tool.changes {
		s.suites.Lock()
		defer s.suites.Unlock()
	}
	if tool.name == contractRun {
		return s.runContract(ctx, args)
	}
	return outputResult(s.options.Command(ctx, "", args))
}

// outputResult returns what a command printed. Its messages are of use if it failed or printed nothing else. A check that
// failed, exit code 1, is a result and not an error.
func outputResult(o Output) *sdk.CallToolResult {
	text := strings.TrimSpace(o.Text)
	if messages := strings.TrimSpace(o.Messages); o.Code > 1 || text == "" {
		text = strings.TrimSpace(text + "\n" + messages)
	}
	if o.Code != 0 {
		text += fmt.Sprintf("\n(exit code %d)", o.Code)
	}
	return textResult(text, o.Code > 1)
}

// schema returns the JSON Schema of the arguments.
func (t commandTool) schema() map[string]any {
	properties, required := map[string]any{}, []string{}
	text := map[string]any{"type": "string"}
	for _, a := range t.arguments {
		schema := map[string]any{"type": a.kind}
		switch a.kind {
		case "strings":
			schema = map[string]any{"type": "array", "items": text}
		case "pairs":
			schema = map[string]any{"type": "object", "additionalProperties": text}
		}
		schema["description"] = a.about
		if properties[a.name] = schema; a.required {
			required = append(required, a.name)
		}
	}
	schema := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}

// commandLine returns the command line for the arguments. A value can't become a flag: flags have theirs after an equals
// sign, and the others follow "--".
func (t commandTool) commandLine(members map[string]json.RawMessage) ([]string, error) {
	flags, values := slices.Clone(t.line), []string{"--"}
	var known []string
	for _, a := range t.arguments {
		known = append(known, a.name)
		words, err := a.words(members[a.name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.name, err)
		}
		delete(members, a.name)
		if a.required && len(words) == 0 {
			return nil, fmt.Errorf("the argument %q is missing", a.name)
		}
		for _, word := range words {
			switch {
			case a.flag != "":
				flags = append(flags, "--"+a.flag+"="+word)
			default:
				values = append(values, word)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		return nil, fmt.Errorf("there is no argument %q%s", name, nearest.HintWithList(name, known))
	}
	return append(flags, values...), nil
}

// words returns the values of an argument, none if it was not given.
func (a argument) words(value json.RawMessage) (words []string, err error) {
	if value == nil {
		return nil, nil
	}
	switch a.kind {
	case "strings":
		err = json.Unmarshal(value, &words)
	case "pairs":
		pairs := map[string]string{}
		err = json.Unmarshal(value, &pairs)
		for _, name := range slices.Sorted(maps.Keys(pairs)) {
			words = append(words, name+"="+pairs[name])
		}
	default:
		words = make([]string, 1)
		err = json.Unmarshal(value, &words[0])
	}
	if err != nil {
		return nil, fmt.Errorf("this is not of the type %s", a.kind)
	}
	for _, word := range words {
		if strings.ContainsAny(word, ",\n") {
			return nil, errors.New("a value has a comma or the end of a line; give several values as several")
		}
		if a.isPath && word != library && !filepath.IsLocal(word) {
			return nil, fmt.Errorf("%q is not below the working directory, which is all that is read", word)
		}
	}
	return words, nil
}
