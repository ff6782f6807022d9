package connecttest_test

import (
	"fmt"
	"log"
	"testing"
	"time"

	"github.com/1Password/connect-sdk-go/connect"
	"github.com/1Password/connect-sdk-go/onepassword"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The official Go SDK lists the vaults of the demo fixture.
func ExampleStart() {
	server, err := connecttest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	client := connect.NewClient(server.URL, server.Token)
	vaults, err := client.GetVaults()
	if err != nil {
		log.Fatal(err)
	}
	for _, vault := range vaults {
		fmt.Println(vault.Name)
	}
	// Output:
	// Deployments
	// Office
	// Ada's Own
}

// A test with a server of its own. The server is closed when the test ends.
func ExampleNewServer() {
	_ = func(t *testing.T) {
		t.Parallel()
		server := connecttest.NewServer(t)
		t.Log(server.URL, server.Token) // for the program under test
	}
	// Output:
}

// Without a socket, only the server's own client reaches it.
func ExampleWithoutSocket() {
	server, err := connecttest.Start(connecttest.WithoutSocket())
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	response, err := server.Client.Get(server.URL + "/v1/vaults")
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	fmt.Println(response.Status)
	// Output: 200 OK
}

// The server starts with a fixture of the test instead of the demo fixture.
func ExampleWithFixture() {
	fixture, err := fixtures.Load("example.yaml", []byte(`
vaults:
  - name: Production
    items:
      - title: Database
        category: DATABASE
        fields:
          - { id: hostname, value: db.example.com }
`))
	if err != nil {
		log.Fatal(err)
	}
	server, err := connecttest.Start(connecttest.WithFixture(fixture))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	item, err := connect.NewClient(server.URL, server.Token).GetItem("Database", "Production")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(item.GetValue("server"))
	// Output: db.example.com
}

// Items that the test creates have the same timestamp in each run.
func ExampleWithClock() {
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	server, err := connecttest.Start(connecttest.WithClock(func() time.Time { return noon }))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	client := connect.NewClient(server.URL, server.Token)
	item, err := client.CreateItem(&onepassword.Item{Title: "Queue", Category: onepassword.Login}, "Office")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(item.CreatedAt.Format(time.RFC3339))
	// Output: 2026-01-01T12:00:00Z
}

// Two servers with the same seed generate the same ids.
func ExampleWithSeed() {
	var ids []string
	for range 2 {
		server, err := connecttest.Start(connecttest.WithSeed(7))
		if err != nil {
			log.Fatal(err)
		}
		defer server.Close()
		client := connect.NewClient(server.URL, server.Token)
		item, err := client.CreateItem(&onepassword.Item{Title: "Queue", Category: onepassword.Login}, "Office")
		if err != nil {
			log.Fatal(err)
		}
		ids = append(ids, item.ID)
	}
	fmt.Println(ids[0] == ids[1])
	// Output: true
}

// The response to an update has the new version. By default it has the old one, as from most servers.
func ExampleWithQuirk() {
	server, err := connecttest.Start(connecttest.WithQuirk("put-version", "new"))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	client := connect.NewClient(server.URL, server.Token)
	item, err := client.CreateItem(&onepassword.Item{Title: "Queue", Category: onepassword.Login}, "Office")
	if err != nil {
		log.Fatal(err)
	}
	item, err = client.UpdateItem(item, "Office")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(item.Version)
	// Output: 2
}

// The server behaves as a version of Connect that the program must support.
func ExampleWithConnectVersion() {
	server, err := connecttest.Start(connecttest.WithConnectVersion("1.7.2"))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	response, err := server.Client.Get(server.URL + "/health")
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	fmt.Println(response.Header.Get("1Password-Connect-Version"))
	// Output: 1.7.2
}

// WithConfig changes members that have no option of their own, here the length of the activity log.
func ExampleWithConfig() {
	server, err := connecttest.Start(connecttest.WithConfig(func(c *mockserver.Config) {
		c.ActivityRetention.Records = 100
	}))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	// Output:
}

// A token that can only read one vault.
func ExampleServer_NewToken() {
	_ = func(t *testing.T) {
		server := connecttest.NewServer(t)
		token := server.NewToken(t, controlapi.Token{Name: "reader", Vaults: map[string]string{"Office": "read"}})
		client := connect.NewClient(server.URL, token)
		if vaults, err := client.GetVaults(); err != nil || len(vaults) != 1 {
			t.Errorf("%d vaults, error %v", len(vaults), err)
		}
	}
	// Output:
}

// Tests share a server that TestMain starts, each with an account of its own:
//
//	func TestMain(m *testing.M) {
//		var err error
//		if server, err = connecttest.Start(); err != nil {
//			log.Fatal(err)
//		}
//		code := m.Run()
//		server.Close()
//		os.Exit(code)
//	}
func ExampleServer_NewAccount() {
	var server *connecttest.Server
	_ = func(t *testing.T) {
		t.Parallel()
		account := server.NewAccount(t)
		client := connect.NewClient(account.URL, account.Token)

		card, err := client.GetItem("Company Card", "Office")
		if err != nil {
			t.Fatal(err)
		}
		if err := client.DeleteItem(card, "Office"); err != nil { // in this account only
			t.Fatal(err)
		}
	}
	// Output:
}

// The program under test must send the request again after an error.
func ExampleAccount_Fault() {
	_ = func(t *testing.T) {
		account := connecttest.NewServer(t).NewAccount(t)
		account.Fault(t, controlapi.Fault{Operation: "GetVaults", Times: 1, Abort: &controlapi.Abort{Status: 500}})

		client := connect.NewClient(account.URL, account.Token)
		if _, err := client.GetVaults(); err != nil {
			_, _ = client.GetVaults()
		}

		two := 2
		account.Verify(t, controlapi.Expectation{Operation: "GetVaults", Count: &two})
	}
	// Output:
}

// A token expires while the account's clock moves on.
func ExampleAccount_Advance() {
	_ = func(t *testing.T) {
		account := connecttest.NewServer(t).NewAccount(t)
		token := account.NewToken(t, controlapi.Token{Name: "short", ExpiresIn: controlapi.Duration(time.Hour)})
		account.Advance(t, 2*time.Hour)
		if _, err := connect.NewClient(account.URL, token).GetVaults(); err == nil {
			t.Error("no error for an expired token")
		}
	}
	// Output:
}

// A test checks that a program changes one field and nothing else.
func ExampleAccount_Diff() {
	_ = func(t *testing.T) {
		account := connecttest.NewServer(t).NewAccount(t)
		account.Snapshot(t, "before")
		// Here the program runs.
		for _, change := range account.Diff(t, "before").Changes {
			t.Log(change.Kind, change.Name, change.Change, change.Members)
		}
		account.Restore(t, "before")
	}
	// Output:
}

// Accounts may start with what another one started with, or with a snapshot.
func ExampleFromSnapshot() {
	_ = func(t *testing.T) {
		server := connecttest.NewServer(t)
		first := server.NewAccount(t, connecttest.Named("first"))
		first.Snapshot(t, "prepared")
		second := server.NewAccount(t, connecttest.From("first"), connecttest.FromSnapshot("prepared"))
		t.Log(second.Name)
	}
	// Output:
}

// The journal has the requests of the account, without tokens, bodies and values.
func ExampleAccount_Journal() {
	_ = func(t *testing.T) {
		account := connecttest.NewServer(t).NewAccount(t)
		// Here the program runs.
		for _, entry := range account.Journal(t, controlapi.JournalQuery{Status: "4xx"}) {
			t.Log(entry.Method, entry.Path, entry.Status, entry.Message)
		}
	}
	// Output:
}
