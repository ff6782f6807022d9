package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// operation is a row of a table of growth: what one client pays for one request.
type operation struct {
	name string
	cost func(context.Context, *line) (time.Duration, error) // median of a request
	why  string                                              // why it may grow; "" if it must not
	per  int                                                 // what one request handles, to be told the cost of one; 0: the request
}

// growthTable measures operations on servers of growing size. One client asks,
// one request after the other: the cost is how long the server is busy with it,
// and the way there and back, which the bare handler shows.
type growthTable struct {
	table *table
	names []string
	costs map[string][]time.Duration
	whys  map[string]string
}

// growth is by how much the cost at the largest size exceeds that three sizes
// before, where sizes grow tenfold: over a thousandfold.
func growth(costs []time.Duration) float64 {
	return costs[len(costs)-1].Seconds() / costs[max(0, len(costs)-4)].Seconds()
}

// tooSteep is the growth that is no longer logarithmic. A logarithm doubles at
// most from 10^3 to 10^6; the rest is left to caches that hold no longer
// everything, and to the machine.
const tooSteep = 3

// judged is the last cell of a row.
func judged(costs []time.Duration, why string) string {
	g := growth(costs)
	switch {
	case g <= tooSteep:
		return fmt.Sprintf("%.1fx", g)
	case why != "":
		return fmt.Sprintf("%.1fx: %s", g, why)
	}
	return fmt.Sprintf("**%.1fx: worse than logarithmic**", g)
}

// measureSize measures all operations against one server.
func (g *growthTable) measureSize(ctx context.Context, addr string, operations []operation) error {
	for _, o := range operations {
		l, err := dial(ctx, addr)
		if err != nil {
			return err
		}
		cost, err := o.cost(ctx, l)
		_ = l.conn.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
		if o.per > 0 {
			cost /= time.Duration(o.per)
		}
		if g.costs[o.name] == nil {
			g.names = append(g.names, o.name)
		}
		g.costs[o.name] = append(g.costs[o.name], cost)
		g.whys[o.name] = o.why
	}
	return nil
}

// fill makes rows of all that was measured.
func (g *growthTable) fill() {
	for _, name := range g.names {
		row := []string{name}
		for _, cost := range g.costs[name] {
			row = append(row, fmt.Sprintf("%.1f", float64(cost)/float64(time.Microsecond)))
		}
		g.table.add(append(row, judged(g.costs[name], g.whys[name]))...)
	}
}

// repeat is the median cost of requests of one kind, once the server has got
// used to them. An answer that takes long is asked for three times at least.
func repeat(r *run, request source) func(context.Context, *line) (time.Duration, error) {
	return func(ctx context.Context, l *line) (time.Duration, error) {
		n := 0
		ask := func(length time.Duration, least int) error {
			until := time.Now().Add(length)
			for end := n + least; n < end || time.Now().Before(until) && ctx.Err() == nil; n++ {
				if err := l.exchange(request(n), time.Now()); err != nil {
					return err
				}
			}
			return ctx.Err()
		}
		if err := ask(r.length/4, 1); err != nil {
			return 0, err
		}
		l.each = nil
		err := ask(r.length/2, 3)
		return median(l.each), err
	}
}

// tenfold are the sizes from one to another.
func tenfold(from, most int) (sizes []int) {
	for n := from; n <= most; n *= 10 {
		sizes = append(sizes, n)
	}
	return sizes
}

func measureItemGrowth(ctx context.Context, r *run) error {
	return r.measureGrowth(ctx, "growth-items", "items in the vault", tenfold(100, r.mostItems), r.growItems)
}

func measureActivityGrowth(ctx context.Context, r *run) error {
	return r.measureGrowth(ctx, "growth-activity", "activity records", tenfold(1000, r.mostRecords), r.growActivity)
}

func measureAccountGrowth(ctx context.Context, r *run) error {
	return r.measureGrowth(ctx, "growth-accounts", "accounts", tenfold(1, r.mostAccounts), r.growAccounts)
}

// measureGrowth measures cost against size, the bare handler's beside each.
func (r *run) measureGrowth(ctx context.Context, name, unit string, sizes []int, measure func(context.Context, *growthTable, int) error) error {
	bare, err := r.startBare(ctx)
	if err != nil {
		return err
	}
	defer bare.stop()
	beside := []operation{{name: "the bare handler", cost: repeat(r, limit("none"))}}
	columns := []string{"µs for one request; " + unit}
	g := &growthTable{costs: map[string][]time.Duration{}, whys: map[string]string{}}
	for _, size := range sizes {
		columns = append(columns, count(size))
		if err := g.measureSize(ctx, bare.Addr, beside); err != nil {
			return err
		}
		if err := measure(ctx, g, size); err != nil {
			return fmt.Errorf("%s: %w", count(size), err)
		}
		fmt.Fprintf(os.Stderr, "%s: %s done\n", name, count(size))
	}
	g.table = r.table(name, append(columns, "growth")...)
	g.fill()
	return nil
}
