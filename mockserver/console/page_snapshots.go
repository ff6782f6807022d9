package console

import (
	"fmt"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/mockserver/console/internal/words"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// changesOnPage is how many changes between two snapshots a page shows.
const changesOnPage = 100

// snapshotsPage saves, restores and compares states of an account.
func snapshotsPage() page {
	return page{path: "/snapshots", title: "Snapshots", accounts: true, handlers: map[string]handlerFunc{
		"GET /snapshots":          getSnapshots,
		"POST /snapshots/save":    saveSnapshot,
		"GET /snapshots/restore":  confirmRestoreSnapshot,
		"POST /snapshots/restore": restoreSnapshot,
		"POST /snapshots/delete":  deleteSnapshot,
		"GET /snapshots/diff":     getDiff,
	}}
}

// getSnapshots lists the snapshots of an account.
func getSnapshots(req *request) (*response, error) { return req.renderSnapshots("", nil) }

// renderSnapshots lists the snapshots, with the name that could not be given to a new one and the reason.
func (req *request) renderSnapshots(name string, refused *controlapi.Error) (*response, error) {
	list, err := req.server.Snapshots(req.r.Context(), req.account())
	if err != nil {
		return nil, err
	}
	pages := req.newPager("/snapshots", itemsOnPage, len(list))
	resp := req.render("snapshots", "Snapshots", map[string]any{
		"Snapshots": part(list, pages), "Pager": pages, "All": len(list), "Name": name, "Refused": refused,
	})
	if refused != nil {
		resp.status = refused.Status
	}
	return resp, nil
}

// part returns the part of a list that a page shows.
func part[T any](list []T, p pager) []T {
	return list[min(p.Offset, len(list)):min(p.Offset+p.Limit, len(list))]
}

// saveSnapshot saves the present state of an account.
func saveSnapshot(req *request) (*response, error) {
	name := req.form("name")
	saved, err := req.server.SaveSnapshot(req.r.Context(), controlapi.NewSnapshot{Account: req.account(), Name: name})
	if refused := refusal(err); refused != nil {
		return req.renderSnapshots(name, refused)
	}
	if err != nil {
		return nil, err
	}
	return done(req.link("/snapshots"), session.Notice{
		Text: fmt.Sprintf("Saved the snapshot %q: %s in %s.", name, words.Count(saved.Items, "item"), words.Count(saved.Vaults, "vault")),
		Ctl:  command.Ctl("snapshot", "save", name, "--account", req.account()),
	}), nil
}

// confirmRestoreSnapshot asks whether to restore a snapshot, and shows what is lost.
func confirmRestoreSnapshot(req *request) (*response, error) {
	diff, err := req.server.DiffSnapshots(req.r.Context(), req.account(), req.query("name"), "")
	if err != nil {
		return nil, err
	}
	return req.render("snapshot_restore", "Restore the snapshot?", map[string]any{"Diff": diff}), nil
}

// restoreSnapshot restores the state of an account.
func restoreSnapshot(req *request) (*response, error) {
	name := req.form("name")
	if err := req.server.RestoreSnapshot(req.r.Context(), req.account(), name); err != nil {
		return nil, err
	}
	return done(req.link("/snapshots"), session.Notice{
		Text: fmt.Sprintf("Restored the snapshot %q.", name),
		Ctl:  command.Ctl("snapshot", "restore", name, "--account", req.account()),
	}), nil
}

// deleteSnapshot deletes a snapshot.
func deleteSnapshot(req *request) (*response, error) {
	name := req.form("name")
	if err := req.server.DeleteSnapshot(req.r.Context(), req.account(), name); err != nil {
		return nil, err
	}
	return done(req.link("/snapshots"), session.Notice{
		Text: fmt.Sprintf("Deleted the snapshot %q.", name),
		Ctl:  command.Ctl("snapshot", "delete", name, "--account", req.account()),
	}), nil
}

// getDiff shows what changed from one snapshot to another, or to the present state.
func getDiff(req *request) (*response, error) {
	from, to := req.query("from"), req.query("to")
	diff, err := req.server.DiffSnapshots(req.r.Context(), req.account(), from, to)
	if err != nil {
		return nil, err
	}
	list, err := req.server.Snapshots(req.r.Context(), req.account())
	if err != nil {
		return nil, err
	}
	pages := req.newPager("/snapshots/diff", changesOnPage, len(diff.Changes), "from", from, "to", to)
	return req.render("snapshot_diff", "What changed", map[string]any{
		"Diff": diff, "Changes": part(diff.Changes, pages), "Pager": pages, "Snapshots": list,
		"Ctl": command.Ctl("snapshot", "diff", from, to, "--account", req.account()),
	}), nil
}
