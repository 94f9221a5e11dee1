package main

import (
	"fmt"
	"slices"
)

// median is the middle of a list, or the mean of its two middle ones; 0 of
// none.
func median(list []float64) float64 {
	s := slices.Sorted(slices.Values(list))
	switch n := len(s); {
	case n == 0:
		return 0
	case n%2 == 1:
		return s[n/2]
	default:
		return (s[n/2-1] + s[n/2]) / 2
	}
}

// ratios are the quotients of two lists, round by round. A round in which b
// is nothing is left out.
func ratios(a, b []float64) (r []float64) {
	for i := range min(len(a), len(b)) {
		if b[i] > 0 {
			r = append(r, a[i]/b[i])
		}
	}
	return r
}

// A spread is a median with the least and the most that it is the median of.
type spread struct {
	Median float64 `json:"median"`
	Least  float64 `json:"least"`
	Most   float64 `json:"most"`
}

func spreadOf(list []float64) *spread {
	if len(list) == 0 {
		return nil
	}
	return &spread{median(list), slices.Min(list), slices.Max(list)}
}

// wall, cpu and the others are what of a list of costs is compared.
func wall(c cost) float64 { return c.wall.Seconds() }
func rss(c cost) float64  { return float64(c.rss) }
func done(c cost) float64 { return c.done }

// cpu is the processor time that all of the work would have taken.
func cpu(c cost) float64 {
	if c.done == 0 {
		return c.cpu.Seconds()
	}
	return c.cpu.Seconds() / c.done
}

func each(costs []cost, f func(cost) float64) (list []float64) {
	for _, c := range costs {
		list = append(list, f(c))
	}
	return list
}

// sizeText is n in the largest unit that suits.
func sizeText(n int64) string {
	f, unit := float64(n), 0
	for f >= 1024 && unit < 3 {
		f, unit = f/1024, unit+1
	}
	return fmt.Sprintf("%.3g %s", f, []string{"bytes", "KiB", "MiB", "GiB"}[unit])
}
