package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
)

// step is a change of an account.
type step struct {
	do    func(tx *Tx, account string) error
	token bool // to its tokens, which another account does not get from its snapshots
}

// layerPair is a layer, and an account without a base to which the same changes are made. An account without a base has
// no snapshots: it is built again from the steps up to then.
type layerPair struct {
	layer, plain string
	steps        []step
	saved        map[string][]step // by the name of a snapshot
	start        []step            // what the layer started from has of its own
}

// layerPairs is a seed with several layers at the same time.
type layerPairs struct {
	store *Store
	fill  []step // the seed
	all   []*layerPair
	n     int // ids made
}

func (w *layerPairs) id(prefix string) string { w.n++; return fmt.Sprint(prefix, w.n) }

func (w *layerPairs) do(t *rapid.T, steps []step, accounts ...string) {
	t.Helper()
	update(t, w.store, func(tx *Tx) error {
		for _, account := range accounts {
			for _, s := range steps {
				if err := s.do(tx, account); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// begin makes layers over a seed, and their accounts without a base.
func begin(t *rapid.T, s *Store) *layerPairs {
	if err := s.Reset(context.Background()); err != nil {
		t.Fatal(err)
	}
	w := &layerPairs{store: s}
	w.fill = []step{putVault("v", 3), putVault("w", 1)}
	for i := range rapid.IntRange(0, 5).Draw(t, "items") {
		w.fill = append(w.fill, putItem(t, fmt.Sprint("i", i)))
	}
	if rapid.Bool().Draw(t, "file") {
		w.fill = append(w.fill, putFile("i1", "seeded"))
	}
	w.fill = append(w.fill, records(rapid.SampledFrom([]int{0, 1, minSegment, maxSegment + 3}).Draw(t, "records")))
	update(t, s, func(tx *Tx) error {
		err := tx.PutSnapshot(Snapshot{ID: "SEED"})
		for _, s := range w.fill {
			err = errors.Join(err, s.do(tx, "SEED"))
		}
		return err
	})
	for i := range 2 {
		tw := &layerPair{layer: fmt.Sprint("L", i), plain: fmt.Sprint("P", i)}
		w.all = append(w.all, tw)
		w.open(t, tw, "SEED", nil)
	}
	return w
}

// open adds a layer over a snapshot, and its account without a base.
func (w *layerPairs) open(t *rapid.T, tw *layerPair, base string, start []step) {
	tw.start, tw.saved = start, map[string][]step{}
	update(t, w.store, func(tx *Tx) error {
		return errors.Join(tx.PutAccount(Account{ID: tw.layer, Base: base}), tx.PutSeedToken(tokenOf(tw.layer)))
	})
	w.rebuild(t, tw, start)
}

// rebuild builds the account without a base again.
func (w *layerPairs) rebuild(t *rapid.T, tw *layerPair, steps []step) {
	tw.steps = slices.Clone(steps)
	update(t, w.store, func(tx *Tx) error {
		if err := tx.DropAccount(tw.plain); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		return errors.Join(tx.PutAccount(Account{ID: tw.plain}), tx.PutToken(tokenOf(tw.plain)))
	})
	w.do(t, slices.Concat(w.fill, steps), tw.plain)
}

func tokenOf(account string) auth.Token {
	return auth.Token{ID: "token of " + account, Account: account}
}

func putVault(id string, version int) step {
	return step{do: func(tx *Tx, account string) error {
		return tx.PutVault(account, connect.Vault{ID: id, Name: id, ContentVersion: version, CreatedAt: day, UpdatedAt: day})
	}}
}

func putItem(t *rapid.T, id string) step {
	it := login(id, rapid.SampledFrom([]string{"v", "v", "w"}).Draw(t, "vault"), texts().Draw(t, "title"), rapid.SliceOfN(texts(), 0, 2).Draw(t, "tags")...)
	it.Version = rapid.IntRange(1, 2).Draw(t, "version")
	return step{do: func(tx *Tx, account string) error { return tx.PutItem(account, it) }}
}

func putFile(item, content string) step {
	return step{do: func(tx *Tx, account string) error {
		if _, err := tx.FindItemJSON(account, item); errors.Is(err, ErrNotFound) {
			return nil // files of items that are not there are nobody's business
		}
		_, err := tx.PutFile(account, item, "file", strings.NewReader(content))
		return err
	}}
}

func records(n int) step {
	return step{do: func(tx *Tx, account string) error {
		for i := range n {
			if err := tx.Record(account, record(i)); err != nil {
				return err
			}
		}
		return nil
	}}
}

// drawStep generates a change that can be made to any account.
func drawStep(t *rapid.T, n int) step {
	id := rapid.SampledFrom([]string{"i0", "i1", "i2", "i3", "n0", "n1", "n2"}).Draw(t, "id")
	vault := rapid.SampledFrom([]string{"v", "w", "x"}).Draw(t, "touched")
	switch rapid.IntRange(0, 9).Draw(t, "step") {
	case 0, 1, 2, 3:
		return putItem(t, id)
	case 4:
		return step{do: func(tx *Tx, account string) error { return isNotFound(tx.DeleteItem(account, id)) }}
	case 5:
		return putFile(id, fmt.Sprint("content ", n))
	case 6:
		return putVault(vault, n)
	case 7:
		return step{do: func(tx *Tx, account string) error { return isNotFound(tx.TouchVault(account, vault, n, day)) }}
	case 8:
		return records(rapid.SampledFrom([]int{1, 2, minSegment, maxSegment}).Draw(t, "pieces"))
	}
	return step{do: func(tx *Tx, account string) error {
		t := tokenOf(account)
		t.ID, t.Name = fmt.Sprint(t.ID, id), fmt.Sprint(n)
		return tx.PutToken(t)
	}, token: true}
}

// itemIDs returns the ids of all possible items.
var itemIDs = []string{"i0", "i1", "i2", "i3", "i4", "n0", "n1", "n2"}

// isNotFound accepts ErrNotFound, which is as good a result as any other.
func isNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// A layer behaves like an account to which the data of its base was copied, and its base does not change.
func TestLayer_BehavesLikeAnAccountWithoutABase(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"memory", "file"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := openEngine(t, engine)
			s.dialect.vacuum = false // it is most of a reset
			rapid.Check(t, func(t *rapid.T) {
				w := begin(t, s)
				seed := state(t, s, "SEED")
				for n := range rapid.IntRange(1, 25).Draw(t, "steps") {
					w.step(t, n)
				}
				for _, tw := range w.all {
					w.compare(t, tw)
				}
				if diff := cmp.Diff(seed, state(t, s, "SEED")); diff != "" {
					t.Fatalf("the seed changed: %s", diff)
				}
				w.end(t)
			})
		})
	}
}

func (w *layerPairs) step(t *rapid.T, n int) {
	tw := rapid.SampledFrom(w.all).Draw(t, "layer")
	ctx := context.Background()
	name := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name")
	find := func() (id string) {
		view(t, w.store, func(tx *Tx) error {
			all, err := tx.Snapshots(tw.layer)
			if i := slices.IndexFunc(all, func(f Snapshot) bool { return f.Name == name }); i >= 0 {
				id = all[i].ID
			}
			if len(all) != len(tw.saved) || (id == "") != (tw.saved[name] == nil) {
				t.Fatalf("snapshots %v", all)
			}
			return err
		})
		return id
	}
	switch rapid.IntRange(0, 13).Draw(t, "kind") {
	case 0:
		if find() == "" {
			update(t, w.store, func(tx *Tx) error { return tx.CreateSnapshot(tw.layer, w.id("F"), name, day.Time) })
			tw.saved[name] = append([]step{}, tw.steps...)
		}
	case 1:
		if id := find(); id != "" {
			update(t, w.store, func(tx *Tx) error { return tx.Restore(tw.layer, id) })
			w.rebuild(t, tw, tw.saved[name])
		}
	case 2:
		if id := find(); id != "" {
			update(t, w.store, func(tx *Tx) error { return tx.DropSnapshot(id) })
			delete(tw.saved, name)
		}
	case 3:
		update(t, w.store, func(tx *Tx) error {
			start, err := tx.Baseline(tw.layer)
			return errors.Join(err, tx.Restore(tw.layer, start))
		})
		w.rebuild(t, tw, tw.start)
	case 4: // the other one ends, and begins again from a snapshot of this one
		id := find()
		other := w.all[0]
		if other == tw {
			other = w.all[1]
		}
		base, start := "SEED", []step(nil)
		if id != "" {
			base = id
			start = slices.DeleteFunc(slices.Clone(tw.saved[name]), func(s step) bool { return s.token })
		}
		update(t, w.store, func(tx *Tx) error { return tx.DropAccount(other.layer) })
		w.store.Record(other.layer, record(1)) // of a request that was still under way
		update(t, w.store, func(*Tx) error { return nil })
		if left := rows(t, w.store, other.layer); len(left) != 0 {
			t.Fatalf("rows of %s are left: %v", other.layer, left)
		}
		w.open(t, other, base, start)
	case 5: // refused, so that nothing has happened
		errRefused := errors.New("refused")
		s := drawStep(t, n)
		for _, account := range []string{tw.layer, tw.plain} {
			err := w.store.Update(ctx, func(tx *Tx) error { return errors.Join(s.do(tx, account), errRefused) })
			if !errors.Is(err, errRefused) {
				t.Fatal(err)
			}
		}
	case 6: // not in a transaction of its own
		for range rapid.SampledFrom([]int{1, minSegment}).Draw(t, "queued") {
			w.store.Record(tw.layer, record(n))
			w.store.Record(tw.plain, record(n))
			tw.steps = append(tw.steps, step{do: func(tx *Tx, account string) error { return tx.Record(account, record(n)) }})
		}
	case 7:
		w.compare(t, tw)
	default:
		s := drawStep(t, n)
		w.do(t, []step{s}, tw.layer, tw.plain)
		tw.steps = append(tw.steps, s)
	}
}
