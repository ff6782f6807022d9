package mockserver

import (
	"fmt"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// refuse is an error that whoever scripts the server can mend. The message
// names what is wrong and what there is instead.
func refuse(status int, format string, args ...any) error {
	return &controlapi.Error{Status: status, Message: fmt.Sprintf(format, args...)}
}
