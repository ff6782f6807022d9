package items_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

func FuzzCreate(f *testing.F) {
	f.Add([]byte(everything))
	f.Add([]byte(patched))
	f.Add([]byte(`{"title":"t","category":"SSH_KEY","fields":[{"id":"private_key","type":"SSHKEY"}]}`))
	f.Add([]byte(`{"title":"t","category":"SERVER","fields":[null,{"section":{"label":"x"}},{"generate":true}],"sections":[{}]}`))
	f.Add([]byte(`{"title":"t","category":"LOGIN","fields":[{"type":"TOTP"},{"type":"otp","value":"otpauth://totp/a?secret=AAAA&digits=7&period=1"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var in connect.ItemInput
		if json.Unmarshal(text, &in) != nil {
			t.Skip("not a body the server would take")
		}
		it, err := items.Create(in, vault(), options())
		if err != nil {
			checkAPIError(t, err)
			return
		}
		checkItem(t, it)
		items.WithCodes(it, time.Unix(59, 0))
		again, err := items.Replace(it, inputFromItem(t, it), later())
		if err != nil {
			t.Fatalf("the document is refused when it is sent back: %v", err)
		}
		if got, want := asJSON(t, again), asJSON(t, nextVersion(it, later())); got != want {
			t.Errorf("the document changes when it is sent back\nfrom %s\n  to %s", want, got)
		}
	})
}

func FuzzPatch(f *testing.F) {
	for _, ops := range []string{
		`[{"op":"replace","path":"/favorite","value":true},{"op":"remove","path":"/tags/1"}]`,
		`[{"op":"add","path":"/fields","value":{"label":"New","type":"string","value":"x"}}]`,
		`[{"op":"replace","path":"/fields/password","value":{"generate":true,"recipe":{"length":5}}}]`,
		`[{"op":"replace","path":"/","value":{"title":"x","fields":[{"id":"a"}]}}]`,
		`[{"op":"remove","path":"/sections/s"},{"op":"add","path":"/urls/-","value":{"href":"x"}}]`,
		`[{"op":"add","path":"/fields/a~1b~0c/section/id","value":"r"}]`,
	} {
		f.Add([]byte(ops))
	}
	old := create(f, patched)
	before := []byte(asJSON(f, old))
	f.Fuzz(func(t *testing.T, text []byte) {
		var ops []connect.PatchOperation
		if json.Unmarshal(text, &ops) != nil {
			t.Skip("not a body the server would take")
		}
		it, err := items.Patch(old, ops, later())
		if !bytes.Equal(before, []byte(asJSON(t, old))) {
			t.Fatal("Patch changed the old document")
		}
		if err != nil {
			checkAPIError(t, err)
			return
		}
		checkItem(t, it)
	})
}
