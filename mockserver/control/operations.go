package control

// operationFunc carries out an operation.
type operationFunc func(*handler, *request) (*response, error)

// operations returns the functions of all operations of the document, by operationId.
func operations() map[string]operationFunc {
	return map[string]operationFunc{
		"Overview":        getOverview,
		"Reset":           reset,
		"LoadFixture":     loadFixture,
		"Accounts":        listAccounts,
		"CreateAccount":   createAccount,
		"DeleteAccount":   deleteAccount,
		"Snapshots":       listSnapshots,
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
		"Clock":           getClock,
		"SetClock":        setClock,
		"Faults":          listFaults,
		"AddFault":        addFault,
		"RemoveFault":     removeFault,
		"ResetFaults":     resetFaults,
		"Presets":         listPresets,
		"Vaults":          listVaults,
		"Items":           listItems,
		"Item":            getItem,
		"ItemDocument":    getItemDocument,
		"CreateItem":      createItem,
		"ReplaceItem":     replaceItem,
		"CopyItem":        copyItem,
		"DeleteItem":      deleteItem,
		"AddFile":         addFile,
		"FileContent":     getFileContent,
		"DeleteFile":      deleteFile,
		"Journal":         listJournal,
		"FollowJournal":   followJournal,
		"ClearJournal":    clearJournal,
		"VerifyJournal":   verifyJournal,
		"Explain":         explain,
		"Exchange":        getExchange,
	}
}
