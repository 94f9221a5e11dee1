package main

import (
	"fmt"
	"time"
)

// An outcome tells whether one part of a goal was reached.
type outcome struct {
	Goal string  `json:"goal"`
	Got  float64 `json:"got"`
	Met  bool    `json:"met"`
	text string
}

// judge compares ours with the goal.
func (g goal) judge(list []row) (out []outcome) {
	var us row
	for _, r := range list {
		if r.Role == ours {
			us = r
		}
	}
	ratio := func(what string, most float64, of func(row) *spread) {
		if most == 0 {
			return
		}
		if name, got := g.best(list, of); name != "" {
			out = append(out, outcome{fmt.Sprintf("%s ≤ %.2f × %s", what, most, name), got, got <= most, fmt.Sprintf("%.2f", got)})
		}
	}
	ratio("wall", g.wall, func(r row) *spread { return r.WallRatio })
	ratio("cpu", g.cpu, func(r row) *spread { return r.CPURatio })
	if g.time > 0 {
		out = append(out, outcome{fmt.Sprintf("wall ≤ %v", g.time), us.Wall, us.Wall <= g.time.Seconds(), timeText(us.Wall)})
	}
	if g.done > 0 {
		out = append(out, outcome{fmt.Sprintf("done ≥ %.0f %%", 100*g.done), us.Done, us.Done >= g.done, fmt.Sprintf("%.1f %%", 100*us.Done)})
	}
	if us.RSS > 0 {
		out = append(out, outcome{"rss ≤ " + sizeText(mostRSS), float64(us.RSS), us.RSS <= mostRSS, sizeText(us.RSS)})
	}
	return out
}

// best is the peer that counts: the one the goal names, or that which ours
// does worst against.
func (g goal) best(list []row, of func(row) *spread) (name string, got float64) {
	for _, r := range list {
		s := of(r)
		if r.Role != peer || s == nil || g.against != "" && r.Name != g.against {
			continue
		}
		if name == "" || s.Median > got {
			name, got = r.Name, s.Median
		}
	}
	return name, got
}

// timeText is s seconds as people write it.
func timeText(s float64) string {
	if d := time.Duration(s * float64(time.Second)); d < time.Second {
		return fmt.Sprintf("%.3g ms", s*1000)
	}
	return fmt.Sprintf("%.3g s", s)
}
