package envcmd

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
)

// The health check of the image looks for the server with the variables of the image.
func TestPing_FindsTheServerOfTheImage(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^ENV (.*)$`).FindSubmatch(data)
	if line == nil {
		t.Fatal("the image has no variables")
	}
	environ := strings.Fields(string(line[1]))
	for _, tt := range []struct{ more, want string }{
		{"", "http://127.0.0.1:8080 https://127.0.0.1:8443"},
		{"OP_HTTP_PORT=9000", "http://127.0.0.1:9000 https://127.0.0.1:8443"},
		{"OP_HTTPS_PORT=9443", "http://127.0.0.1:8080 https://127.0.0.1:9443"},
		{"CONNECTMOCK_ADDR=[::1]:9001", "http://[::1]:9001 https://[::1]:9001"},
		{"CONNECTMOCK_ADDR=nonsense:x", "http://127.0.0.1:8080 https://127.0.0.1:8443"},
		{"CONNECTMOCK_TLS_SELF_SIGNED=true", "https://127.0.0.1:8443"},
		{"CONNECTMOCK_TLS_SELF_SIGNED=false", "http://127.0.0.1:8080 https://127.0.0.1:8443"},
		{"CONNECTMOCK_TLS_CERT=cert.pem", "https://127.0.0.1:8443"},
		{"OP_TLS_CERT_FILE=cert.pem", "https://127.0.0.1:8443"},
	} {
		got := ownURLs(&cli.Streams{Environ: append(slices.Clone(environ), tt.more)})
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q: the health check requests %q, want %s", tt.more, got, tt.want)
		}
	}
}
