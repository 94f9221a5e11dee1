package main

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
)

// A result is what a race gave.
type result struct {
	Number  int       `json:"number"`
	Race    string    `json:"race"`
	Work    string    `json:"work"`
	Rounds  int       `json:"rounds"`
	Rows    []row     `json:"entrants"`
	Missing []string  `json:"missing,omitempty"` // peers that are not installed
	Goals   []outcome `json:"goals"`
}

// A row is one entrant's medians, and how many times its costs ours took.
type row struct {
	Name      string  `json:"name"`
	Role      role    `json:"role"`
	Wall      float64 `json:"wall"` // seconds
	CPU       float64 `json:"cpu"`  // seconds
	RSS       int64   `json:"rss"`  // bytes
	Done      float64 `json:"done"` // part of the work
	WallRatio *spread `json:"wall_ratio,omitempty"`
	CPURatio  *spread `json:"cpu_ratio,omitempty"`
	Failed    string  `json:"failed,omitempty"`
}

// run runs one race.
func (c *course) run(ctx context.Context, r race, o options) (*result, error) {
	var err error
	if c.amount, err = r.amount.of(o.amount); err != nil {
		return nil, err
	}
	defer c.clear()
	all, err := r.enter(ctx, c)
	if err != nil {
		return nil, err
	}
	res := &result{Number: r.number, Race: r.name, Work: r.title(c.amount), Rounds: o.rounds}
	field := slices.DeleteFunc(all, func(e entrant) bool {
		if e.program == "" {
			return false
		}
		_, err := exec.LookPath(e.program)
		if err != nil {
			res.Missing = append(res.Missing, e.name)
		}
		return err != nil
	})
	costs, failed := rounds(ctx, field, o)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	for i, e := range field {
		if e.role == ours && failed[i] != nil {
			return nil, failed[i]
		}
	}
	res.Rows = rows(field, costs, failed)
	res.Goals = r.goal.judge(res.Rows)
	return res, nil
}

// rounds lets all entrants run in turn, as many times as o says. One that
// fails does not run again; without ours there is no race.
func rounds(ctx context.Context, field []entrant, o options) (costs [][]cost, failed []error) {
	costs, failed = make([][]cost, len(field)), make([]error, len(field))
	for round := range o.rounds {
		for k := range field {
			// Nobody is always the first one after the same other.
			i := (round + k) % len(field)
			if failed[i] != nil {
				continue
			}
			one, cancel := context.WithTimeoutCause(ctx, o.heat, fmt.Errorf("not done within %v", o.heat))
			took, err := field[i].heat(one)
			if err != nil && one.Err() != nil {
				err = context.Cause(one)
			}
			cancel()
			if err != nil {
				costs[i], failed[i] = nil, err
				if field[i].role == ours || ctx.Err() != nil {
					return costs, failed
				}
				continue
			}
			costs[i] = append(costs[i], took)
		}
	}
	return costs, failed
}

// rows are the medians of what the entrants took.
func rows(field []entrant, costs [][]cost, failed []error) (list []row) {
	us := costs[slices.IndexFunc(field, func(e entrant) bool { return e.role == ours })]
	for i, e := range field {
		r := row{Name: e.name, Role: e.role}
		if failed[i] != nil {
			r.Failed = failed[i].Error()
			list = append(list, r)
			continue
		}
		r.Wall = median(each(costs[i], wall))
		r.CPU = median(each(costs[i], cpu))
		r.RSS = int64(median(each(costs[i], rss)))
		r.Done = median(each(costs[i], done))
		if e.role != ours {
			r.WallRatio = spreadOf(ratios(each(us, wall), each(costs[i], wall)))
			r.CPURatio = spreadOf(ratios(each(us, cpu), each(costs[i], cpu)))
		}
		list = append(list, r)
	}
	return list
}
