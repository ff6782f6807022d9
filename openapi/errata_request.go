package openapi

import (
	"github.com/getkin/kin-openapi/openapi3"
)

// requestErrata returns the errata that allow what real clients send.
func requestErrata() []Erratum {
	return []Erratum{
		{
			Name: "path-ids", Side: "request",
			Why: "Path parameters are documented as UUIDs, or as any text. Ids are 26 of [a-z0-9]: a tool that " +
				"checks the format refuses every file, one that does not accepts a title as an id.",
			Evidence: "[R] 400 for names, [W] the ids that clients send",
			Proof:    "GET /v1/vaults/hfnjvi6aymbsnfc2xeeoheizda/items/2fcbqwe9ndg175zg2dzwftvkpa/files",
			apply:    fixPathIDs,
		},
		{
			Name: "field-members-optional", Side: "request",
			Why: "Fields are documented as having an id and a type. The server makes the id and has a default " +
				"type.",
			Evidence: "[D] the documentation's own example, [W] connect-sdk-js sends no id",
			Proof:    proofCreate + `{"category":"LOGIN","title":"t","fields":[{"purpose":"USERNAME","value":"u"}]}`,
			apply: func(t *openapi3.T) []string {
				return makeOptional(t, []string{"Field" + requestSuffix}, "id", "type")
			},
		},
		{
			Name: "field-types-sent", Side: "request",
			Why: "The list of types lacks most types, and lower case and the empty string. It has TOTP, which " +
				"servers refuse.",
			Evidence: "[R] types in any case, [W] connect-sdk-go sends an empty one",
			Proof: proofCreate +
				`{"category":"LOGIN","title":"t","fields":[{"type":""},{"type":"otp","value":"otpauth://totp/x?secret=AAAA"}]}`,
			apply: func(t *openapi3.T) []string {
				s := property(t, "Field"+requestSuffix, "type")
				if s == nil || len(s.Enum) == 0 {
					return nil
				}
				s.Enum = nil
				return []string{place("Field", "type")}
			},
		},
		{
			Name: "patch-values", Side: "request",
			Why: "The value of a patch operation is documented as an object. It is of the type that the path " +
				"has: the document's own examples send true and text.",
			Evidence: "[D] the examples, [R] a text is accepted",
			Proof:    `PATCH /v1/vaults/{vaultUuid}/items/{itemUuid} [{"op":"replace","path":"/favorite","value":true}]`,
			apply: func(t *openapi3.T) []string {
				s := property(t, "Patch"+requestSuffix, "[]", "value")
				if s == nil || s.Type == nil {
					return nil
				}
				*s = openapi3.Schema{Description: s.Description, Nullable: true}
				return []string{place("Patch", "[]", "value")}
			},
		},
		{
			Name: "patch-operations", Side: "request",
			Why:      "The names of patch operations are documented in lower case. Servers accept them in any case.",
			Evidence: "[W] the Java client sends upper case, [T] its tests run against real servers",
			Proof:    `PATCH /v1/vaults/{vaultUuid}/items/{itemUuid} [{"op":"REPLACE","path":"/favorite","value":true}]`,
			apply:    allowAnyCase,
		},
		{
			Name: "ids-in-bodies", Side: "request",
			Why: "Ids in bodies are documented with 26 characters. An empty id means none, and the name of a " +
				"vault is accepted as its id.",
			Evidence: "[W] connect-sdk-go sends empty ids of item and vault, [R] external-secrets 3129 the vault's " +
				"name",
			Proof: proofCreate + `{"id":"","vault":{"id":"Demo"},"category":"LOGIN","title":"t"}`,
			apply: allowAnyIDs,
		},
		{
			Name: "item-members", Side: "request",
			Why:      "Items are documented as having a vault. A create is in the vault of the path.",
			Evidence: "[C] bodies without a vault",
			Proof:    proofCreate + `{"category":"LOGIN","title":"t"}`,
			apply: func(t *openapi3.T) []string {
				return makeOptional(t, []string{"Item" + requestSuffix}, "vault")
			},
		},
		{
			Name: "addresses", Side: "request",
			Why:      "Addresses are documented as required URLs. They may be missing, empty, or without a scheme.",
			Evidence: "[W] connect-sdk-js sends example.com, connect-sdk-go an empty one",
			Proof:    proofCreate + `{"category":"LOGIN","title":"t","urls":[{"href":""},{"label":"l"}]}`,
			apply: func(t *openapi3.T) []string {
				places := makeOptional(t, []string{"Item" + requestSuffix, "urls", "[]"}, "href")
				if s := property(t, "Item"+requestSuffix, "urls", "[]", "href"); s != nil && s.Format != "" {
					s.Format = ""
					places = append(places, place("Item", "urls", "[]", "href"))
				}
				return places
			},
		},
		{
			Name: "character-sets", Side: "request",
			Why:      "The bounds of a list are written as those of a number, so they have no effect.",
			Evidence: "[D] the document itself",
			Proof: proofCreate +
				`{"category":"LOGIN","title":"t","fields":[{"generate":true,"recipe":{"characterSets":["LETTERS"]}}]}`,
			apply: func(t *openapi3.T) []string {
				s := property(t, "GeneratorRecipe"+requestSuffix, "characterSets")
				if s == nil || s.Max == nil {
					return nil
				}
				most := uint64(*s.Max)
				s.Min, s.Max, s.MaxItems = nil, nil, &most
				return []string{place("GeneratorRecipe", "characterSets")}
			},
		},
		{
			Name: "nulls", Side: "request",
			Why:      "No member is documented as nullable. Some clients send null for members that they do not set.",
			Evidence: "[C] the Ansible collection",
			Proof:    proofCreate + `{"category":"LOGIN","title":"t","favorite":null,"fields":null}`,
			apply:    allowNulls,
		},
		{
			Name: "bodies-required", Side: "request",
			Why:      "Bodies are documented as optional. Without a body there is nothing to create or change.",
			Evidence: "[G] no response to an empty body is recorded",
			Proof:    "POST /v1/vaults/{vaultUuid}/items (no body)",
			apply: func(t *openapi3.T) []string {
				return changeOperations(t, func(_ string, op *openapi3.Operation) bool {
					if op.RequestBody == nil || op.RequestBody.Value == nil || op.RequestBody.Value.Required {
						return false
					}
					op.RequestBody.Value.Required = true
					return true
				})
			},
		},
		{
			Name: "inline-content", Side: "request",
			Why: "The parameter that asks for the content of files has another name in the documentation and " +
				"in tested clients.",
			Evidence: "[D] the API reference, [T] the Java client",
			Proof:    "GET /v1/vaults/{vaultUuid}/items/{itemUuid}/files?inline_content=true",
			apply: func(t *openapi3.T) []string {
				return changeOperations(t, func(_ string, op *openapi3.Operation) bool {
					old := op.Parameters.GetByInAndName("query", "inline_files")
					if old == nil || op.Parameters.GetByInAndName("query", "inline_content") != nil {
						return false
					}
					p := *old
					p.Name = "inline_content"
					op.Parameters = append(op.Parameters, &openapi3.ParameterRef{Value: &p})
					return true
				})
			},
		},
		{
			Name: "page-bounds", Side: "request",
			Why:      "The offset and the limit of a page of the log may be negative.",
			Evidence: "[G] no response is recorded",
			Proof:    "GET /v1/activity?limit=-1",
			apply: func(t *openapi3.T) []string {
				return changeOperations(t, func(_ string, op *openapi3.Operation) bool {
					changed := false
					for _, name := range []string{"limit", "offset"} {
						p := op.Parameters.GetByInAndName("query", name)
						if p == nil || p.Schema == nil || p.Schema.Value == nil || !p.Schema.Value.Type.Is("integer") ||
							p.Schema.Value.Min != nil {
							continue
						}
						zero := 0.0
						s := *p.Schema.Value
						s.Min = &zero
						p.Schema = &openapi3.SchemaRef{Value: &s}
						changed = true
					}
					return changed
				})
			},
		},
	}
}
