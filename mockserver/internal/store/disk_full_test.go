package store

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

// On a full disk changes fail with an error that says so, and what has succeeded before is not lost.
func TestUpdate_FailsOnAFullDiskWithoutLoss(t *testing.T) {
	t.Parallel()
	s := openEngine(t, "file")
	ctx := context.Background()
	limitPages(t, s, 100)
	var kept []string
	var refusal error
	for refusal == nil {
		id := "i" + strings.Repeat("x", len(kept))
		refusal = s.Update(ctx, func(tx *Tx) error {
			if err := tx.Record("A", record(len(kept))); err != nil {
				return err
			}
			return tx.PutItem("A", login(id, "v", strings.Repeat("t", 5000)))
		})
		if refusal == nil {
			kept = append(kept, id)
		}
	}
	if text := refusal.Error(); !strings.Contains(text, "disk is full") || !strings.Contains(text, s.path) {
		t.Error(text)
	}
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("Check: %v", err)
	}
	if got := summaries(t, s, "A", "v"); got != strings.Join(kept, " ") || len(kept) == 0 {
		t.Errorf("%d items are stored, %d were reported as stored", len(strings.Fields(got)), len(kept))
	}
	// What is queued meanwhile waits for room on the disk.
	for i := range 2000 {
		s.Record("B", incompressible(i))
	}
	if _, _, err := s.Activity(ctx, "B", 0, 1); err == nil || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("Activity: %v", err)
	}
	limitPages(t, s, 100_000)
	if _, total, err := s.Activity(ctx, "B", 0, 1); err != nil || total != 2000 {
		t.Errorf("Activity: %d, %v", total, err)
	}
	if err := s.Check(); err != nil {
		t.Errorf("Check: %v", err)
	}
	if _, total, err := s.Activity(ctx, "A", 0, 1); err != nil || total != int64(len(kept)) {
		t.Errorf("Activity: %d of %d, %v", total, len(kept), err)
	}
}

// limitPages bounds the size of the database.
func limitPages(t *testing.T, s *Store, pages int) {
	t.Helper()
	session, err := s.writer.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.writer.put(session)
	if err := session.execAll("PRAGMA max_page_count = " + strconv.Itoa(pages)); err != nil {
		t.Fatal(err)
	}
}

// On a disk that has become read-only changes fail with an error that says so, and Check returns an error until a
// change succeeds.
func TestUpdate_FailsOnAReadOnlyDisk(t *testing.T) {
	t.Parallel()
	s := openEngine(t, "file")
	writable := func(pragma string) {
		session, err := s.writer.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.writer.put(session)
		if err := session.execAll("PRAGMA query_only = " + pragma); err != nil { // the engine's error is the same
			t.Fatal(err)
		}
	}
	write := func() error {
		return s.Update(t.Context(), func(tx *Tx) error { return tx.SetMeta("k", []byte("v")) })
	}
	writable("ON")
	if err := write(); err == nil || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("the write: %v", err)
	}
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("Check: %v", err)
	}
	writable("OFF")
	if err := errors.Join(write(), s.Check()); err != nil {
		t.Error(err)
	}
}

// incompressible returns a record that cannot be compressed well.
func incompressible(n int) connect.Activity {
	a := record(n)
	a.Actor.UserAgent = string(randomBytes(100 + n%7))
	return a
}
