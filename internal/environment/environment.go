// Package environment writes the variables by which clients find a mock, in the forms that shells, containers and
// programs read.
package environment

import (
	"net"
	"net/url"
)

// Variable is an environment variable.
type Variable struct{ Name, Value string }

// String returns the variable as NAME=VALUE, as os.Environ has it.
func (v Variable) String() string { return v.Name + "=" + v.Value }

// Server says where a mock is. Members that are empty have no variable.
type Server struct {
	Host, Token           string // URL of Connect, and a bearer token for it
	Control, ControlToken string // URL of the control, and its token
	TrustFile             string // file of the authorities that TLS clients trust, PEM
}

// Variables returns the variables of a server.
func (s Server) Variables() (list []Variable) {
	for _, v := range []Variable{
		{"OP_CONNECT_HOST", s.Host}, {"OP_CONNECT_TOKEN", s.Token},
		{"CONNECTMOCK_CONTROL", s.Control}, {"CONNECTMOCK_CONTROL_TOKEN", s.ControlToken},
	} {
		if v.Value != "" {
			list = append(list, v)
		}
	}
	if s.TrustFile == "" {
		return list
	}
	for _, name := range TrustVariables() {
		list = append(list, Variable{name, s.TrustFile})
	}
	return list
}

// TrustVariables returns the names of the variables that name a file of authorities for TLS clients to trust: OpenSSL,
// Go, Ruby, .NET and Rust; Node.js; Python's requests; curl; Deno [D]. All but those of Node and Deno replace the
// system's authorities.
func TrustVariables() []string {
	return []string{"SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "DENO_CERT"}
}

// containerHost is the name that Docker gives the machine in its containers [D].
const containerHost = "host.docker.internal"

// InContainer returns the server as a container on the same machine sees it: addresses of the machine itself get the
// name that it has there.
func (s Server) InContainer() Server {
	s.Host, s.Control = inContainer(s.Host), inContainer(s.Control)
	return s
}

func inContainer(address string) string {
	u, err := url.Parse(address)
	if err != nil || !isOwn(u.Hostname()) {
		return address
	}
	port := u.Port()
	if u.Host = containerHost; port != "" {
		u.Host += ":" + port
	}
	return u.String()
}

// isOwn reports whether a host is this machine, as an address of the loopback or one that stands for all addresses.
func isOwn(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}
