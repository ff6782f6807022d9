package suite

import "net/http"

// Transport returns the transport of the client that a caller gave. Without a client
// it returns one that uses no proxy and, if keepAlive is not set, opens a connection
// for each request.
func Transport(client *http.Client, keepAlive bool) http.RoundTripper {
	if client != nil {
		return client.Transport // nil means http.DefaultTransport, as in an http.Client
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy, transport.DisableKeepAlives = nil, !keepAlive
	return transport
}

// NewClient returns a client that does not follow redirects, because a redirected POST
// may become a GET.
func NewClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
