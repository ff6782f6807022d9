package backend

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// The file of a snapshot is lines of JSON, compressed by gzip: the head, each
// vault, each item followed by its files and their bytes, the tokens, the
// activity log from its oldest record on, and the tally, by which a file that
// was cut is known.
const (
	exportFormat  = "connectmock snapshot"
	exportVersion = 1

	pieceBytes = 192 << 10 // of a file, on a line
	pageItems  = 64        // read from the store at once
)

// exportLine is one line; exactly one member is there.
type exportLine struct {
	Head     *exportHead       `json:"head,omitempty"`
	Vault    *connect.Vault    `json:"vault,omitempty"`
	Item     json.RawMessage   `json:"item,omitempty"`
	File     *exportFile       `json:"file,omitempty"`
	Bytes    []byte            `json:"bytes,omitempty"`
	Token    *exportToken      `json:"token,omitempty"`
	Activity *connect.Activity `json:"activity,omitempty"`
	Tally    *exportTally      `json:"tally,omitempty"`
}

type exportHead struct {
	Format    string    `json:"format"`
	Version   int       `json:"version"`
	Name      string    `json:"name"`
	Account   string    `json:"account"`
	CreatedAt time.Time `json:"createdAt"`
}

// exportFile says that the next lines are the bytes of a file of the item
// before.
type exportFile struct {
	ID   string `json:"id"`
	Size int64  `json:"size"`
}

// exportToken is auth.Token as it is written. The conversion between the two
// stops compiling when a member is added there.
type exportToken struct {
	ID           string                     `json:"id"`
	Account      string                     `json:"account"`
	Name         string                     `json:"name,omitempty"`
	Server       string                     `json:"server,omitempty"`
	Vaults       map[string]auth.Permission `json:"vaults,omitempty"`
	All          auth.Permission            `json:"all,omitempty"`
	IssuedAt     time.Time                  `json:"issuedAt,omitzero"`
	NotBefore    time.Time                  `json:"notBefore,omitzero"`
	ExpiresAt    time.Time                  `json:"expiresAt,omitzero"`
	RevokedAt    time.Time                  `json:"revokedAt,omitzero"`
	Hash         string                     `json:"hash,omitempty"`
	FrozenClaims *auth.FrozenClaims         `json:"wording,omitempty"`
}

// exportTally counts the lines before it.
type exportTally struct {
	Vaults   int   `json:"vaults"`
	Items    int   `json:"items"`
	Files    int   `json:"files"`
	Bytes    int64 `json:"bytes"` // of files
	Tokens   int   `json:"tokens"`
	Activity int   `json:"activity"`
}

// ExportSnapshot writes a snapshot as one file that ImportSnapshot of any server
// reads. It holds all values in clear; tokens are in it without what signs them.
// It is read from the store in small parts, so that a slow reader holds nobody
// up; where the snapshot is deleted meanwhile the file ends early, with an error.
func (b *Backend) ExportSnapshot(ctx context.Context, account, name string, w io.Writer) error {
	var f store.Snapshot
	var vaults []connect.Vault
	var tokens []auth.Token
	err := b.Store.View(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		if err != nil {
			return err
		}
		if f, err = snapshotOf(tx, a, name); err != nil {
			return err
		}
		if vaults, err = tx.Vaults(f.ID); err != nil {
			return err
		}
		tokens, err = tx.Tokens(f.ID)
		return err
	})
	if err != nil {
		return err
	}
	zip := gzip.NewWriter(w)
	e := &exporter{ctx: ctx, store: b.Store, account: f.ID, owner: f.Account, lines: json.NewEncoder(zip), limits: b.Limits}
	e.lines.SetEscapeHTML(false)
	if err := e.all(f, vaults, tokens); err != nil {
		return err
	}
	return zip.Close()
}

// exporter writes one frozen account.
type exporter struct {
	ctx     context.Context
	store   *store.Store
	account string
	owner   string // of the snapshot: in its log the actor is of that account
	lines   *json.Encoder
	limits  Limits
	tally   exportTally
}

