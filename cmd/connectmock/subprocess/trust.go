package subprocess

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/environment"
)

// systemAuthorities returns the files of a system's authorities, as crypto/x509
// looks for them.
func systemAuthorities() []string {
	return []string{
		"/etc/ssl/certs/ca-certificates.crt",                // Debian, Arch, Gentoo
		"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora, RHEL 6
		"/etc/ssl/ca-bundle.pem",                            // openSUSE
		"/etc/pki/tls/cacert.pem",                           // OpenELEC
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // CentOS, RHEL 7
		"/etc/ssl/cert.pem",                                 // Alpine, macOS, BSD
	}
}

// writeTrustFile writes the authority of a self-made certificate, and those that
// the environment and the system trust, to a file. It returns the name of the file,
// and remove to remove it. Without a self-made certificate there is no file.
func writeTrustFile(std *cli.Streams, authority []byte) (name string, remove func(), err error) {
	remove = func() {}
	if authority == nil {
		return "", remove, nil
	}
	file, err := os.CreateTemp("", "connectmock-trust-*.pem")
	if err != nil {
		return "", remove, fmt.Errorf("write the certificate's authority for the command: %w", err)
	}
	remove = func() { _ = os.Remove(file.Name()) } // it holds no secret
	_, err = file.Write(append(TrustedAuthorities(std, ""), authority...))
	err = errors.Join(err, file.Chmod(0o644), file.Close())
	if err != nil {
		remove()
		return "", func() {}, fmt.Errorf("write the certificate's authority for the command: %w", err)
	}
	return file.Name(), remove, nil
}

// TrustedAuthorities returns the authorities that the environment names, and those
// of the system unless SSL_CERT_FILE replaces them. It leaves out a file that is
// about to be written.
func TrustedAuthorities(std *cli.Streams, except string) (all []byte) {
	candidates := systemAuthorities()
	if name, set := std.Variable("SSL_CERT_FILE"); set && name != except {
		candidates = []string{name}
	}
	var added []string
	for _, name := range candidates { // one file has all authorities of the system
		if data, err := os.ReadFile(name); err == nil {
			added, all = []string{name}, data
			break
		}
	}
	for _, variable := range environment.TrustVariables()[1:] {
		name, set := std.Variable(variable)
		if !set || name == except || slices.Contains(added, name) {
			continue
		}
		added = append(added, name)
		if data, err := os.ReadFile(name); err == nil { // the program that reads the variable reports an error
			all = slices.Concat(all, []byte{'\n'}, data)
		}
	}
	if len(all) > 0 {
		all = append(all, '\n')
	}
	return all
}

// withoutProxy returns variables that keep requests to URLs away from the proxy
// of an environment, none if it has no proxy. Some programs read the upper case and
// some the lower case, so both are set.
func withoutProxy(std *cli.Streams, urls ...string) []string {
	names := []string{"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}
	isSet := func(name string) bool { _, set := std.Variable(name); return set }
	if !slices.ContainsFunc(names, isSet) {
		return nil
	}
	hosts := []string{"localhost"}
	for _, address := range urls {
		if u, err := url.Parse(address); err == nil && u.Hostname() != "" && !slices.Contains(hosts, u.Hostname()) {
			hosts = append(hosts, u.Hostname())
		}
	}
	upper, _ := std.Variable("NO_PROXY")
	lower, _ := std.Variable("no_proxy")
	return []string{
		"NO_PROXY=" + extendList(cmp.Or(upper, lower), hosts),
		"no_proxy=" + extendList(cmp.Or(lower, upper), hosts),
	}
}

// extendList adds words to a list with commas, unless it is "*" for all.
func extendList(list string, words []string) string {
	if strings.TrimSpace(list) == "*" {
		return list
	}
	all := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	for _, word := range words {
		if !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return strings.Join(all, ",")
}
