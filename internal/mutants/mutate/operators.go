package main

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// operatorNames returns the names of the operators, which the package documentation explains.
func operatorNames() []string {
	return []string{"negate", "compare", "bound", "and-or", "remove", "append", "return-zero", "number", "string"}
}

// find adds the mutations of a node and of what is in it, except where no test can see a change.
func (f *finder) find(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.TypeSpec, *ast.DeferStmt:
			return false
		case *ast.FuncDecl:
			return f.findIn(n.Type, n.Body)
		case *ast.FuncLit:
			return f.findIn(n.Type, n.Body)
		case *ast.CallExpr:
			return f.call(n)
		case *ast.IfStmt:
			f.ifStatement(n)
		case *ast.ExprStmt, *ast.AssignStmt, *ast.IncDecStmt, *ast.SendStmt:
			f.statement(n.(ast.Stmt))
		case *ast.ReturnStmt:
			f.returnStatement(n)
		case *ast.BinaryExpr:
			f.binary(n)
		case *ast.BasicLit:
			f.literal(n)
		}
		return true
	})
}

// findIn adds the mutations of a function's body. It returns false, because they are found then.
func (f *finder) findIn(function *ast.FuncType, body *ast.BlockStmt) bool {
	if body == nil {
		return false
	}
	f.functions = append(f.functions, function)
	f.find(body)
	f.functions = f.functions[:len(f.functions)-1]
	return false
}

// call adds the mutations of a call, and reports whether its arguments may change.
func (f *finder) call(n *ast.CallExpr) bool {
	if isUnseen(n) {
		return false
	}
	name := calledName(n)
	if name == "make" {
		return false // a capacity, or a size that is filled anyway
	}
	if name == "append" && len(n.Args) > 1 {
		f.add("append", n, f.text(n.Args[0]), "drops "+f.summary(n))
	}
	return true
}

// ifStatement adds the negation of the condition, and the removal of a statement without else.
func (f *finder) ifStatement(n *ast.IfStmt) {
	f.add("negate", n.Cond, "!("+f.text(n.Cond)+")", "negates if "+f.summary(n.Cond))
	if b, ok := n.Cond.(*ast.BinaryExpr); ok && (b.Op == token.EQL || b.Op == token.NEQ) {
		f.negated[n.Cond] = true // another comparison would be the same change
	}
	isSeen := func(s ast.Stmt) bool { return !isUnseenStatement(s) }
	if n.Else == nil && slices.ContainsFunc(n.Body.List, isSeen) {
		f.add("remove", n, "", "removes "+f.summary(n))
	}
}

// statement adds the removal of a statement.
func (f *finder) statement(n ast.Stmt) {
	if isUnseenStatement(n) {
		return
	}
	if a, ok := n.(*ast.AssignStmt); ok {
		if a.Tok == token.DEFINE || f.isBlank(a) {
			return // does not compile, or does nothing
		}
		if len(a.Rhs) == 1 {
			if call, ok := a.Rhs[0].(*ast.CallExpr); ok && calledName(call) == "append" {
				return // an operator of its own
			}
		}
	}
	operator := "remove"
	if e, ok := n.(*ast.ExprStmt); ok {
		if call, ok := e.X.(*ast.CallExpr); ok && calledName(call) == "delete" {
			operator = "append"
		}
	}
	f.add(operator, n, "", "removes "+f.summary(n))
}

func (f *finder) isBlank(a *ast.AssignStmt) bool {
	return !slices.ContainsFunc(a.Lhs, func(e ast.Expr) bool { return f.text(e) != "_" })
}

// returnStatement adds the zero value in place of each result that is not zero as it stands.
func (f *finder) returnStatement(n *ast.ReturnStmt) {
	var types []ast.Expr
	if results := f.functions[len(f.functions)-1].Results; results != nil {
		for _, field := range results.List {
			for range max(len(field.Names), 1) {
				types = append(types, field.Type)
			}
		}
	}
	if len(types) != len(n.Results) {
		return // the results of another function, or named ones
	}
	last := len(n.Results) - 1
	for i, result := range n.Results {
		if call, ok := n.Results[max(last, 0)].(*ast.CallExpr); ok && isUnseen(call) && i < last {
			continue // nobody reads a value beside an error
		}
		text := f.text(result)
		if slices.Contains([]string{"nil", "false", "0", `""`, f.text(types[i]) + "{}"}, text) {
			continue
		}
		f.add("return-zero", result, zero(f.text(types[i])), "returns the zero value, not "+f.summary(result))
	}
}

// zero returns an expression for the zero value of a type.
func zero(name string) string {
	switch {
	case name == "bool":
		return "false"
	case name == "string":
		return `""`
	case name == "error" || strings.HasPrefix(name, "*") || strings.HasPrefix(name, "[]"):
		return "nil"
	}
	return "*new(" + name + ")"
}

// binary adds another operator in place of that of a comparison, and or or.
func (f *finder) binary(n *ast.BinaryExpr) {
	operator, other := "bound", ""
	switch n.Op {
	case token.LSS:
		other = "<="
	case token.LEQ:
		other = "<"
	case token.GTR:
		other = ">="
	case token.GEQ:
		other = ">"
	case token.EQL:
		operator, other = "compare", "!="
	case token.NEQ:
		operator, other = "compare", "=="
	case token.LAND:
		operator, other = "and-or", "||"
	case token.LOR:
		operator, other = "and-or", "&&"
	default:
		return
	}
	if f.negated[n] {
		return
	}
	start := f.files.Position(n.OpPos).Offset
	f.found = append(f.found, mutation{
		file: f.name, line: f.files.Position(n.OpPos).Line, operator: operator,
		about: n.Op.String() + " becomes " + other + " in " + f.summary(n),
		start: start, end: start + len(n.Op.String()), text: other,
	})
}

// literal adds another number or string in place of a constant.
func (f *finder) literal(n *ast.BasicLit) {
	switch {
	case n.Kind == token.INT:
		if v, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			other := strconv.FormatInt(v+1, 10)
			f.add("number", n, other, n.Value+" becomes "+other)
		}
	case n.Kind == token.STRING && f.stringsChange && strings.HasPrefix(n.Value, `"`):
		other := strings.TrimSuffix(n.Value, `"`) + `x"`
		f.add("string", n, other, n.Value+" becomes "+other)
	}
}

// calledName returns the last part of the name of what a call calls, "" for a function literal.
func calledName(n *ast.CallExpr) string {
	switch fun := n.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

// isUnseen reports whether a call writes to the log, counts for metrics, writes the text of an internal error, panics,
// reserves memory, or locks or closes something.
func isUnseen(n *ast.CallExpr) bool {
	switch calledName(n) {
	case "panic", "Errorf", "Lock", "Unlock", "RLock", "RUnlock", "Close", "Observe", "Inc", "Grow":
		return true
	case "New", "Error", "Warn", "Info", "Debug":
		s, ok := n.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		receiver := s.X
		if inner, ok := receiver.(*ast.SelectorExpr); ok {
			return strings.EqualFold(inner.Sel.Name, "log")
		}
		id, ok := receiver.(*ast.Ident)
		return ok && slices.Contains([]string{"log", "slog", "errors"}, id.Name)
	}
	return false
}

func isUnseenStatement(n ast.Stmt) bool {
	e, ok := n.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := e.X.(*ast.CallExpr)
	return ok && isUnseen(call)
}
