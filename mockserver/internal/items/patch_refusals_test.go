package items_test

import (
	"slices"
	"testing"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

func TestPatch_RefusesInvalidOperations(t *testing.T) {
	t.Parallel()
	old := create(t, patched)
	const wrong = "Validation: (invalid patch operation), operation "
	const serverOnly = "the path leads to a member that only the server changes"
	const nowhere = "the path leads to nothing that can be patched"
	tests := map[string]struct{ ops, text string }{
		"unknown op":          {`[{"op":"test","path":"/title","value":"s3cret"}]`, wrong + "0: op must be one of add, remove, replace, in any case"},
		"no op":               {`[{"path":"/title","value":"s3cret"}]`, wrong + "0: op must be one of add, remove, replace, in any case"},
		"no slash":            {`[{"op":"replace","path":"title","value":"s3cret"}]`, wrong + "0: the path must start with a slash"},
		"bad escape":          {`[{"op":"replace","path":"/fields/~2/value","value":"s3cret"}]`, wrong + "0: the path has a ~ that is not part of ~0 or ~1"},
		"bad escape made up":  {`[{"op":"replace","path":"/fields/~~00/value","value":"s3cret"}]`, wrong + "0: the path has a ~ that is not part of ~0 or ~1"},
		"no value":            {`[{"op":"replace","path":"/title"}]`, wrong + "0: a value is required"},
		"second operation":    {`[{"op":"replace","path":"/title","value":"x"},{"op":"add","path":"/nope","value":"s3cret"}]`, wrong + "1: " + nowhere},
		"nowhere in title":    {`[{"op":"replace","path":"/title/x","value":"s3cret"}]`, wrong + "0: " + nowhere},
		"nowhere in whole":    {`[{"op":"replace","path":"//title","value":"s3cret"}]`, wrong + "0: " + nowhere},
		"number for title":    {`[{"op":"replace","path":"/title","value":7}]`, wrong + "0: the value must be a string"},
		"text for favorite":   {`[{"op":"replace","path":"/favorite","value":"s3cret"}]`, wrong + "0: the value must be true or false"},
		"category":            {`[{"op":"replace","path":"/category","value":"SERVER"}]`, "Validation: (Invalid item category), the category of an item can't be changed"},
		"unknown category":    {`[{"op":"replace","path":"/category","value":"s3cret"}]`, "Invalid item category"},
		"category removed":    {`[{"op":"remove","path":"/category"}]`, wrong + "0: the path leads to a member every item has"},
		"vault":               {`[{"op":"replace","path":"/vault/id","value":"zzzzzzzzzzzzzzzzzzzzzzzzzz"}]`, "Validation: (invalid request body), vault.id must be that of the path"},
		"vault of a name":     {`[{"op":"replace","path":"/vault/id","value":"Demo 2"}]`, "Validation: (invalid request body), vault.id must be that of the path"},
		"vault name":          {`[{"op":"replace","path":"/vault/name","value":"s3cret"}]`, wrong + "0: " + nowhere},
		"version":             {`[{"op":"replace","path":"/version","value":7}]`, wrong + "0: " + serverOnly},
		"files":               {`[{"op":"remove","path":"/files/0"}]`, wrong + "0: " + serverOnly},
		"item removed":        {`[{"op":"remove","path":"/"}]`, wrong + "0: an item can't be removed by a patch"},
		"whole of other id":   {`[{"op":"replace","path":"/","value":{"title":"t","id":"zzzzzzzzzzzzzzzzzzzzzzzzzz"}}]`, "Validation: (invalid request body), id must be that of the path"},
		"whole of a list":     {`[{"op":"replace","path":"/","value":["s3cret"]}]`, wrong + "0: the value must be an object"},
		"whole of null":       {`[{"op":"replace","path":"","value":null}]`, wrong + "0: the value must be an object"},
		"whole of wrong type": {`[{"op":"replace","path":"/","value":{"title":"t","fields":[{"value":7}]}}]`, wrong + "0: the value has a member of the wrong type: fields.value"},
		"tag beyond":          {`[{"op":"remove","path":"/tags/3"}]`, wrong + "0: the path leads beyond the end of the list"},
		"tag replaced beyond": {`[{"op":"replace","path":"/tags/-","value":"s3cret"}]`, wrong + "0: the path must name an element of the list by its number"},
		"tag of no number":    {`[{"op":"remove","path":"/tags/01"}]`, wrong + "0: the path must name an element of the list by its number"},
		"tag below":           {`[{"op":"remove","path":"/tags/-1"}]`, wrong + "0: the path must name an element of the list by its number"},
		"tag of wrong type":   {`[{"op":"add","path":"/tags","value":{"s3cret":1}}]`, wrong + "0: the value must be a string"},
		"tags of no list":     {`[{"op":"replace","path":"/tags","value":"s3cret"}]`, wrong + "0: the value must be a list"},
		"nowhere in tags":     {`[{"op":"remove","path":"/tags/0/x"}]`, wrong + "0: " + nowhere},
		"nowhere in urls":     {`[{"op":"replace","path":"/urls/0/x","value":"s3cret"}]`, wrong + "0: " + nowhere},
		"url beyond":          {`[{"op":"replace","path":"/urls/2/href","value":"s3cret"}]`, wrong + "0: the path leads beyond the end of the list"},
		"no such field":       {`[{"op":"remove","path":"/fields/nope"}]`, "The item doesn't have a nope field."},
		"no such field value": {`[{"op":"replace","path":"/fields/nope/value","value":"s3cret"}]`, "The item doesn't have a nope field."},
		"no such field add":   {`[{"op":"add","path":"/fields/nope/value","value":"s3cret"}]`, "The item doesn't have a nope field."},
		"no field of no id":   {`[{"op":"remove","path":"/fields/my s3cret"}]`, wrong + "0: the item has no field of this id"},
		"field of text":       {`[{"op":"add","path":"/fields","value":"s3cret"}]`, wrong + "0: the value must be an object"},
		"field of null":       {`[{"op":"add","path":"/fields","value":null}]`, wrong + "0: the value must be an object"},
		"field of wrong type": {`[{"op":"add","path":"/fields","value":{"value":7}}]`, wrong + "0: the value has a member of the wrong type: value"},
		"field there already": {`[{"op":"add","path":"/fields","value":{"id":"d"}}]`, wrong + "0: the item has a field of this id already"},
		"field twice in list": {`[{"op":"add","path":"/fields","value":[{"id":"n"},{"id":"n"}]}]`, wrong + "0: the item has a field of this id already"},
		"field in list there": {`[{"op":"add","path":"/fields","value":[{"id":"n"},{"id":"d"}]}]`, wrong + "0: the item has a field of this id already"},
		"field id changed":    {`[{"op":"replace","path":"/fields/d","value":{"id":"e"}}]`, wrong + "0: the id of a field can't be changed"},
		"field id":            {`[{"op":"replace","path":"/fields/d/id","value":"e"}]`, wrong + "0: " + serverOnly},
		"field code":          {`[{"op":"replace","path":"/fields/d/totp","value":"123456"}]`, wrong + "0: " + serverOnly},
		"nowhere in field":    {`[{"op":"replace","path":"/fields/d/x","value":"s3cret"}]`, wrong + "0: " + nowhere},
		"nowhere in value":    {`[{"op":"replace","path":"/fields/d/value/x","value":"s3cret"}]`, wrong + "0: " + nowhere},
		"second password":     {`[{"op":"add","path":"/fields","value":{"purpose":"PASSWORD"}}]`, `Logic: (Unable to parse Item), Validation: (too many "password" fields in Apply()), You can only use one "password" field.`},
		"bad date":            {`[{"op":"replace","path":"/fields/d/value","value":"s3cret"}]`, "values for field type date must be in YYYY-MM-DD format or seconds since 1970"},
		"no such section":     {`[{"op":"remove","path":"/sections/nope"}]`, wrong + "0: the item has no section of this id"},
		"section id changed":  {`[{"op":"replace","path":"/sections/s","value":{"id":"t"}}]`, wrong + "0: the id of a section can't be changed"},
		"field section text":  {`[{"op":"replace","path":"/fields/d/section","value":"s3cret"}]`, wrong + "0: the value must be an object"},
		"field section id":    {`[{"op":"replace","path":"/fields/d/section/id","value":7}]`, wrong + "0: the value must be a string"},
		"nowhere in section":  {`[{"op":"replace","path":"/fields/d/section/label","value":"s3cret"}]`, wrong + "0: " + nowhere},
		"nowhere in recipe":   {`[{"op":"replace","path":"/fields/d/recipe/length","value":7}]`, wrong + "0: " + nowhere},
		"recipe of text":      {`[{"op":"replace","path":"/fields/d/recipe","value":"s3cret"}]`, wrong + "0: the value must be an object"},
		"generate of text":    {`[{"op":"replace","path":"/fields/d/generate","value":"s3cret"}]`, wrong + "0: the value must be true or false"},
		"fields of wrong":     {`[{"op":"add","path":"/fields","value":[{"id":"n"},"s3cret"]}]`, wrong + "0: the value must be an object"},
		"fields list wrong":   {`[{"op":"replace","path":"/fields","value":[{"id":"n"},"s3cret"]}]`, wrong + "0: the value must be an object"},
		"fields of one id":    {`[{"op":"replace","path":"/fields","value":[{"id":"n"},{"id":"n"}]}]`, `Validation: (validateVaultItem failed to Validate), Couldn't validate the item: "[ItemValidator] has found 1 errors, 0 warnings: \nErrors:{1. details.sections[0].fields[1] has non-unique name}"`},
		"section of text":     {`[{"op":"replace","path":"/sections/s","value":"s3cret"}]`, wrong + "0: the value must be an object"},
		"nowhere in sections": {`[{"op":"replace","path":"/sections/s/x","value":"s3cret"}]`, wrong + "0: " + nowhere},
		"section id":          {`[{"op":"replace","path":"/sections/s/id","value":"t"}]`, wrong + "0: " + nowhere},
		"section twice":       {`[{"op":"add","path":"/sections","value":{"id":"s"}}]`, `Validation: (validateVaultItem failed to Validate), Couldn't validate the item: "[ItemValidator] has found 1 errors, 0 warnings: \nErrors:{1. details.sections[3] has non-unique name}"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := asJSON(t, old)
			_, err := items.Patch(old, operations(t, tt.ops), later())
			wantError(t, err, 400, tt.text)
			if asJSON(t, old) != before {
				t.Error("a refused patch changed the document")
			}
		})
	}
}

func TestPatch_RefusesTooManyOperations(t *testing.T) {
	t.Parallel()
	old := create(t, patched)
	ops := slices.Repeat([]connect.PatchOperation{{Op: "remove", Path: "/favorite"}}, 1001)
	if _, err := items.Patch(old, ops[:1000], later()); err != nil {
		t.Errorf("1000 operations: %v", err)
	}
	_, err := items.Patch(old, ops, later())
	wantError(t, err, 400, "Validation: (invalid patch operation), operation 1000: a patch has at most 1000 operations")
}

func TestPatch_RefusesAPurposeOfAnotherCategory(t *testing.T) {
	t.Parallel()
	old := create(t, `{"title":"t","category":"DATABASE"}`)
	_, err := items.Patch(old, operations(t, `[{"op":"replace","path":"/fields/password/purpose","value":"PASSWORD"}]`), later())
	wantError(t, err, 406, "Validation: (unacceptable field purpose), items of category DATABASE have no field of purpose PASSWORD")
}
