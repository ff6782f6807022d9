package journal

import "github.com/connectmock/connectmock/openapi/controlapi"

// Details are what is needed to explain a request, and to hide what is secret in it, and what a client of the journal
// asks for on its own: the exchange.
type Details struct {
	Check        string // the check that the request came to
	Evidence     string // of the text of an error; "": it is the user's own, or there is none
	Refusal      string // why the token was refused, one of the reasons of package auth; "": it was not
	RefusedToken string // the name of the refused token; "": it is unknown

	IsSuite bool // the contract or a scenario sent it

	Parameters  []string // names in a query that the operation has; nil: it has none, or there is no operation
	ValidFilter string   // the filter of a list that was made; "": none

	Exchange *controlapi.Exchange // headers and bodies, without secrets; nil: none are kept. Its id is not set.
}

// The checks of a request, in their order.
const (
	CheckRoute        = "route"
	CheckAuthenticate = "authenticate"
	CheckFault        = "fault"
	CheckAddress      = "address"
	CheckAuthorize    = "authorize"
	CheckBody         = "body"
	CheckHandle       = "handle"
)
