package openapi

import (
	"slices"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/getkin/kin-openapi/openapi3"
)

// responseErrata returns the errata that allow what real servers respond.
func responseErrata() []Erratum {
	return []Erratum{
		{
			Name: "field-types-answered", Side: "response",
			Why:      "The list of types lacks most types of responses. It has TOTP, which servers write as OTP.",
			Evidence: "[R] SSHKEY and OTP, [C] the others from the Go and Java clients",
			Proof:    "GET /v1/vaults/{vaultUuid}/items/{itemUuid} of an SSH key",
			apply: func(t *openapi3.T) []string {
				s := property(t, "Field", "type")
				if s == nil || len(s.Enum) == 0 || slices.Contains(s.Enum, any("OTP")) {
					return nil
				}
				s.Enum = fieldTypes()
				return []string{place("Field", "type")}
			},
		},
		{
			Name: "members-answered", Side: "response",
			Why:      "Members of responses that clients read are missing.",
			Evidence: "[R] additionalInformation, vault.name and totp, [C] labels of sections, [T] actor.ip",
			Proof:    "GET /v1/vaults/{vaultUuid}/items/{itemUuid}",
			apply: func(t *openapi3.T) []string {
				var places []string
				for _, at := range [][]string{
					{"Item", "additionalInformation"}, {"Item", "vault", "name"},
					{"Field", "totp"}, {"Field", "section", "label"}, {"File", "section", "label"},
					{"APIRequest", "actor", "ip"},
				} {
					object := property(t, at[:len(at)-1]...)
					name := at[len(at)-1]
					if object == nil || len(object.Properties) == 0 || object.Properties[name] != nil {
						continue
					}
					object.Properties[name] = openapi3.NewStringSchema().NewRef()
					places = append(places, place(at...))
				}
				return places
			},
		},
		{
			Name: "actor-ids", Side: "response",
			Why:      "The ids of actors are documented as UUIDs. They have 26 characters in upper case.",
			Evidence: "[R] recorded logs",
			Proof:    "GET /v1/activity",
			apply: func(t *openapi3.T) []string {
				s := property(t, "APIRequest", "actor", "id")
				if s == nil || s.Format != "uuid" {
					return nil
				}
				s.Format = ""
				return []string{place("APIRequest", "actor", "id")}
			},
		},
		{
			Name: "error-members", Side: "response",
			Why: "Status and message of errors are documented as optional. Clients compare the status and show " +
				"the message.",
			Evidence: "[R] recorded errors, [C] the Ansible collection and the Python SDK",
			Proof:    "GET /v1/vaults without a token",
			apply: func(t *openapi3.T) []string {
				s := component(t, "ErrorResponse")
				if s == nil {
					return nil
				}
				before := len(s.Required)
				for _, name := range []string{"status", "message"} {
					if s.Properties[name] != nil && !slices.Contains(s.Required, name) {
						s.Required = append(s.Required, name)
					}
				}
				if len(s.Required) == before {
					return nil
				}
				return []string{"ErrorResponse"}
			},
		},
		{
			Name: "statuses", Side: "response",
			Why: "Error statuses of servers are not documented: 400 for malformed ids, 403 on lists, 406, 413 " +
				"and 500.",
			Evidence: "[R] 400, 403, 406 and 500, [G] 413",
			Proof:    "GET /v1/vaults/Demo",
			apply:    addStatuses,
		},
		{
			Name: "version-header", Side: "response",
			Why:      "The header 1Password-Connect-Version is not documented. The Go SDK refuses files without it.",
			Evidence: "[D] changelog of 1.3.0, [W] connect-sdk-go",
			Proof:    "GET /v1/vaults",
			apply:    addVersionHeader,
		},
	}
}

// fieldTypes returns the types of fields as an enum of a schema.
func fieldTypes() []any {
	var enum []any
	for _, name := range connect.FieldTypes() {
		enum = append(enum, name)
	}
	return enum
}

// addStatuses adds the missing statuses of errors.
func addStatuses(t *openapi3.T) []string {
	schema := &openapi3.SchemaRef{Value: openapi3.NewObjectSchema().
		WithProperty("status", openapi3.NewIntegerSchema()).
		WithProperty("message", openapi3.NewStringSchema()).
		WithRequired([]string{"status", "message"})}
	if s := component(t, "ErrorResponse"); s != nil {
		schema = &openapi3.SchemaRef{Ref: "#/components/schemas/ErrorResponse", Value: s}
	}
	return changeOperations(t, func(where string, op *openapi3.Operation) bool {
		want := []int{500}
		if needsToken(t, op) {
			want = append(want, 400, 401)
		}
		if needsToken(t, op) && strings.Contains(where, "{") {
			want = append(want, 403, 404)
		}
		if op.RequestBody != nil {
			want = append(want, 406, 413)
		}
		changed := false
		for _, status := range want {
			if op.Responses == nil {
				op.Responses = openapi3.NewResponses()
			}
			if op.Responses.Status(status) != nil || op.Responses.Default() != nil {
				continue
			}
			changed = true
			response := openapi3.NewResponse().WithDescription("Refused.").
				WithContent(openapi3.Content{"application/json": {Schema: schema}})
			op.Responses.Set(strconv.Itoa(status), &openapi3.ResponseRef{Value: response})
		}
		return changed
	})
}

// addVersionHeader adds the header 1Password-Connect-Version to all responses.
func addVersionHeader(t *openapi3.T) []string {
	const name = "1Password-Connect-Version"
	return changeOperations(t, func(_ string, op *openapi3.Operation) bool {
		changed := false
		for _, ref := range op.Responses.Map() {
			if ref.Value == nil || ref.Value.Headers[name] != nil {
				continue
			}
			if ref.Value.Headers == nil {
				ref.Value.Headers = openapi3.Headers{}
			}
			h := &openapi3.Header{Parameter: openapi3.Parameter{Schema: openapi3.NewStringSchema().NewRef()}}
			ref.Value.Headers[name] = &openapi3.HeaderRef{Value: h}
			changed = true
		}
		return changed
	})
}
