package connecttest_test

import (
	"errors"
	"io"
	"syscall"
	"testing"

	"github.com/1Password/connect-sdk-go/onepassword"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// A write is done and fails: the SDK returns an error, and a second create makes a second item. The client has no proxy
// before the server, which would turn a lost connection into a 502.
func testWritesDoneAndFailed(t *testing.T, s *sdk) {
	client := countingClient{newClient(s.server.URL, s.server.Token), s.Client.(countingClient).calls}
	vault := must(s.GetVault("Office"))(t).ID
	for name, test := range map[string]struct {
		fault controlapi.Fault
		check func(error) bool
	}{
		"answer-lost": {controlapi.Fault{Preset: "answer-lost"}, func(err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		"answer-lost, empty": {controlapi.Fault{Preset: "answer-lost", Connection: "empty"},
			func(err error) bool { return errors.Is(err, io.EOF) }},
		"504 of a proxy": {controlapi.Fault{Preset: "gateway-504", Phase: "after", Times: 1},
			func(err error) bool { return err != nil }},
		"500": {controlapi.Fault{Phase: "after", Times: 1, Abort: &controlapi.Abort{Status: 500}},
			func(err error) bool {
				return errors.Is(err, &onepassword.Error{StatusCode: 500, Message: "Something went wrong"})
			}},
	} {
		test.fault.Operation, test.fault.Name = "CreateVaultItem", name
		if _, err := s.server.Mock.AddFault(t.Context(), test.fault); err != nil {
			t.Fatal(err)
		}
		item := &onepassword.Item{Title: name, Category: onepassword.Login}
		if created, err := client.CreateItem(item, vault); !test.check(err) {
			t.Errorf("%s: created %+v, error %v", name, created, err)
		}
		if found := must(client.GetItemsByTitle(name, vault))(t); len(found) != 1 {
			t.Errorf("%s: after the failure there are %d items", name, len(found))
		}
		must(client.CreateItem(item, vault))(t)
		if found := must(client.GetItemsByTitle(name, vault))(t); len(found) != 2 {
			t.Errorf("%s: after the retry there are %d items", name, len(found))
		}
	}

	wifi := must(s.GetItemByTitle("Guest Wi-Fi", vault))(t)
	lost := controlapi.Fault{Preset: "answer-lost", Operation: "DeleteVaultItem"}
	if _, err := s.server.Mock.AddFault(t.Context(), lost); err != nil {
		t.Fatal(err)
	}
	if err := client.DeleteItem(wifi, vault); err == nil {
		t.Error("the delete has a response")
	}
	wantError(t, client.DeleteItem(wifi, vault), 404, "not found")
}
