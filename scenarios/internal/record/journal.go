// Package record writes a scenario that repeats the requests in the journal of a mock.
package record

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// maxRecorded is the maximum number of requests of a recorded scenario.
const maxRecorded = 1000

// Scenario returns a scenario with the requests of an account in the journal of a mock, as YAML. account is an id
// or a name, "" for the first account. Entries up to the number after are left out.
func Scenario(
	ctx context.Context, control *controlapi.Client, document *openapi.Document, account string,
	after uint64, id string,
) ([]byte, error) {
	rec := &recording{
		control: control, wanted: account, after: after, id: id, document: document,
		added: map[string]bool{}, used: map[string]bool{}, variables: map[string]string{},
		pending: map[string][]string{}, actors: map[string]string{}, stateVaults: map[string]string{},
	}
	if err := rec.readJournal(ctx); err != nil {
		return nil, err
	}
	if err := rec.compareWithInitialData(ctx); err != nil {
		return nil, err
	}
	return rec.scenario()
}

// recording is a scenario while it is recorded.
type recording struct {
	control  *controlapi.Client
	wanted   string // id or name of the account; empty: the first
	after    uint64 // only entries of the journal with a greater number
	id       string // of the scenario
	document *openapi.Document
	entries  []recordedEntry
	notes    []string // comments for the whole scenario
	faults   map[string]map[string]any
	tokens   map[string]controlapi.Token // by name

	account string          // id
	added   map[string]bool // ids of vaults and items that are not in the initial data
	used    map[string]bool // ids of vaults and items that a request succeeded for

	variables   map[string]string   // expressions for ids that differ in each run
	stateVaults map[string]string   // names of vault states, by the id of the vault
	pending     map[string][]string // captured items whose id no request has used yet, by vault
	actors      map[string]string   // names in "as", by caller
	given       []string
	steps       []string
	finally     []string
}

// recordedEntry is an entry of the journal with the parameters of its path.
type recordedEntry struct {
	controlapi.Entry
	parameters map[string]string
}

// readJournal reads the entries of the account, its tokens and faults.
func (r *recording) readJournal(ctx context.Context) error {
	overview, err := r.control.Overview(ctx)
	if err != nil {
		return fmt.Errorf("read the accounts of the mock: %w", err)
	}
	var names []string
	for i, a := range overview.Accounts {
		names = append(names, a.Name)
		if i == 0 && r.wanted == "" || r.wanted != "" && (a.ID == r.wanted || a.Name == r.wanted) {
			r.account = a.ID
			if i > 0 {
				r.notes = append(r.notes,
					fmt.Sprintf("These are requests to the account %s; scenarios start with the data "+
						"of the first account.", a.Name))
			}
		}
	}
	if r.account == "" {
		return fmt.Errorf("no account %q; there are: %s", r.wanted, strings.Join(names, ", "))
	}
	page, err := r.control.Journal(ctx, controlapi.JournalQuery{After: r.after, Limit: math.MaxInt32})
	if err != nil {
		return err
	}
	for _, e := range page.Entries {
		if e.Account != "" && e.Account != r.account || e.UserAgent == language.UserAgent {
			continue // of another account, or of a scenario
		}
		_, parameters := r.document.Match(e.Method, e.Path)
		r.entries = append(r.entries, recordedEntry{e, parameters})
	}
	if len(r.entries) == 0 {
		return r.nothingToRecordError(len(page.Entries))
	}
	tooMany := max(0, len(r.entries)-maxRecorded)
	r.entries = r.entries[tooMany:]
	if tooMany > 0 || page.Dropped > 0 {
		r.notes = append(r.notes, "Earlier requests are missing.")
	}
	return r.readControl(ctx)
}

// nothingToRecordError returns the error for a journal without requests to record. others is the number of requests
// that were left out.
func (r *recording) nothingToRecordError(others int) error {
	text := "the journal has no requests to record"
	if r.after > 0 {
		text += fmt.Sprintf(" after %d", r.after)
	}
	if others == 0 {
		return errors.New(text)
	}
	return fmt.Errorf("%s: all %d are of other accounts or of scenarios; connectmock ctl journal list shows them, "+
		"--account selects another account", text, others)
}

