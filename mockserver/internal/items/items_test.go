package items_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

// options returns options with ids that count up and seeded random bytes.
func options() items.Options {
	n := 0
	return items.Options{
		Now:    time.Date(2025, 3, 21, 13, 6, 35, 987654321, time.UTC),
		Editor: "DOIHOHSV2NHK5HMSOLCWJUXFDM",
		Rand:   rand.NewChaCha8([32]byte{1}),
		NewID: func() string {
			n++
			return fmt.Sprintf("id%024d", n)
		},
	}
}

func vault() connect.VaultRef {
	return connect.VaultRef{ID: "hfnjvi6aymbsnfc2xeeoheizda", Name: "Demo"}
}

// body decodes the body of a request as the server does.
func body(t testing.TB, text string) connect.ItemInput {
	t.Helper()
	var in connect.ItemInput
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		t.Fatalf("test body: %v", err)
	}
	return in
}

func create(t testing.TB, text string) connect.Item {
	t.Helper()
	it, err := items.Create(body(t, text), vault(), options())
	if err != nil {
		t.Fatalf("Create(%s) = %v", text, err)
	}
	return it
}

func operations(t testing.TB, text string) []connect.PatchOperation {
	t.Helper()
	var ops []connect.PatchOperation
	if err := json.Unmarshal([]byte(text), &ops); err != nil {
		t.Fatalf("test operations: %v", err)
	}
	return ops
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// field returns the field with that id. Without one it ends the test.
func field(t testing.TB, it connect.Item, id string) connect.Field {
	t.Helper()
	for _, f := range it.Fields {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("no field %q in %s", id, asJSON(t, it.Fields))
	return connect.Field{}
}
