package console

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// codesTime is for how long a page shows new one-time codes after its secrets were asked for.
const codesTime = 10 * time.Minute

// allowCodes lets the session follow the one-time codes of an item for a while.
func (s *session) allowCodes(item string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.codes == nil || len(s.codes) > maxNotices {
		s.codes = map[string]time.Time{}
	}
	s.codes[item] = time.Now().Add(codesTime)
}

// canFollowCodes reports whether the session has asked for the secrets of an item a short time ago.
func (s *session) canFollowCodes(item string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Before(s.codes[item])
}

// followCodes sends the one-time codes of an item, each second. Only a page that was asked for the secrets gets them.
func followCodes(req *request) (*response, error) {
	account, vault, item := req.itemPlace()
	if !req.session.canFollowCodes(item) {
		return nil, &controlapi.Error{Status: 403, Message: "the codes are shown after the values were asked for"}
	}
	return events(req, func(ctx context.Context, to *eventStream) error {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for req.session.canFollowCodes(item) {
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
