package console

import (
	"cmp"

	"github.com/connectmock/connectmock/internal/environment"
)

// export is a text to copy that tells a client where the mock is.
type export struct{ ID, Title, Text, Note string }

// tokenPlaceholder stands for a token that was not asked for.
const tokenPlaceholder = "TOKEN"

// exports returns the texts for several kinds of clients. Without a token they have a placeholder.
func exports(address, token string) (list []export, err error) {
	server := environment.Server{Host: address, Token: cmp.Or(token, tokenPlaceholder)}
	text := func(format string, s environment.Server) (text string) {
		if err == nil {
			text, err = environment.Text(format, s.Variables())
		}
		return text
	}
	inContainer := server.InContainer()
	return []export{
		{"shell", "Shell", text("sh", server), ""},
		{"env", ".env", text("dotenv", server), ""},
		{"docker", "Docker", environment.DockerCommand(inContainer.Variables(), "IMAGE"),
			"Containers reach the server only if it listens on all addresses: serve --addr 0.0.0.0."},
		{"kubernetes", "Kubernetes", text("k8s", inContainer),
			"Replace the host by the one under which the cluster reaches this machine."},
	}, err
}
