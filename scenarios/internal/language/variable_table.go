package language

import (
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// variable is a name that expressions can use without defining it.
type variable struct {
	Name, About string
	Members     []Member // nil: those that the scenario defines
	OnResponse  bool     // whether only expectations, captures and retries can use it
}

// VariableTable returns the names that expressions can use without defining them.
func VariableTable() []variable {
	return []variable{
		{Name: "run", About: "The run.", Members: []Member{
			{Name: "id", About: "Random id of the run."},
			{Name: "prefix", About: "Unique text of this scenario in this run, for titles and names."},
		}},
		{Name: "target", About: "The server under test.", Members: []Member{
			{Name: "name", About: "Its name in reports."},
			{Name: "control", About: "Whether it is a mock with its control API."},
			{Name: "vault", About: "Id of the vault to use; missing if the token sees none."},
		}},
		{Name: "inputs", About: "The inputs of the scenario, by name."},
		{Name: "matrix", About: "The values of the matrix in this run, by name."},
		{Name: "res", About: "The response of the step, or the result of a command.", OnResponse: true, Members: []Member{
			{Name: "status", About: "Status; 0 without a response."},
			{Name: "json", About: "The body as JSON; missing if it is not JSON."},
			{Name: "text", About: "The body as text."},
			{Name: "headers", About: "Headers by name: res.headers[\"Retry-After\"]."},
			{Name: "len", About: "Size of the body in bytes."},
			{Name: "sha256", About: "SHA-256 of the body, in hexadecimal digits."},
			{Name: "error", About: "Why there is no complete response, as in expect.error; empty if there is one."},
		}},
		{Name: "step", About: "The step.", OnResponse: true, Members: []Member{
			{Name: "id", About: "Its id."},
			{Name: "attempts", About: "Number of attempts so far, with retry."},
			{Name: "took", About: "Time since the first attempt."},
		}},
	}
}

// variableScope returns the variables of the table as a scope.
func variableScope(onResponse bool) expression.Scope {
	scope := expression.Scope{}
	for _, v := range VariableTable() {
		if v.OnResponse == onResponse {
			scope[v.Name] = append([]string{}, memberNames(v.Members)...)
		}
	}
	return scope
}
