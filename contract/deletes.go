package contract

import (
	"context"
	"slices"
)

// allDeletes is the weight of a DELETE beside which the run sends no other.
const allDeletes = 1 << 20

// acquireDelete waits until a DELETE of an item may be sent, and returns the function
// to call after its response. Real servers return 500 for concurrent deletes in one
// vault [R terraform pull request 295]. So no other DELETE is in flight while a rule
// deletes an item that it created, whose status it checks; those that clean up are
// retried and may be sent at the same time.
func (s *session) acquireDelete(ctx context.Context, id string) (release func(), err error) {
	weight := int64(1)
	if s.deletesAlone.Load() || slices.ContainsFunc(s.created, func(it createdItem) bool { return it.ID == id }) {
		weight = allDeletes
	}
	if err := s.deletes.Acquire(ctx, weight); err != nil {
		return nil, context.Cause(ctx)
	}
	return func() { s.deletes.Release(weight) }, nil
}
