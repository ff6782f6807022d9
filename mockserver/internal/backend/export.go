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

// An exported snapshot is lines of JSON, compressed with gzip: the head, the vaults, the items, each followed by its
// files and their bytes, the tokens, the activity log from its oldest record on, and the tally, which shows whether
// the file is complete.
const (
	exportFormat  = "connectmock snapshot"
	exportVersion = 1

	pieceBytes = 192 << 10 // bytes of a file on one line
	pageItems  = 64        // items read from the store at once
)

// exportLine is one line. Exactly one member is set.
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

// exportFile precedes the lines with the bytes of a file. The file belongs to the item before it.
type exportFile struct {
	ID   string `json:"id"`
	Size int64  `json:"size"`
}

// exportToken is the exported form of auth.Token. The conversion between the two does not compile if a member is
// missing here.
type exportToken struct {
	ID           string                        `json:"id"`
	Account      string                        `json:"account"`
	Name         string                        `json:"name,omitempty"`
	Server       string                        `json:"server,omitempty"`
	Vaults       map[string]connect.Permission `json:"vaults,omitempty"`
	All          connect.Permission            `json:"all,omitempty"`
	IssuedAt     time.Time                     `json:"issuedAt,omitzero"`
	NotBefore    time.Time                     `json:"notBefore,omitzero"`
	ExpiresAt    time.Time                     `json:"expiresAt,omitzero"`
	RevokedAt    time.Time                     `json:"revokedAt,omitzero"`
	Hash         string                        `json:"hash,omitempty"`
	FrozenClaims *auth.FrozenClaims            `json:"wording,omitempty"`
}

// exportTally counts what the lines before it contain.
type exportTally struct {
	Vaults   int   `json:"vaults"`
	Items    int   `json:"items"`
	Files    int   `json:"files"`
	Bytes    int64 `json:"bytes"` // of files
	Tokens   int   `json:"tokens"`
	Activity int   `json:"activity"`
}

// ExportSnapshot writes a snapshot as one file, which ImportSnapshot of any server reads. The file has all values in
// plain text, and tokens without the key that signs them. The snapshot is read from the store in small parts, so that
// a slow reader blocks no other request. If it is deleted meanwhile, the file ends early and the error says so.
func (b *Backend) ExportSnapshot(ctx context.Context, account, name string, w io.Writer) error {
	var s store.Snapshot
	var vaults []connect.Vault
	var tokens []auth.Token
	err := b.store.View(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		if err != nil {
			return err
		}
		if s, err = findSnapshot(tx, a, name); err != nil {
			return err
		}
		if vaults, err = tx.Vaults(s.ID); err != nil {
			return err
		}
		tokens, err = tx.Tokens(s.ID)
		return err
	})
	if err != nil {
		return err
	}
	zip := gzip.NewWriter(w)
	e := &exporter{
		ctx: ctx, store: b.store, snapshot: s.ID, account: s.Account, lines: json.NewEncoder(zip), limits: b.limits,
	}
	e.lines.SetEscapeHTML(false)
	if err := e.writeAll(s, vaults, tokens); err != nil {
		return err
	}
	return zip.Close()
}

// exporter writes the lines of one snapshot.
type exporter struct {
	ctx      context.Context
	store    *store.Store
	snapshot string // id
	account  string // that the snapshot is of; in its log the actors are of that account
	lines    *json.Encoder
	limits   Limits
	tally    exportTally
}

func (e *exporter) writeAll(s store.Snapshot, vaults []connect.Vault, tokens []auth.Token) error {
	head := exportHead{
		Format: exportFormat, Version: exportVersion, Name: s.Name, Account: s.Account, CreatedAt: s.CreatedAt,
	}
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
		if err := e.writeItems(v.ID); err != nil {
			return err
		}
	}
	for _, t := range tokens {
		e.tally.Tokens++
		exported := exportToken(t)
		if err := e.lines.Encode(exportLine{Token: &exported}); err != nil {
			return err
		}
	}
	if err := e.writeActivity(); err != nil {
		return err
	}
	return e.lines.Encode(exportLine{Tally: &e.tally})
}

func (e *exporter) writeItems(vault string) error {
	var ids []string
	err := e.store.View(e.ctx, func(tx *store.Tx) error {
		return tx.Summaries(e.snapshot, vault, nil, func(summary []byte) error {
			var it struct{ ID string }
			err := json.Unmarshal(summary, &it)
			ids = append(ids, it.ID)
			return err
		})
	})
	for err == nil && len(ids) > 0 {
		n := min(len(ids), pageItems)
		err = e.writePage(vault, ids[:n])
		ids = ids[n:]
	}
	return err
}

// writePage writes the items with the given ids, and their files.
func (e *exporter) writePage(vault string, ids []string) error {
	documents := make([][]byte, len(ids))
	err := e.store.View(e.ctx, func(tx *store.Tx) (err error) {
		for i, id := range ids {
			if documents[i], err = tx.ItemJSON(e.snapshot, vault, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, document := range documents {
		it, err := e.writeItem(ids[i], document)
		if err != nil {
			return err
		}
		for _, f := range it.Files {
			if err := e.writeFile(ids[i], f.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeItem writes an item in the present encoding: an older version may have written the document in the store.
func (e *exporter) writeItem(id string, document []byte) (connect.Item, error) {
	e.tally.Items++
	if int64(len(document)) > e.limits.documentLimit() || !e.limits.areKeptBy(document) {
		return connect.Item{}, fmt.Errorf(
			"item %s can't be exported: it has more than %d MiB, or more than %d fields and other parts",
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

func (e *exporter) writeFile(item, id string) error {
	content, size, err := e.store.OpenFile(e.ctx, e.snapshot, item, id)
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

// writeActivity writes the log page by page, from the end of the store's list, which has the newest record first.
func (e *exporter) writeActivity() error {
	_, left, err := e.store.Activity(e.ctx, e.snapshot, 0, 0)
	for err == nil && left > 0 {
		n := min(left, 1024)
		var page []connect.Activity
		if page, _, err = e.store.Activity(e.ctx, e.snapshot, left-n, n); err != nil {
			break
		}
		for i := len(page) - 1; i >= 0 && err == nil; i-- {
			e.tally.Activity++
			page[i].Actor.Account = e.account
			err = e.lines.Encode(exportLine{Activity: &page[i]})
		}
		left -= n
	}
	return err
}
