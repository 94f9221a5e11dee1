package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	for _, x := range []struct {
		list []float64
		want float64
	}{{nil, 0}, {[]float64{4}, 4}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 3, 100}, 3.5}} {
		was := slices.Clone(x.list)
		if got := median(x.list); got != x.want {
			t.Errorf("the median of %v is %v", x.list, got)
		}
		if !slices.Equal(was, x.list) {
			t.Errorf("%v became %v", was, x.list)
		}
	}
}

// A ratio is of one round: a slow minute hits both.
func TestRatios(t *testing.T) {
	got := ratios([]float64{1, 10, 3, 7}, []float64{2, 20, 0})
	if !slices.Equal(got, []float64{0.5, 0.5}) {
		t.Errorf("%v", got)
	}
	if s := spreadOf([]float64{3, 1, 2}); *s != (spread{2, 1, 3}) {
		t.Errorf("%v", s)
	}
	if spreadOf(nil) != nil {
		t.Error("a spread of nothing")
	}
}

// Who did half of the work would have needed twice the time for all of it.
func TestCPU(t *testing.T) {
	if got := cpu(cost{cpu: time.Second, done: 0.5}); got != 2 {
		t.Errorf("%v", got)
	}
}

func TestRepeat(t *testing.T) {
	n := 0
	heat := repeat(4, func(context.Context) (cost, error) {
		n++
		return cost{wall: time.Duration(n) * time.Second, cpu: 2 * time.Second, rss: int64(10 - n)}, nil
	})
	c, err := heat(t.Context())
	if want := (cost{wall: 2500 * time.Millisecond, cpu: 2 * time.Second, rss: 9, done: 1}); err != nil || c != want {
		t.Errorf("%+v, %v", c, err)
	}
	sick := errors.New("sick")
	if _, err := repeat(2, func(context.Context) (cost, error) { return cost{}, sick })(t.Context()); err != sick {
		t.Errorf("%v", err)
	}
}

func TestGoal(t *testing.T) {
	list := []row{
		{Name: "us", Role: ours, Wall: 0.02, CPU: 1, RSS: 40 << 20, Done: 0.9},
		{Name: "loop", Role: bound, WallRatio: &spread{Median: 3}, CPURatio: &spread{Median: 3}},
		{Name: "quick", Role: peer, WallRatio: &spread{Median: 1.25}, CPURatio: &spread{Median: 0.5}},
		{Name: "frugal", Role: peer, WallRatio: &spread{Median: 0.5}, CPURatio: &spread{Median: 0.75}},
		{Name: "sick", Role: peer, Failed: "it broke"},
	}
	check := func(g goal, want ...outcome) {
		t.Helper()
		got := g.judge(list)
		for i := range got {
			got[i].text = ""
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v\n want %+v", got, want)
		}
	}
	memory := outcome{Goal: "rss ≤ 32 MiB", Got: 40 << 20}
	check(goal{}, memory)
	check(goal{wall: 1, cpu: 0.8}, outcome{Goal: "wall ≤ 1.00 × quick", Got: 1.25}, outcome{Goal: "cpu ≤ 0.80 × frugal", Got: 0.75, Met: true}, memory)
	check(goal{against: "frugal", wall: 0.5}, outcome{Goal: "wall ≤ 0.50 × frugal", Got: 0.5, Met: true}, memory)
	check(goal{against: "absent", wall: 0.5}, memory)
	check(goal{time: 30 * time.Millisecond, done: 0.95}, outcome{Goal: "wall ≤ 30ms", Got: 0.02, Met: true}, outcome{Goal: "done ≥ 95 %", Got: 0.9}, memory)
}

func TestText(t *testing.T) {
	for got, want := range map[string]string{
		sizeText(100): "100 bytes", sizeText(1536): "1.5 KiB", sizeText(1 << 30): "1 GiB", sizeText(5 << 40): "5.12e+03 GiB",
		timeText(0.00425): "4.25 ms", timeText(1.5): "1.5 s",
	} {
		if got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
}
