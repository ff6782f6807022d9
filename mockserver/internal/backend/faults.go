package backend

import (
	"context"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// AddFault adds a fault, which applies to requests from now on, and returns it as it is stored: with a name and the
// members of its preset. The account may be given by name. The error is a *controlapi.Error that names the invalid
// member.
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

// ListFaults returns the faults of an account, given by its id or name, with their counts and in the order they were
// added. For "" it returns all faults; those for every account are in no other list. The error for an unknown account
// is a 404.
func (b *Backend) ListFaults(ctx context.Context, account string) ([]controlapi.Fault, error) {
	id, err := b.accountID(ctx, account)
	if err != nil {
		return nil, err
	}
	return b.Faults.List(id), nil
}

// RemoveFault removes the fault with that name. Writes that it hid or delayed become visible at once.
func (b *Backend) RemoveFault(name string) error {
	err := b.Faults.Remove(name)
	if err == nil {
		b.Pending.EndFault(name)
	}
	return err
}

// ResetFaults removes the faults of an account, given by its id or name, or all faults for "". Writes that they hid or
// delayed become visible. The error for an unknown account is a 404.
func (b *Backend) ResetFaults(ctx context.Context, account string) error {
	id, err := b.accountID(ctx, account)
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
