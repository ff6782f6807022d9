package journal

import "sort"

// ring is the newest records of a kind. The zero value is empty.
type ring struct {
	records []Record // by id, from start on, and then from the beginning
	start   int
}

// oldest returns the record that the next one replaces in a ring of size records, nil if there is room.
func (r *ring) oldest(size int) *Record {
	if len(r.records) < size {
		return nil
	}
	return &r.records[r.start]
}

// add adds a record, whose id is greater than all others, to a ring of size records.
func (r *ring) add(record *Record, size int) {
	if len(r.records) < size {
		r.records = append(r.records, *record)
		return
	}
	r.records[r.start] = *record
	if r.start++; r.start == size {
		r.start = 0
	}
}

// at returns a record by its place, 0 for the oldest.
func (r *ring) at(i int) *Record {
	if i += r.start; i >= len(r.records) {
		i -= len(r.records)
	}
	return &r.records[i]
}

// countUpTo returns how many records have an id up to that one.
func (r *ring) countUpTo(id uint64) int {
	return sort.Search(len(r.records), func(i int) bool { return r.at(i).ID > id })
}

// find returns the record with an id, nil if the ring does not have it.
func (r *ring) find(id uint64) *Record {
	if i := r.countUpTo(id); i > 0 && r.at(i-1).ID == id {
		return r.at(i - 1)
	}
	return nil
}
