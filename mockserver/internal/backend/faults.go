package backend

import (
	"context"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// AddFault makes requests go wrong from now on, and answers the fault as it is
// kept: with its name, and what its preset is made of. The account may be given
// by name. The error is a *controlapi.Error that names the member that can't be
// used.
func (b *Backend) AddFault(ctx context.Context, f controlapi.Fault) (controlapi.Fault, error) {
	b.admin.RLock()
	defer b.admin.RUnlock()
	var err error
	if f.Account, err = b.accountID(ctx, f.Account); err != nil {
		return controlapi.Fault{}, err
	}
	if err := b.checkFaultNames(ctx, f); err != nil {
		return controlapi.Fault{}, err
	}
	if f, err = b.Faults.Add(f); err != nil {
		return f, err
	}
	b.past.addFault(f.Name)
	if f.Sync != "" {
		b.Pending.Interrupt(f.Name, f.Account)
	}
	return f, nil
}

// ListFaults returns the faults of an account, given by its id or name, each with
// its counts, in the order they were added. Empty means all; those for every
// account are in no other list. An unknown account is a 404.
func (b *Backend) ListFaults(account string) ([]controlapi.Fault, error) {
	id, err := b.accountID(context.Background(), account)
	if err != nil {
		return nil, err
	}
	return b.Faults.List(id), nil
}

// RemoveFault ends a fault by its name. Writes that it kept from being seen are
// seen at once.
func (b *Backend) RemoveFault(name string) error {
	err := b.Faults.Remove(name)
	if err == nil {
		b.Pending.EndFault(name)
	}
	return err
}

// ResetFaults ends the faults of an account, given by its id or name, and what
// they did; empty means all faults. An unknown account is a 404.
func (b *Backend) ResetFaults(account string) error {
	id, err := b.accountID(context.Background(), account)
	if err != nil {
		return err
	}
	b.resetFaults(id)
	return nil
}

func (b *Backend) resetFaults(account string) {
	b.Faults.Reset(account)
	b.Pending.Clear(account)
}
