package gopher

import (
	"fmt"
	"testing"
)

// What one menu names does not grow without bound: --most ends the mirror all
// the same.
func TestMirrorQueue(t *testing.T) {
	start := Item{Type: '1', Host: "h", Port: 70}
	m := &mirror{MirrorArgs: MirrorArgs{Most: 10, Depth: 3}, start: start, plan: newLayout("d", "/")}
	for i := range 1000 {
		m.wanted(stop{Item: start, path: "d/gophermap"}, Item{Type: '0', Selector: fmt.Sprint("f", i), Host: "h", Port: 70})
	}
	if n := len(m.queue); n <= m.Most || n > 2*m.Most {
		t.Errorf("%d items wait, where %d are to be fetched", n, m.Most)
	}
}
