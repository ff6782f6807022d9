package audit

import "time"

// The limits of what is a finding. All are guesses [G] about what hurts a real server or a program; the reasons stand
// beside them.
const (
	// minPause is the shortest pause between two tries. Common libraries start at 100 ms or more: 100 ms, 250 ms with
	// jitter, 1 s. The first repetition after a lost connection may come at once, as Go's net/http does it [D].
	minPause = 100 * time.Millisecond
	// minThrottledPause is the shortest pause after a 429 or 503. A Retry-After, which the journal does not keep, is
	// in whole seconds; half a second leaves room for clocks and jitter.
	minThrottledPause = 500 * time.Millisecond
	// maxTries is how often a request that may succeed later is sent in all. The most patient known client, the
	// operator, sends five more after the first [C].
	maxTries = 6
	// maxRefusedTries is the same for a request that was refused. External-secrets sends three after a 403 [C].
	maxRefusedTries = 3
	// minRepeats is how many needless repetitions of one request are a finding. One is often on purpose, as in a test
	// that checks that nothing changed.
	minRepeats = 2
	// repeatWindow is how soon a repetition counts as needless. A later one is polling, which sees changes of others.
	repeatWindow = 10 * time.Second
	// minItemListBytes is the size of a list of items from which a filter saves something: three summaries.
	minItemListBytes = 1024
	// minVaultListBytes is the same for a list of vaults: two vaults, each of about 240 bytes.
	minVaultListBytes = 400
	// maxRequestsPerSecond is how many requests of one token within a second are a storm. Connect has no limit of its
	// own [D], but it runs in small containers, and 1Password limits the first read of each item [D].
	maxRequestsPerSecond = 100
)
