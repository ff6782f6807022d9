package items_test

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
)

// withAddress has a field of type ADDRESS.
const withAddress = `{"title":"t","category":"SERVER","fields":[{"id":"a","type":"ADDRESS","value":"1 High Street"}]}`

func TestRefuseAddressType_RefusesNewFieldsAndKeepsStoredOnes(t *testing.T) {
	t.Parallel()
	old, older := create(t, withAddress), options()
	older.RefuseAddressType = true
	_, err := items.Create(body(t, withAddress), vault(), older)
	want := connect.ItemInvalid("details.sections[0].fields[0] has unsupported field type")
	if err == nil || !strings.HasPrefix(err.Error(), strings.TrimSuffix(want.Error(), `}"`)) {
		t.Errorf("create: %v, want %v", err, want)
	}
	for ops, good := range map[string]bool{
		`[{"op":"replace","path":"/fields/a/value","value":"2 High Street"}]`:      true,
		`[{"op":"replace","path":"/favorite","value":true}]`:                       true,
		`[{"op":"add","path":"/fields","value":{"id":"b","type":"address"}}]`:      false,
		`[{"op":"replace","path":"/fields/notesPlain/type","value":"ADDRESS"}]`:    false,
		`[{"op":"add","path":"/fields","value":{"label":"b","type":"UNKNOWN"}}]`:   true,
		`[{"op":"remove","path":"/fields/a"},{"op":"remove","path":"/fields/a"}]`:  false,
		`[{"op":"replace","path":"/fields/a","value":{"id":"a","type":"STRING"}}]`: true,
	} {
		if _, err := items.Patch(old, operations(t, ops), older); (err == nil) != good {
			t.Errorf("patch %s: error %v", ops, err)
		}
	}
}

func TestSkipDateChecks_StoresInvalidDates(t *testing.T) {
	t.Parallel()
	older := options()
	older.SkipDateChecks = true
	for sent, want := range map[string]string{
		`"type":"DATE","value":"soon"`: "soon", `"type":"DATE","value":"1970-01-02"`: "86400", `"type":"DATE","value":""`: "",
		`"type":"MONTH_YEAR","value":"13/2026"`: "13/2026", `"type":"MONTH_YEAR","value":"2026/01"`: "202601",
	} {
		it, err := items.Create(body(t, `{"title":"t","category":"SERVER","fields":[{"id":"d",`+sent+`}]}`), vault(), older)
		if err != nil {
			t.Errorf("%s: %v", sent, err)
			continue
		}
		for _, f := range it.Fields {
			if f.ID == "d" && f.Value != want {
				t.Errorf("%s: stored as %q, want %q", sent, f.Value, want)
			}
		}
	}
}

func TestIgnoreExcludedCharacters_UsesAllCharacters(t *testing.T) {
	t.Parallel()
	const recipe = `{"title":"t","category":"PASSWORD","fields":[{"purpose":"PASSWORD","generate":true,"recipe":{%}}]}`
	older := options()
	older.IgnoreExcludedCharacters = true
	in := body(t, strings.Replace(recipe, "%", `"characterSets":["DIGITS"],"excludeCharacters":"2346789"`, 1))
	got, err := items.Create(in, vault(), older)
	if err != nil {
		t.Fatal(err)
	}
	want := create(t, strings.Replace(recipe, "%", `"characterSets":["DIGITS"]`, 1))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("with excluded characters (-without +with):\n%s", diff)
	}
	if in.Fields[0].Recipe.ExcludeCharacters == "" {
		t.Error("the input was changed")
	}
}

func TestKeepHistory_DoesNotChangeTheHistory(t *testing.T) {
	t.Parallel()
	it := create(t, `{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"one"}]}`)
	older := options()
	older.KeepHistory = true
	for _, change := range []struct {
		value   string
		options items.Options
		want    []string
	}{{"two", older, nil}, {"three", options(), []string{"two"}}, {"four", older, []string{"two"}}} {
		var err error
		it, err = items.Patch(it, operations(t, `[{"op":"replace","path":"/fields/password/value","value":"`+change.value+`"}]`), change.options)
		if err != nil {
			t.Fatal(err)
		}
		var history []string
		for _, f := range it.Fields {
			if f.PasswordDetails != nil {
				history = f.PasswordDetails.History
			}
		}
		if diff := cmp.Diff(change.want, history); diff != "" {
			t.Errorf("history after %q (-want +got):\n%s", change.value, diff)
		}
	}
}
