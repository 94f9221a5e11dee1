package wire

import (
	"bytes"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// A pipe is widened, and what is none is left alone.
func TestWiden(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	for _, x := range []interface{ Write([]byte) (int, error) }{&bytes.Buffer{}, os.Stderr, w} {
		Widen(x)
	}
	if n, err := unix.FcntlInt(w.Fd(), unix.F_GETPIPE_SZ, 0); err != nil || n < spliceSize {
		t.Errorf("it holds %d bytes, %v", n, err)
	}
}
