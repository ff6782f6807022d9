package call

// Tag is a tag of every item that the suite creates; see contract.Sweep.
const Tag = "connectmock-contract"

// RunPrefix returns the beginning of the titles of a run, which is also a tag of its
// items.
func RunPrefix(runID string) string { return Tag + "-" + runID }

// Well-formed ids of objects that exist on no server.
const (
	NoVault = "connectmocknosuchvault0000"
	NoItem  = "connectmocknosuchitem00000"
	NoFile  = "connectmocknosuchfile00000"
)
