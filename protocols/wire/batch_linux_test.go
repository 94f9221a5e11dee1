package wire

import "testing"

// How many datagrams the kernel can cut out of one send.
func TestRun(t *testing.T) {
	sizes := func(ns ...int) (ps [][]byte) {
		for _, n := range ns {
			ps = append(ps, make([]byte, n))
		}
		return ps
	}
	for _, x := range []struct {
		ps   [][]byte
		want int
	}{{sizes(5), 1}, {sizes(5, 5, 5), 3}, {sizes(5, 5, 3, 5), 3}, {sizes(5, 6), 1}, {sizes(0, 0), 1}, {sizes(5, 0), 1}, {sizes(40000, 40000), 1}} {
		if got := run(x.ps); got != x.want {
			t.Errorf("%d sizes: %d, want %d", len(x.ps), got, x.want)
		}
	}
}