// readControl reads the tokens and faults of the account.
func (r *recording) readControl(ctx context.Context) error {
	tokens, err := r.control.ListTokens(ctx, r.account)
	if err != nil {
		return err
	}
	r.tokens = map[string]controlapi.Token{}
	for _, t := range tokens {
		r.tokens[t.Name] = t
	}
	faults, err := r.control.Faults(ctx, "")
	if err != nil {
		return err
	}
	mockWide := false
	r.faults = map[string]map[string]any{}
	for _, f := range faults {
		if f.Account != "" && f.Account != r.account {
			continue
		}
		mockWide = mockWide || f.Account == ""
		text, err := json.Marshal(f)
		if err != nil {
			return err
		}
		var members map[string]any
		if err := json.Unmarshal(text, &members); err != nil {
			return err
		}
		// The recorded fault applies once, to the request that follows.
		for _, member := range []string{"name", "account", "matched", "struck", "nth", "after", "times",
			"percentage", "seed", "per", "operations", "operation", "vault", "token"} {
			delete(members, member)
		}
		r.faults[f.Name] = members
	}
	if mockWide {
		r.notes = append(r.notes,
			"The mock has faults for all accounts, which also apply to this scenario: remove them",
			"before it runs, with connectmock ctl fault reset.")
	}
	return nil
}

// compareWithInitialData finds out which vaults and items of the journal are in the initial data. It imports the
// initial data as a snapshot, which it deletes: requests to the API could be refused by a fault.
func (r *recording) compareWithInitialData(ctx context.Context) (err error) {
	const name = "connectmock-record"
	cleanUp := func(remove func(context.Context) error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		err = errors.Join(err, remove(ctx))
	}
	initial, err := r.control.CreateAccount(ctx, controlapi.NewAccount{Name: name, From: r.account})
	if err != nil {
		return fmt.Errorf("create an account to compare with: %w", err)
	}
	defer cleanUp(func(ctx context.Context) error { return r.control.DeleteAccount(ctx, initial.ID) })
	if _, err := r.control.SaveSnapshot(ctx, controlapi.NewSnapshot{Account: initial.ID, Name: name}); err != nil {
		return err
	}
	var data bytes.Buffer
	if err := r.control.ExportSnapshot(ctx, initial.ID, name, &data); err != nil {
		return err
	}
	if _, err := r.control.ImportSnapshot(ctx, r.account, name, &data); err != nil {
		return err
	}
	defer cleanUp(func(ctx context.Context) error { return r.control.DeleteSnapshot(ctx, r.account, name) })
	diff, err := r.control.DiffSnapshots(ctx, r.account, name, "")
	if err != nil {
		return err
	}
	r.addDiff(diff)
	return nil
}

// addDiff adds what changed since the initial data. An item that was deleted and is not removed since then was created
// after the start.
func (r *recording) addDiff(diff controlapi.Diff) {
	removed := map[string]bool{}
	for _, c := range diff.Changes {
		switch c.Change {
		case "added":
			r.added[c.ID] = true
		case "removed":
			removed[c.ID] = true
		}
	}
	for _, e := range r.entries {
		succeeded := e.Status >= 200 && e.Status < 300
		id := e.parameters["itemUuid"]
		if e.Operation == language.DeleteOperation && succeeded && !removed[id] {
			r.added[id] = true
		}
		if succeeded {
			r.used[id], r.used[e.parameters["vaultUuid"]] = true, true
		}
	}
}

// vaultText returns the text that stands for a vault: its id, or an expression if the initial data does not have it.
func (r *recording) vaultText(id string) string {
	if !r.added[id] || !r.used[id] {
		return escapeTemplate(id)
	}
	if r.stateVaults[id] == "" {
		name := fmt.Sprintf("vault%d", len(r.stateVaults)+1)
		r.stateVaults[id] = name
		r.variables[id] = "{{ " + name + ".id }}"
		r.given = append(r.given, "  # Placeholder: the initial data has no vault "+id+".",
			"  - {state: vault, as: "+name+"}")
	}
	return r.variables[id]
}

// itemText returns the text that stands for an item: its id, or an expression if the initial data does not have it.
func (r *recording) itemText(vault, id string) string {
	if r.variables[id] != "" {
		return r.variables[id]
	}
	if !r.added[id] || !r.used[id] {
		return escapeTemplate(id)
	}
	if waiting := r.pending[vault]; len(waiting) > 0 {
		r.pending[vault] = waiting[1:]
		r.variables[id] = "{{ " + waiting[0] + " }}"
		return r.variables[id]
	}
	name := fmt.Sprintf("given%d", len(r.variables)+1)
	r.variables[id] = "{{ " + name + ".id }}"
	r.given = append(r.given, "  # Placeholder: no recorded request creates the item "+id+".",
		"  - {state: item, as: "+name+", with: {vault: {id: "+quoteYAML(vault)+"}, category: LOGIN, "+
			`title: "{{ run.prefix }} `+name+`"}}`)
	return r.variables[id]
}
