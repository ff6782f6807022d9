package control

// handle does what an operation says.
type handle func(*handler, *exchange) (*reply, error)

// handlers are the operations we answer: all of the document.
func handlers() map[string]handle {
	return map[string]handle{
		"Overview":        overview,
		"Reset":           reset,
		"LoadFixture":     loadFixture,
		"Accounts":        accounts,
		"CreateAccount":   createAccount,
		"DeleteAccount":   deleteAccount,
		"Snapshots":       snapshots,
		"SaveSnapshot":    saveSnapshot,
		"ExportSnapshot":  exportSnapshot,
		"ImportSnapshot":  importSnapshot,
		"DeleteSnapshot":  deleteSnapshot,
		"RestoreSnapshot": restoreSnapshot,
		"DiffSnapshots":   diffSnapshots,
		"ListTokens":      listTokens,
		"IssueToken":      issueToken,
		"ChangeToken":     changeToken,
		"RevokeToken":     revokeToken,
		"Clock":           clock,
		"SetClock":        setClock,
		"Faults":          listFaults,
		"AddFault":        addFault,
		"RemoveFault":     removeFault,
		"ResetFaults":     resetFaults,
		"Presets":         presets,
		"Journal":         listJournal,
		"ClearJournal":    clearJournal,
		"VerifyJournal":   verifyJournal,
		"Explain":         explain,
	}
}
