package items_test

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
)

// addressed has a field of the type ADDRESS in every version.
const addressed = `{"title":"t","category":"SERVER","fields":[{"id":"a","type":"ADDRESS","value":"1 High Street"}]}`

func TestNoAddress_RefusesNewFieldsAndKeepsStoredOnes(t *testing.T) {
	t.Parallel()
	old, older := create(t, addressed), rules()
	older.RefuseAddressType = true
	_, err := items.Create(body(t, addressed), vault(), older)
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

func TestDatesUnchecked_StoresWhatMakesNoSense(t *testing.T) {
	t.Parallel()
	older := rules()
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

func TestExcludedIgnored_GeneratesAsIfNothingWereExcluded(t *testing.T) {
	t.Parallel()
	const recipe = `{"title":"t","category":"PASSWORD","fields":[{"purpose":"PASSWORD","generate":true,"recipe":{%}}]}`
	older := rules()
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

func TestHistoryUnchanged_KeepsTheHistoryThereIs(t *testing.T) {
	t.Parallel()
	it := create(t, `{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"one"}]}`)
	older := rules()
	older.KeepHistory = true
	for _, change := range []struct {
		value string
		rules items.Options
		want  []string
	}{{"two", older, nil}, {"three", rules(), []string{"two"}}, {"four", older, []string{"two"}}} {
		var err error
		it, err = items.Patch(it, operations(t, `[{"op":"replace","path":"/fields/password/value","value":"`+change.value+`"}]`), change.rules)
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
