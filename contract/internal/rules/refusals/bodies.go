package refusals

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/openapi"
)

// invalidBody is an invalid body.
type invalidBody struct{ name, text, contentType string }

// isForbidden reports whether a body breaks the document.
func isForbidden(op *openapi.Operation, b invalidBody) bool {
	r, err := http.NewRequest(op.Method, "http://connect.invalid"+op.Path, nil)
	if err != nil {
		check.Abort(err)
	}
	r.Header.Set("Content-Type", b.contentType)
	return op.CheckBody(r, []byte(b.text)) != nil
}

// fullBody returns a valid body with every member that a client may send.
func fullBody(s *check.Session, op *openapi.Operation, title string) any {
	if op.ID == "PatchVaultItem" {
		return []any{map[string]any{"op": "replace", "path": "/title", "value": title}}
	}
	return map[string]any{
		"title": title, "category": "SECURE_NOTE", "vault": map[string]any{"id": s.Vault(), "name": "any"},
		"favorite": false, "tags": []any{call.Tag, call.RunPrefix(s.ID)},
		"urls":     []any{map[string]any{"href": "https://example.com", "label": "site", "primary": true}},
		"sections": []any{map[string]any{"id": "extra", "label": "Extra"}},
		"fields": []any{map[string]any{
			"id": "custom", "label": "custom", "type": "CONCEALED", "purpose": "", "value": "", "generate": true,
			"section": map[string]any{"id": "extra", "label": "Extra"},
			"recipe":  map[string]any{"length": 20, "characterSets": []any{"LETTERS"}, "excludeCharacters": "lO0"},
		}},
	}
}

// invalidBodies returns copies of a valid body that are invalid in one way.
func invalidBodies(op *openapi.Operation, kind string, valid any) []invalidBody {
	const media = "application/json"
	text := call.EncodeJSON(valid)
	switch kind {
	case "json":
		return []invalidBody{
			{"an empty body", "", media}, {"a blank body", " \n", media},
			{"a truncated body", text[:len(text)-1], media},
			{"a word", "title", media}, {"a single quote", strings.ReplaceAll(text, `"`, `'`), media},
			{"an extra comma", text[:len(text)-1] + "," + text[len(text)-1:], media},
			{"bytes that are not UTF-8", "\xff\xfe{}", media},
		}
	case "trailing":
		return []invalidBody{{"a bracket after it", text + "}", media}, {"a second document", text + text, media},
			{"words after it", text + " and more", media}}
	case "root":
		list := []invalidBody{{"null", "null", media}, {"a number", "7", media}, {"a text", `"text"`, media},
			{"true", "true", media}}
		if _, isList := valid.([]any); isList {
			return append(list, invalidBody{"an object", `{"op":"replace","path":"/title","value":"x"}`, media},
				invalidBody{"a list of texts", `["x"]`, media})
		}
		return append(list, invalidBody{"a list", "[" + text + "]", media}, invalidBody{"an empty list", "[]", media})
	case "form":
		return []invalidBody{
			{"XML", "<item/>", "application/xml"}, {"plain text", "title: x", "text/plain"},
			{"a form", "title=x&category=LOGIN", "application/x-www-form-urlencoded"},
			{"a form with the type of JSON", "title=x&category=LOGIN", media},
		}
	}
	var list []invalidBody
	var permitted []mutation
	for _, m := range mutations(op, kind, valid) {
		b := invalidBody{m.name, call.EncodeJSON(m.document), media}
		if kind == "null" && !isForbidden(op, b) {
			permitted = append(permitted, m)
			continue
		}
		list = append(list, b)
	}
	return append(list, nullBodies(valid, permitted)...)
}

// nullBodies returns bodies with null in all the places of some mutations, one body for each depth: what is null has no
// members.
func nullBodies(valid any, permitted []mutation) (list []invalidBody) {
	byDepth := map[int][]mutation{}
	for _, m := range permitted {
		depth := strings.Count(m.name, ".") + strings.Count(m.name, "[")
		byDepth[depth] = append(byDepth[depth], m)
	}
	for _, depth := range slices.Sorted(maps.Keys(byDepth)) {
		document := valid
		for _, m := range byDepth[depth] {
			document = withNulls(document, m.document)
		}
		name := byDepth[depth][0].name + " and its neighbours"
		list = append(list, invalidBody{name, call.EncodeJSON(document), "application/json"})
	}
	return list
}

// withNulls returns a document with the nulls that another of the same form has.
func withNulls(document, other any) any {
	switch o := other.(type) {
	case nil:
		return nil
	case map[string]any:
		if members, ok := document.(map[string]any); ok {
			copied := maps.Clone(members)
			for name, value := range o {
				copied[name] = withNulls(members[name], value)
			}
			return copied
		}
	case []any:
		if elements, ok := document.([]any); ok {
			copied := slices.Clone(elements)
			for i, value := range o {
				copied[i] = withNulls(elements[i], value)
			}
			return copied
		}
	}
	return document
}
