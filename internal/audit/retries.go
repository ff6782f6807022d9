package audit

import "slices"

// findRetries finds requests that were repeated after a failure and should not have been, or the other way round.
func (a *analysis) findRetries() {
	for _, s := range a.sequences {
		tries := 0 // in the present run of failures
		for i, x := range s {
			if !x.isFailure() {
				tries = 0
				continue
			}
			tries++
			if i+1 < len(s) {
				a.checkRetry(x, s[i+1], tries)
			} else if x.needsRetry() {
				a.add(MissingRetry, occurrence{count: 1, at: []*exchange{x}})
			}
			if i+1 == len(s) || !s[i+1].isFailure() {
				a.checkTries(s[i+1-tries : i+1])
			}
		}
	}
}

func (x *exchange) isFailure() bool { return x.Status == 0 || x.Status >= 400 }

// needsRetry reports whether a failed request should be sent again as it is. A request that ended without a response
// and without a fault is one that the client itself gave up.
func (x *exchange) needsRetry() bool {
	switch {
	case x.op.Tag == "Health" || x.op.Tag == "Metrics":
		return false
	case x.Done && x.isUnsafeToRepeat():
		return false
	case x.isThrottled():
		return true
	case x.isUnsafeToRepeat():
		return false
	case x.Status == 0:
		return len(x.Faults) > 0
	case x.Status == 500: // a conflict of deletes [R], a file that is not synchronized yet [C]
		return x.Operation == "DeleteVaultItem" || x.Operation == "DownloadFileByID"
	}
	return x.Status == 502 || x.Status == 504
}

// isUnsafeToRepeat reports whether sending the request twice may change more than sending it once. PUT replaces a whole
// item and DELETE removes it, so for them the second time changes nothing.
func (x *exchange) isUnsafeToRepeat() bool {
	return x.Operation == "CreateVaultItem" || x.Operation == "PatchVaultItem"
}

// checkRetry looks at a failed request and the next one that is the same. tries is the number of failures in a row so
// far.
func (a *analysis) checkRetry(failed, next *exchange, tries int) {
	pause, known := failed.pauseBefore(next)
	if known && pause < 0 && failed.Status != 0 {
		return // sent before the first one had ended. A lost connection is noticed late, so for it that says nothing
	}
	if failed.mayBeDone() && failed.isUnsafeToRepeat() && !a.hasLooked(failed, next) {
		o := occurrence{count: 1, at: []*exchange{failed, next}}
		if failed.Done {
			o.done = 1
		}
		if failed.Operation == "PatchVaultItem" { // most patches replace, and can be repeated
			o.severity = Warning
		}
		a.add(UnsafeRetry, o)
	}
	if !failed.isTransient() {
		return
	}
	switch {
	case !known:
		a.report.Unmeasured++
	case failed.Status == 0 && tries == 1: // at once, as HTTP clients do when a connection was lost
	case pause < shortestPause(failed):
		a.add(EagerRetry, occurrence{count: 1, at: []*exchange{failed, next}})
	}
}

// hasLooked reports whether the client has read what the failed request may have changed before the next one.
func (a *analysis) hasLooked(failed, next *exchange) bool {
	return slices.ContainsFunc(between(a.all, failed, next), func(x *exchange) bool {
		isRead := x.Operation == "GetVaultItems" || x.Operation == "GetVaultItemById" && failed.item != ""
		return isRead && x.isSuccess() && x.isSameCaller(failed) && x.vault == failed.vault &&
			(x.item == "" || x.item == failed.item)
	})
}

// checkTries looks at a run of failures of the same request.
func (a *analysis) checkTries(failures []*exchange) {
	limit := maxRefusedTries
	if slices.ContainsFunc(failures, func(x *exchange) bool { return x.isTransient() || x.Status == 404 }) {
		limit = maxTries // a 404 may be for an item that is not visible yet
	}
	if len(failures) > limit {
		a.add(EndlessRetry, occurrence{count: len(failures), at: failures})
	}
}
