// Package call builds what rules send: changes to a request, filters, bodies, items, ids that do not exist. It sends
// nothing: that is package check.
package call

import (
	"net/http"
	"net/url"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Request is a request before it is sent. The zero value of a field means the
// default.
type Request struct {
	Path        map[string]string
	Query       string // raw, without the question mark
	Body        []byte
	ContentType string
	Header      http.Header // "Authorization" here replaces the token
	Suffix      string      // added to the path
}

// Option changes a request.
type Option func(*Request)

// Vault sets the id of the vault in the path.
func Vault(id string) Option { return func(r *Request) { r.Path["vaultUuid"] = id } }

// Item sets the id of the item in the path.
func Item(id string) Option { return func(r *Request) { r.Path["itemUuid"] = id } }

// File sets the id of the file in the path.
func File(id string) Option { return func(r *Request) { r.Path["fileUuid"] = id } }

// Query sets the parameters, form-encoded as the Go SDK does.
func Query(pairs ...string) Option {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return RawQuery(values.Encode())
}

// Filter sets the filter, form-encoded as the Go SDK does.
func Filter(filter string) Option { return Query("filter", filter) }

// RawQuery sets the query as it is sent.
func RawQuery(q string) Option { return func(r *Request) { r.Query = q } }

// Body sets the body to a document in JSON.
func Body(document any) Option {
	return RawJSON(EncodeJSON(document))
}

// RawJSON sets the body to a text with the Content-Type of JSON.
func RawJSON(text string) Option { return RawBody(text, "application/json") }

// RawBody sets the body and its Content-Type; an empty type is not sent.
func RawBody(text, contentType string) Option {
	return func(r *Request) { r.Body, r.ContentType = []byte(text), contentType }
}

// WithToken replaces the bearer token.
func WithToken(token string) Option { return Authorization("Bearer " + token) }

// Authorization replaces the Authorization header, or removes it if value is empty.
func Authorization(value string) Option {
	return func(r *Request) {
		r.Header["Authorization"] = nil
		if value != "" {
			r.Header.Set("Authorization", value)
		}
	}
}

// Header sets a header.
func Header(name, value string) Option { return func(r *Request) { r.Header.Set(name, value) } }

// TrailingSlash adds a slash to the path, as the JS SDK does [W].
func TrailingSlash() Option { return func(r *Request) { r.Suffix = "/" } }

// ItemPath sets the ids of an item and of its vault.
func ItemPath(it connect.Item) Option {
	return func(r *Request) {
		Vault(it.Vault.ID)(r)
		Item(it.ID)(r)
	}
}
