package console

import "testing"

func TestRequest_IsVerified(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	for range 2 {
		b.callMock(b.firstToken(), "GET", "/v1/vaults", "")
	}
	b.callMock(b.firstToken(), "GET", "/v1/vaults/x", "")
	const command = "connectmock ctl journal verify GetVaults:200="
	b.get("/requests/1").expect(200, "Verify now", command+"1..", "!Verified:")
	b.get("/requests/1?min=2&max=2").expect(200, "Verified:", command+"2..2")
	b.get("/requests/1?min=&max=1").expect(200, "!Verified:", "2", command+"..1")
	b.get("/requests/1?min=3").expect(200, "!Verified:", "expected at least 3 times, seen twice", command+"3..")
	b.get("/requests/1?min=3&max=1").expect(200, "!Verified:", "min is 3 and max only 1")
	b.get("/requests/1?min=many").expect(200, `"many" is not a whole number`)
	b.callMock(b.firstToken(), "GET", "/no/route", "")
	b.get("/requests/4").expect(200, "!Verify now")
}
