package console

import (
	"fmt"
	"net/url"
)

// export is a text to copy that tells a client where the mock is.
type export struct{ ID, Title, Text, Note string }

// tokenPlaceholder stands for a token that was not asked for.
const tokenPlaceholder = "TOKEN"

// exports returns the texts for several kinds of clients. Without a token they have a placeholder.
func exports(address, token string) []export {
	if token == "" {
		token = tokenPlaceholder
	}
	host, token := shellQuote(address), shellQuote(token)
	inContainer := shellQuote(containerAddress(address))
	return []export{
		{"shell", "Shell", fmt.Sprintf("export OP_CONNECT_HOST=%s\nexport OP_CONNECT_TOKEN=%s\n", host, token), ""},
		{"env", ".env", fmt.Sprintf("OP_CONNECT_HOST=%s\nOP_CONNECT_TOKEN=%s\n", host, token), ""},
		{"docker", "Docker", fmt.Sprintf("docker run --rm --add-host=host.docker.internal:host-gateway \\\n"+
			"  -e OP_CONNECT_HOST=%s \\\n  -e OP_CONNECT_TOKEN=%s IMAGE\n", inContainer, token),
			"Containers reach the server only if it listens on all addresses: serve --addr 0.0.0.0."},
		{"kubernetes", "Kubernetes", fmt.Sprintf("apiVersion: v1\nkind: Secret\nmetadata:\n  name: op-connect\n"+
			"stringData:\n  OP_CONNECT_HOST: %s\n  OP_CONNECT_TOKEN: %s\n", inContainer, token),
			"Replace the host by the one under which the cluster reaches this machine."},
	}
}

// containerAddress returns the address of the mock as a container on this machine sees it.
func containerAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Host = "host.docker.internal:" + u.Port()
	return u.String()
}
