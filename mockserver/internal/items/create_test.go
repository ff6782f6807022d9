package items_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCreateAnswersWholeDocument(t *testing.T) {
	t.Parallel()
	it := create(t, `{"id":"","title":"t","vault":{"id":""},"category":"LOGIN","tags":["b","a","","b"],
		"urls":[{"href":""},{"primary":true,"href":"example.com"}],
		"sections":[{"id":"Section_78","label":"Demo"}],
		"fields":[
			{"section":{"id":"Section_78"},"type":"string","purpose":"","label":"Example","value":"MySecret"},
			{"id":"","type":"","purpose":"USERNAME","value":"u"},
			{"type":"STRING","purpose":"PASSWORD","value":"hunter2"}],
		"createdAt":"0001-01-01T00:00:00Z"}`)
	want := `{"additionalInformation":"u","category":"LOGIN","createdAt":"2025-03-21T13:06:35Z","fields":[` +
		`{"id":"username","label":"username","purpose":"USERNAME","type":"STRING","value":"u"},` +
		`{"entropy":36.18947501009619,"id":"password","label":"password","purpose":"PASSWORD","type":"CONCEALED","value":"hunter2"},` +
		`{"id":"notesPlain","label":"notesPlain","purpose":"NOTES","type":"STRING"},` +
		`{"id":"id000000000000000000000002","label":"Example","section":{"id":"Section_78","label":"Demo"},"type":"STRING","value":"MySecret"}],` +
		`"id":"id000000000000000000000001","lastEditedBy":"DOIHOHSV2NHK5HMSOLCWJUXFDM","sections":[{"id":"Section_78","label":"Demo"}],` +
		`"tags":["a","b"],"title":"t","updatedAt":"2025-03-21T13:06:35Z","urls":[{"href":"example.com","primary":true}],` +
		`"vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda","name":"Demo"},"version":1}`
	if diff := cmp.Diff(want, asJSON(t, it)); diff != "" {
		t.Errorf("created item (-want +got):\n%s", diff)
	}
}
