package console

import "testing"

func TestSnapshots_AreSavedComparedAndRestored(t *testing.T) {
	t.Parallel()
	b := startConsole(t, safeVault)
	b.get("/snapshots").submit("/snapshots/save", "name", " ").expect(400, "needs a name")
	b.get("/snapshots").submit("/snapshots/save", "name", "a/b").expect(400, "without slashes")
	page := b.get("/snapshots").submit("/snapshots/save", "name", "before <b>").expect(200, "Saved the snapshot",
		"1 item in 1 vault", "connectmock ctl snapshot save 'before <b>'", "!<b>")
	page.submit("/snapshots/save", "name", "before <b>").expect(409, "already")
	_, vault, item := b.openMail()
	b.get("/snapshots/diff?from=before+%3Cb%3E").expect(200, "No vault, item or token has changed")
	b.get("/vaults/item/edit?vault="+vault+"&item="+item).submit("/vaults/item/save", "field1.value", "hunter3")
	b.get("/vaults/item/new?vault="+vault).submit("/vaults/item/create", "title", hostile)
	b.get("/snapshots/diff?from=before+%3Cb%3E").expect(200, append(secrets(), "!hunter3", "added", hostile, "changed", "Mail",
		"fields.password.value", "!<script>alert(1)", "connectmock ctl snapshot diff 'before <b>'")...)
	b.get("/snapshots/restore?name=before+%3Cb%3E").expect(200, "3 changes since then").
		submit("/snapshots/restore").expect(200, "Restored the snapshot", "ctl snapshot restore")
	if v := b.mail().Version; v != 1 {
		t.Errorf("after the restore the item has version %d", v)
	}
	b.get("/snapshots").submit("/snapshots/delete", "name", "before <b>").expect(200, "Deleted the snapshot", "no snapshot here")
	page.submit("/snapshots/delete", "name", "before <b>").expect(404, "no snapshot")
	b.get("/snapshots/diff?from=nothing").expect(404, "no snapshot")
}
