package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// operation is a row of a growth table: what one client pays for one request.
type operation struct {
	name   string
	cost   func(context.Context, *client) (time.Duration, error) // median of a request
	reason string                                                // why it may grow; "": it must not
	items  int                                                   // print the cost of one of so many; 0: of the request
}

// growthRow is what was measured of an operation, by size.
type growthRow struct {
	operation
	costs []time.Duration
}

// maxGrowth is the factor from which on a cost has grown more than a logarithm, which at most doubles from 10^3 to
// 10^6. The rest is left for caches that do not hold everything any more, and for the machine.
const maxGrowth = 3

// verdict returns the last cell of the row: by how much the cost at the largest size exceeds that three sizes before.
// Sizes grow tenfold, so that is over a thousandfold.
func (g growthRow) verdict() string {
	last := len(g.costs) - 1
	factor := g.costs[last].Seconds() / g.costs[max(0, last-3)].Seconds()
	switch {
	case factor <= maxGrowth:
		return fmt.Sprintf("%.1fx", factor)
	case g.reason != "":
		return fmt.Sprintf("%.1fx: %s", factor, g.reason)
	}
	return fmt.Sprintf("**%.1fx: worse than logarithmic**", factor)
}

// prepareSize returns a store of a size, and the operations to measure on a server that serves it.
type prepareSize func(ctx context.Context, size int) (store string, operations func(*server) []operation, err error)

// measureGrowth prints the cost of operations against the size of a store. One client sends one request after the
// other: the cost is the server's work and the way there and back, which the row of the bare handler shows.
func (r *run) measureGrowth(ctx context.Context, name, unit string, sizes []int, prepare prepareSize) error {
	bare, err := r.startBare(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	rows := []*growthRow{{operation: operation{name: "the bare handler", cost: r.medianOf(bareItem("none"))}}}
	columns := []string{"µs for one request; " + unit}
	for _, size := range sizes {
		columns = append(columns, thousands(size))
		if err := rows[0].measure(ctx, bare.Addr); err != nil {
			return err
		}
		if rows, err = r.measureSize(ctx, rows, size, prepare); err != nil {
			return fmt.Errorf("%s: %w", thousands(size), err)
		}
		fmt.Fprintf(os.Stderr, "%s: %s measured\n", name, thousands(size))
	}
	t := r.table(name, append(columns, "growth")...)
	for _, row := range rows {
		cells := []string{row.name}
		for _, cost := range row.costs {
			cells = append(cells, fmt.Sprintf("%.1f", float64(cost)/float64(time.Microsecond)))
		}
		t.add(append(cells, row.verdict())...)
	}
	return nil
}

// measureSize measures all operations on a server with a copy of the store, and adds the costs to the rows after the
// first.
func (r *run) measureSize(ctx context.Context, rows []*growthRow, size int, prepare prepareSize) ([]*growthRow, error) {
	store, operations, err := prepare(ctx, size)
	if err != nil {
		return nil, err
	}
	copied, err := r.copyStore(store)
	if err != nil {
		return nil, err
	}
	defer os.Remove(copied)
	s, err := r.startMock(ctx, copied)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	for i, o := range operations(s) {
		if len(rows) <= i+1 {
			rows = append(rows, &growthRow{})
		}
		rows[i+1].operation = o
		if err := rows[i+1].measure(ctx, s.Addr); err != nil {
			return nil, fmt.Errorf("%s: %w", o.name, err)
		}
	}
	return rows, nil
}

func (g *growthRow) measure(ctx context.Context, addr string) error {
	c, err := dial(ctx, addr)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	cost, err := g.cost(ctx, c)
	g.costs = append(g.costs, cost/time.Duration(max(1, g.items)))
	return err
}

// medianOf returns a function that measures the median cost of requests, after some that warm the server up. However
// long a response takes, three are measured.
func (r *run) medianOf(next requests) func(context.Context, *client) (time.Duration, error) {
	return func(ctx context.Context, c *client) (time.Duration, error) {
		n := 0
		send := func(length time.Duration, least int) error {
			end := time.Now().Add(length)
			for last := n + least; n < last || time.Now().Before(end) && ctx.Err() == nil; n++ {
				if err := c.send(next(n), time.Now()); err != nil {
					return err
				}
			}
			return ctx.Err()
		}
		if err := send(r.length/4, 1); err != nil {
			return 0, err
		}
		c.latencies = nil
		err := send(r.length/2, 3)
		return median(c.latencies), err
	}
}

// tenfold returns the sizes from one to another.
func tenfold(from, most int) (sizes []int) {
	for n := from; n <= most; n *= 10 {
		sizes = append(sizes, n)
	}
	return sizes
}
