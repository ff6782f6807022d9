package scenarios

import "github.com/connectmock/connectmock/scenarios/internal/expression"

// variable is a name that expressions can use without defining it.
type variable struct {
	name, about string
	members     []member // nil: those that the scenario defines
	onResponse  bool     // whether only expectations, captures and retries can use it
}

// variableTable returns the names that expressions can use without defining them.
func variableTable() []variable {
	return []variable{
		{name: "run", about: "The run.", members: []member{
			{name: "id", about: "Random id of the run."},
			{name: "prefix", about: "Unique text of this scenario in this run, for titles and names."},
		}},
		{name: "target", about: "The server under test.", members: []member{
			{name: "name", about: "Its name in reports."},
			{name: "control", about: "Whether it is a mock with its control API."},
			{name: "vault", about: "Id of the vault to use; missing if the token sees none."},
		}},
		{name: "inputs", about: "The inputs of the scenario, by name."},
		{name: "matrix", about: "The values of the matrix in this run, by name."},
		{name: "res", about: "The response of the step, or the result of a command.", onResponse: true, members: []member{
			{name: "status", about: "Status; 0 without a response."},
			{name: "json", about: "The body as JSON; missing if it is not JSON."},
			{name: "text", about: "The body as text."},
			{name: "headers", about: "Headers by name: res.headers[\"Retry-After\"]."},
			{name: "len", about: "Size of the body in bytes."},
			{name: "sha256", about: "SHA-256 of the body, in hexadecimal digits."},
			{name: "error", about: "Why there is no complete response, as in expect.error; empty if there is one."},
		}},
		{name: "step", about: "The step.", onResponse: true, members: []member{
			{name: "id", about: "Its id."},
			{name: "attempts", about: "Number of attempts so far, with retry."},
			{name: "took", about: "Time since the first attempt."},
		}},
	}
}

// variableScope returns the variables of the table as a scope.
func variableScope(onResponse bool) expression.Scope {
	scope := expression.Scope{}
	for _, v := range variableTable() {
		if v.onResponse == onResponse {
			scope[v.name] = append([]string{}, memberNames(v.members)...)
		}
	}
	return scope
}
