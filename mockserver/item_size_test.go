package mockserver_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/connect"
)

// A body of a few MiB can have millions of fields. It is refused before it is decoded.
func TestItem_RefusesTooManyParts(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	items := d.items("Office")
	body := `{"title":"t","category":"LOGIN","vault":{"id":"` + d.vault("Office") + `"},"fields":[` +
		strings.Repeat("{},", 500_000) + `{}]}`
	want := connect.InvalidBody("", fmt.Sprintf("has more than %d entries in its lists", connect.MaxItemParts))
	card := d.path("Office", "Company Card")
	for _, call := range [][2]string{{"POST", items}, {"PUT", card}, {"PATCH", card}} {
		s.send(t, call[0], call[1], body).wantError(t, want)
	}
}

func TestFixture_RefusesTooManyParts(t *testing.T) {
	t.Parallel()
	text := `{"vaults":[{"name":"V","items":[{"title":"t","category":"LOGIN","tags":[` +
		strings.Repeat(`"x",`, 100_001) + `"x"]}]}]}`
	if _, err := fixtures.Load("many.json", []byte(text)); err == nil || !strings.Contains(err.Error(), "at most 100000 fields") {
		t.Errorf("error %.300v", err)
	}
}