func (e *exporter) all(f store.Snapshot, vaults []connect.Vault, tokens []auth.Token) error {
	head := exportHead{Format: exportFormat, Version: exportVersion, Name: f.Name, Account: f.Account, CreatedAt: f.CreatedAt}
	if err := e.lines.Encode(exportLine{Head: &head}); err != nil {
		return err
	}
	for _, v := range vaults {
		e.tally.Vaults++
		if err := e.lines.Encode(exportLine{Vault: &v}); err != nil {
			return err
		}
	}
	for _, v := range vaults {
		if err := e.items(v.ID); err != nil {
			return err
		}
	}
	for _, t := range tokens {
		e.tally.Tokens++
		written := exportToken(t)
		if err := e.lines.Encode(exportLine{Token: &written}); err != nil {
			return err
		}
	}
	if err := e.activity(); err != nil {
		return err
	}
	return e.lines.Encode(exportLine{Tally: &e.tally})
}

func (e *exporter) items(vault string) error {
	var ids []string
	err := e.store.View(e.ctx, func(tx *store.Tx) error {
		return tx.Summaries(e.account, vault, nil, func(summary []byte) error {
			var it struct{ ID string }
			err := json.Unmarshal(summary, &it)
			ids = append(ids, it.ID)
			return err
		})
	})
	for err == nil && len(ids) > 0 {
		n := min(len(ids), pageItems)
		err = e.page(vault, ids[:n])
		ids = ids[n:]
	}
	return err
}

func (e *exporter) page(vault string, ids []string) error {
	documents := make([][]byte, len(ids))
	err := e.store.View(e.ctx, func(tx *store.Tx) (err error) {
		for i, id := range ids {
			if documents[i], err = tx.ItemJSON(e.account, vault, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, document := range documents {
		it, err := e.item(ids[i], document)
		if err != nil {
			return err
		}
		for _, f := range it.Files {
			if err := e.file(ids[i], f.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// item writes an item as it is encoded now: the document in the store may be of
// an earlier version.
func (e *exporter) item(id string, document []byte) (connect.Item, error) {
	e.tally.Items++
	if int64(len(document)) > e.limits.DocumentLimit() || !e.limits.allow(document) {
		return connect.Item{}, fmt.Errorf("item %s can't be exported: it has more than %d MiB, or more than %d fields and other parts",
			id, e.limits.itemLine>>20, e.limits.entries)
	}
	it, err := store.DecodeItem(id, document)
	if err != nil {
		return it, err
	}
	if document, err = json.Marshal(it); err != nil {
		return it, err
	}
	return it, e.lines.Encode(exportLine{Item: document})
}

func (e *exporter) file(item, id string) error {
	content, size, err := e.store.OpenFile(e.ctx, e.account, item, id)
	if err != nil {
		return err
	}
	defer content.Close()
	e.tally.Files++
	e.tally.Bytes += size
	if err := e.lines.Encode(exportLine{File: &exportFile{ID: id, Size: size}}); err != nil {
		return err
	}
	for piece := make([]byte, pieceBytes); ; {
		n, err := io.ReadFull(content, piece)
		if n > 0 {
			if err := e.lines.Encode(exportLine{Bytes: piece[:n]}); err != nil {
				return err
			}
		}
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// activity writes the log page by page; the store has the newest first.
func (e *exporter) activity() error {
	_, left, err := e.store.Activity(e.ctx, e.account, 0, 0)
	for err == nil && left > 0 {
		n := min(left, 1024)
		var page []connect.Activity
		if page, _, err = e.store.Activity(e.ctx, e.account, left-n, n); err != nil {
			break
		}
		for i := len(page) - 1; i >= 0 && err == nil; i-- {
			e.tally.Activity++
			page[i].Actor.Account = e.owner
			err = e.lines.Encode(exportLine{Activity: &page[i]})
		}
		left -= n
	}
	return err
}
