package subprocess

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

func TestWithoutProxy_ExtendsBothVariables(t *testing.T) {
	t.Parallel()
	both := func(list string) []string { return []string{"NO_PROXY=" + list, "no_proxy=" + list} }
	for name, tt := range map[string]struct {
		environ []string
		want    []string
	}{
		"no proxy":    {[]string{"NO_PROXY=example.com"}, nil},
		"empty proxy": {[]string{"HTTP_PROXY="}, nil},
		"HTTP_PROXY":  {[]string{"HTTP_PROXY=http://p.example.com"}, both("localhost,127.0.0.1")},
		"https_proxy": {[]string{"https_proxy=http://p.example.com"}, both("localhost,127.0.0.1")},
		"ALL_PROXY":   {[]string{"ALL_PROXY=socks5://p.example.com"}, both("localhost,127.0.0.1")},
		"one list for both": {[]string{"http_proxy=p", "NO_PROXY=a.example.com, b.example.com"},
			both("a.example.com,b.example.com,localhost,127.0.0.1")},
		"a list each": {[]string{"http_proxy=p", "NO_PROXY=a", "no_proxy=b,127.0.0.1"},
			[]string{"NO_PROXY=a,localhost,127.0.0.1", "no_proxy=b,127.0.0.1,localhost"}},
		"all": {[]string{"http_proxy=p", "no_proxy=*"}, both("*")},
	} {
		got := withoutProxy(&cli.Streams{Environ: tt.environ}, "http://127.0.0.1:8080", "")
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	got := withoutProxy(&cli.Streams{Environ: []string{"http_proxy=p"}}, "http://[::1]:8080", "http://[::1]:8081")
	if diff := cmp.Diff(both("localhost,::1"), got); diff != "" {
		t.Error(diff)
	}
}

// A client that trusts only the file reaches the mock. The file includes what the
// environment trusted before.
func TestTrustFile_LetsClientsTrustTheMock(t *testing.T) {
	t.Parallel()
	company, node := []byte("the company's authority\n"), []byte("another for Node.js\n")
	dir := t.TempDir()
	for name, text := range map[string][]byte{"company.pem": company, "node.pem": node} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var s mock.Settings
	c := &cobra.Command{}
	s.Bind(c, "127.0.0.1:0", "memory:", locate.ControlOff)
	if err := c.ParseFlags([]string{"--tls-self-signed"}); err != nil {
		t.Fatal(err)
	}
	std := &cli.Streams{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Environ: []string{
		"SSL_CERT_FILE=" + filepath.Join(dir, "company.pem"), "NODE_EXTRA_CA_CERTS=" + filepath.Join(dir, "node.pem"),
		"CURL_CA_BUNDLE=" + filepath.Join(dir, "missing.pem"),
	}}
	m, err := s.Start(t.Context(), std, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	file, remove, err := writeTrustFile(std, m.Authority)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	server := m.Address()
	server.TrustFile = file
	variables := environ(server, nil)
	for _, name := range environment.TrustVariables() {
		if !slices.Contains(variables, name+"="+file) {
			t.Errorf("%s does not name %s: %q", name, file, variables)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, authority := range map[string][]byte{
		"SSL_CERT_FILE": company, "NODE_EXTRA_CA_CERTS": node, "the mock": m.Authority,
	} {
		if !bytes.Contains(data, authority) {
			t.Errorf("the authority of %s is not in the file", name)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(data)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	res, err := client.Get(m.Address().Host + "/heartbeat")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	remove()
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the file was not removed: %v", err)
	}
}

func TestTrustFile_IsNotWrittenWithoutASelfMadeCertificate(t *testing.T) {
	t.Parallel()
	name, remove, err := writeTrustFile(&cli.Streams{}, nil)
	remove()
	if err != nil || name != "" {
		t.Errorf("%q, %v", name, err)
	}
}
