package forms

import (
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestItem_KeepsWhatWasNotChanged(t *testing.T) {
	t.Parallel()
	present := connect.Item{
		Category: "LOGIN", Sections: []connect.Section{{ID: "s", Label: "S"}, {ID: "t", Label: "T"}},
		Fields: []connect.Field{
			{ID: "a", Type: "STRING", Value: "one\r\ntwo", Section: &connect.Section{ID: "s", Label: "S"}},
			{ID: "b", Type: "DATE", Value: "86401"}, {ID: "c", Type: "CONCEALED", Value: "secret"},
		},
	}
	it := controlapi.Item{Fields: []controlapi.ItemField{{}, {}, {Masked: true}}, Category: "LOGIN"}
	f := NewItem(it, present)
	f.Sections[0].Label, f.Sections[1].Label = "renamed", ""
	in := f.Input(present)
	for i, field := range in.Fields {
		if field.Value != present.Fields[i].Value {
			t.Errorf("field %s: %q became %q", field.ID, present.Fields[i].Value, field.Value)
		}
	}
	if len(in.Sections) != 1 || *in.Fields[0].Section != (connect.Section{ID: "s", Label: "renamed"}) {
		t.Errorf("sections %v, of the field %v", in.Sections, in.Fields[0].Section)
	}
}
