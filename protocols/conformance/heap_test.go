package conformance

import "testing"

// What is kept is seen, and what is only garbage is not, however much of it
// there is. (L01)
func TestWatchHeap(t *testing.T) {
	grown := watchHeap()
	for range 64 {
		spill(4 << 20)
	}
	if n := grown(); n > most {
		t.Errorf("garbage alone let the heap grow by %d MiB", n>>20)
	}
	grown = watchHeap()
	kept := make([][]byte, 0, 64)
	for range 64 {
		kept = append(kept, spill(4<<20))
	}
	if n := grown(); n <= most {
		t.Errorf("%d MiB are kept, and the heap grew by %d", len(kept)*4, n>>20)
	}
}

func spill(n int) []byte {
	b := make([]byte, n)
	b[n-1] = 1
	return b
}
