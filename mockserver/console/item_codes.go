package console

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// followCodes sends the one-time codes of an item, each second. Only a page that was asked for the secrets gets them.
func followCodes(req *request) (*response, error) {
	account, vault, item := req.itemPlace()
	if !req.session.CanFollowCodes(item) {
		return nil, &controlapi.Error{Status: 403, Message: "the codes are shown after the values were asked for"}
	}
	return events(req, func(ctx context.Context, to *eventStream) error {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for req.session.CanFollowCodes(item) {
			it, err := req.server.Item(ctx, account, vault, item, true)
			if err != nil {
				return err
			}
			for _, f := range it.Fields {
				if f.Code == "" {
					continue
				}
				if err := to.send("", "item", "code", f); err != nil {
					return err
				}
			}
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
			}
		}
		return nil
	}), nil
}
