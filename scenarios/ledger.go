package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"
)

// madeItem is an item a scenario made.
type madeItem struct{ vault, item string }

// ledger is a file that knows every item that was made and is not deleted yet,
// in the form the contract suite sweeps. Without a file it knows nothing.
type ledger struct {
	mu   sync.Mutex
	file *os.File
	open map[madeItem]bool
}

func newLedger(name string) (*ledger, error) {
	l := &ledger{open: map[madeItem]bool{}}
	if name == "" {
		return l, nil
	}
	var err error
	l.file, err = os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("the ledger %s is there already: an earlier run left items over, or another one is under way; sweep it first, or name another", name)
	}
	return l, err
}

// write enters that an item was made, or is gone.
func (l *ledger) write(op string, m madeItem) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if op == "made" {
		l.open[m] = true
	} else {
		delete(l.open, m)
	}
	if l.file == nil {
		return nil
	}
	line, err := json.Marshal(map[string]string{"op": op, "vault": m.vault, "item": m.item})
	if err != nil {
		return err
	}
	if _, err := l.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return l.file.Sync()
}

// close ends the ledger; a file whose items are all gone is removed.
func (l *ledger) close() error {
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	if len(l.open) == 0 {
		err = errors.Join(err, os.Remove(l.file.Name()))
	}
	return err
}

// enterInLedger enters what an answer made or deleted.
func (p *play) enterInLedger(got *answer, m *message) error {
	segments := strings.Split(strings.SplitN(m.path, "?", 2)[0], "/")
	switch {
	case got.status >= 300:
	case got.operation == createOperation && len(segments) > 3:
		return p.made(segments[3], got.body)
	case got.operation == deleteOperation && len(segments) > 5:
		return p.gone(madeItem{segments[3], segments[5]})
	}
	return nil
}

// made enters an item that an answer says was made, before anything is expected
// of it.
func (p *play) made(vault string, body []byte) error {
	var it struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(body, &it) != nil || !regexp.MustCompile(`^[a-z0-9]{26}$`).MatchString(it.ID) || p.account != "" {
		return nil // in a world of its own everything goes with the world
	}
	one := madeItem{vault, it.ID}
	p.mu.Lock()
	p.items = append(p.items, one)
	p.mu.Unlock()
	if err := p.of.ledger.write("made", one); err != nil {
		return fmt.Errorf("the ledger can't be written, so nothing more is made: %w", err)
	}
	return nil
}

func (p *play) gone(m madeItem) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, one := range p.items {
		if one == m {
			p.items = append(p.items[:i], p.items[i+1:]...)
			return p.of.ledger.write("gone", m)
		}
	}
	return nil
}

// cleanUp deletes the scenario's world, or the items it made that are still
// there, newest first.
func (p *play) cleanUp(ctx context.Context) error {
	if p.account != "" {
		return p.of.leave(ctx, p.account)
	}
	var errs []error
	for i := len(p.items) - 1; i >= 0; i-- {
		errs = append(errs, p.remove(ctx, p.items[i]))
	}
	return errors.Join(errs...)
}

// remove deletes an item. Real servers answer 500 to deletes that meet in one
// vault [R terraform pull request 295], so it tries again.
func (p *play) remove(ctx context.Context, m madeItem) error {
	const tries = 20
	for i := 1; ; i++ {
		status, _, _, err := p.of.ask(ctx, p.tokens[mainActor], http.MethodDelete, "/v1/vaults/"+m.vault+"/items/"+m.item, nil)
		if err == nil && (status == http.StatusNoContent || status == http.StatusNotFound) {
			return p.of.ledger.write("gone", m)
		}
		if err == nil {
			err = fmt.Errorf("answered %d", status)
		}
		if i == tries || ctx.Err() != nil {
			return fmt.Errorf("item %s in vault %s is left over: %w", m.item, m.vault, err)
		}
		if err := sleep(ctx, 200*time.Millisecond); err != nil {
			return fmt.Errorf("item %s in vault %s is left over: %w", m.item, m.vault, err)
		}
	}
}
