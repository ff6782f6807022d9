package journal

// Details are what explanations need of a request and no client of the journal is shown.
type Details struct {
	Check        string // the check that the request came to
	Refusal      string // why the token was refused, one of the reasons of package auth; "": it was not
	RefusedToken string // the name of the refused token; "": it is unknown
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
