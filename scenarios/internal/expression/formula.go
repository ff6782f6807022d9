// Package expression is the expressions of scenarios: conditions, and the
// {{ templates }} within texts. The language is expr-lang's, with one
// difference: a member that is not there is an error, never null.
//
// It does not know what the names in an expression stand for; it is told which
// there are, so that an unknown one is found before anything runs.
package expression

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"
)

// Scope are what an expression may use. The members of a name are nil where
// nobody knows them before the run.
type Scope map[string][]string

// SyntaxError is what is wrong with an expression.
type SyntaxError struct {
	Offset  int // bytes from its beginning
	Message string
	Hint    string
	Wrong   string   // an unknown word
	Valid   []string // what it could have been
}

// Expression is a compiled expression. It may be used by many goroutines.
type Expression struct {
	code    string
	uses    []string
	program *vm.Program
	left    *Expression // of a comparison
	right   *Expression
}

// String is the expression as it was written.
func (f *Expression) String() string { return f.code }

// Variables are the names it uses, functions among them, sorted.
func (f *Expression) Variables() []string { return f.uses }

// maxCode is how many bytes an expression may have: the parser calls itself for each parenthesis.
const maxCode = 4096

// Compile reads an expression.
func Compile(code string, names Scope) (*Expression, *SyntaxError) {
	f, tree, mistake := compile(code, names)
	if mistake != nil {
		return nil, mistake
	}
	if b, ok := tree.Node.(*ast.BinaryNode); ok && slices.Contains([]string{"==", "!=", "<", "<=", ">", ">=", "in", "contains", "matches", "startsWith", "endsWith"}, b.Operator) {
		f.left, _, _ = compile(b.Left.String(), names)
		f.right, _, _ = compile(b.Right.String(), names)
	}
	return f, nil
}

// compile is Compile without the sides of a comparison.
func compile(code string, names Scope) (*Expression, *parser.Tree, *SyntaxError) {
	if len(code) > maxCode {
		return nil, nil, &SyntaxError{Message: fmt.Sprintf("an expression of more than %d bytes", maxCode), Hint: "capture parts of it in steps of their own"}
	}
	tree, err := parser.Parse(code)
	if err != nil {
		return nil, nil, mistaken(err, code, names)
	}
	look := &looker{names: names, code: code}
	ast.Walk(&tree.Node, look)
	if look.mistake != nil {
		return nil, nil, look.mistake
	}
	env := types.Map{}
	for name := range names {
		env[name] = types.Any
	}
	options := append(functions(), expr.Env(env), expr.Patch(strict{}), expr.DisableBuiltin("now"))
	program, err := expr.Compile(code, options...)
	if err != nil {
		return nil, nil, mistaken(err, code, names)
	}
	slices.Sort(look.uses)
	return &Expression{code: code, uses: slices.Compact(look.uses), program: program}, tree, nil
}

// Operands are the values a comparison compares, for telling why it does not hold;
// ok is false for anything else.
func (f *Expression) Operands(env map[string]any) (left, right any, ok bool) {
	if f.left == nil || f.right == nil {
		return nil, nil, false
	}
	left, leftErr := f.left.Eval(env)
	right, rightErr := f.right.Eval(env)
	return left, right, leftErr == nil && rightErr == nil
}

// Eval computes it. The environment must have the names it uses.
func (f *Expression) Eval(env map[string]any) (any, error) {
	out, err := expr.Run(f.program, env)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", f.code, plain(err))
	}
	return asJSON(out), nil
}

// asJSON gives values the types they have in JSON.
func asJSON(v any) any {
	switch x := v.(type) {
	case time.Time:
		return x.UTC().Format(time.RFC3339)
	case time.Duration:
		return x.String()
	case []int:
		return listOf(x)
	case []string:
		return listOf(x)
	case int64:
		return int(x)
	}
	return v
}

func listOf[T any](all []T) []any {
	list := make([]any, len(all))
	for i, one := range all {
		list[i] = one
	}
	return list
}

// IsTrue computes a condition; anything but true or false is an error.
func (f *Expression) IsTrue(env map[string]any) (bool, error) {
	out, err := f.Eval(env)
	if err != nil {
		return false, err
	}
	b, ok := out.(bool)
	if !ok {
		return false, fmt.Errorf("%s: is %s, not true or false", f.code, kind(out))
	}
	return b, nil
}

// plain is an error without the excerpt of the code expr adds.
func plain(err error) string {
	var e *file.Error
	if errors.As(err, &e) {
		if inner := e.Unwrap(); inner != nil {
			return inner.Error()
		}
		return e.Message
	}
	return err.Error()
}

func mistaken(err error, code string, names Scope) *SyntaxError {
	m := &SyntaxError{Message: plain(err)}
	var e *file.Error
	if errors.As(err, &e) {
		m.Message = e.Message
		m.Offset = len(string([]rune(code)[:min(e.From, len([]rune(code)))]))
	}
	if name, ok := strings.CutPrefix(m.Message, "unknown name "); ok {
		m.Message, m.Wrong, m.Valid = fmt.Sprintf("unknown variable %q", name), name, known(names)
		if after := strings.TrimSpace(code[min(m.Offset+len(name), len(code)):]); strings.HasPrefix(after, "(") {
			m.Message, m.Valid = fmt.Sprintf("unknown function %q", name), knownFunctions(names)
		}
	}
	return m
}

// known are all names, functions last.
func known(names Scope) []string {
	var all []string
	for name := range names {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// knownFunctions are the functions that an expression with these names may
// call, sorted.
func knownFunctions(names Scope) []string {
	all := append([]string{"id", "sha256", "get", "has"}, builtin.Names...)
	all = slices.DeleteFunc(all, func(name string) bool { return slices.Contains(Functions(), name) })
	for _, name := range Functions() {
		if _, ok := names[name]; ok {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// IsReserved says whether a name is taken by the language or by its functions.
func IsReserved(name string) bool {
	words := []string{"true", "false", "nil", "not", "and", "or", "in", "let", "if", "else", "matches", "contains", "startsWith", "endsWith",
		"secret", "now", "id", "sha256", "get", "has", "unique"}
	if slices.Contains(words, name) {
		return true
	}
	return slices.Contains(builtin.Names, name)
}

// looker checks an expression before it is compiled.
type looker struct {
	names   Scope
	code    string
	uses    []string
	mistake *SyntaxError
}

func (l *looker) fail(n ast.Node, message, hint string) {
	if l.mistake == nil {
		l.mistake = &SyntaxError{Message: message, Hint: hint, Offset: len(string([]rune(l.code)[:n.Location().From]))}
	}
}

func (l *looker) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		l.uses = append(l.uses, n.Value)
	case *ast.ChainNode:
		l.fail(n, `"?." hides what is missing`, "write has(value, '/member') or get(value, '/member', otherwise)")
	case *ast.MemberNode:
		owner, ok := n.Node.(*ast.IdentifierNode)
		member, named := n.Property.(*ast.StringNode)
		if !ok || !named {
			return
		}
		if members := l.names[owner.Value]; members != nil && !slices.Contains(members, member.Value) {
			l.fail(n.Property, fmt.Sprintf("%s has no member %q", owner.Value, member.Value), "")
			if l.mistake.Wrong == "" {
				l.mistake.Wrong, l.mistake.Valid = member.Value, members
			}
		}
	}
}
