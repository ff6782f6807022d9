package vaults

import (
	"context"
	"errors"
	"fmt"

	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
)

// reserveFunc takes memory for a document that is about to be decoded, without waiting. The error is *needsMemory if
// there is not enough. A nil reserveFunc counts nothing.
type reserveFunc func(bytes int64) error

// needsMemory ends a transaction that would take more memory than there is. It is begun again when there is enough.
type needsMemory struct{ bytes int64 }

func (e *needsMemory) Error() string { return fmt.Sprintf("%d bytes of memory are needed", e.bytes) }

// withMemory calls do, and calls it again each time that the large documents it reads had to wait for memory.
func (v View) withMemory(ctx context.Context, do func(reserve reserveFunc) error) error {
	for {
		err := do(v.reserve)
		var needs *needsMemory
		if !errors.As(err, &needs) {
			return err
		}
		if err := v.Memory.GrowTo(ctx, needs.bytes); err != nil {
			return err
		}
	}
}

// reserve takes memory beside that of the request's body. It does nothing for a small document.
func (v View) reserve(bytes int64) error {
	if bytes <= memory.SmallBody {
		return nil
	}
	if bytes += v.BodyBytes; v.Memory.TryGrowTo(bytes) {
		return nil
	}
	return &needsMemory{bytes}
}
