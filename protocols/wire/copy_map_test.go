package wire

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
)

// What is sent from a file begins where the file stands, ends where the file
// does by then, and leaves it there.
func TestSendFromTheMiddle(t *testing.T) {
	b := append(someBytes(t), someBytes(t)...)
	for _, at := range []int64{0, 1, 4095, 4096, 12345, int64(len(b)) - manyAtLeast, int64(len(b)) - 1, int64(len(b))} {
		results := make(chan []byte, 1)
		d := &Dialer{}
		c := dial(t, d, serve(t, func(c net.Conn) { all, _ := io.ReadAll(c); results <- all }))
		f, err := os.Create(filepath.Join(t.TempDir(), "f"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		f.Write(b)
		f.Seek(at, io.SeekStart)
		n, err := c.ReadFrom(f)
		if err != nil || n != int64(len(b))-at {
			t.Errorf("from %d: %d, %v", at, n, err)
		}
		c.CloseWrite()
		if got := <-results; !bytes.Equal(got, b[at:]) {
			t.Errorf("from %d: %d other bytes came", at, len(got))
		}
		if end, _ := f.Seek(0, io.SeekCurrent); end != int64(len(b)) {
			t.Errorf("from %d: the file stands at %d", at, end)
		}
		if _, out := d.Counts(); out != int64(len(b))-at {
			t.Errorf("from %d: %d are counted", at, out)
		}
	}
}

const manyAtLeast = 512 << 10

// A file that becomes shorter while it is sent ends there, and neither
// ends the program nor hangs it.
func TestSendTruncated(t *testing.T) {
	b := append(someBytes(t), someBytes(t)...)
	shorter, results := make(chan struct{}), make(chan int, 1)
	c := dial(t, &Dialer{}, serve(t, func(c net.Conn) {
		first := make([]byte, 64<<10)
		n, _ := io.ReadFull(c, first)
		<-shorter
		rest, _ := io.Copy(io.Discard, c)
		results <- n + int(rest)
	}))
	f, err := os.Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.Write(b)
	f.Seek(0, io.SeekStart)
	done := make(chan int64, 1)
	go func() {
		n, err := c.ReadFrom(f)
		if err != nil {
			t.Error(err)
		}
		c.CloseWrite()
		done <- n
	}()
	if err := os.Truncate(f.Name(), 1000); err != nil {
		t.Fatal(err)
	}
	close(shorter)
	if sent, came := <-done, <-results; sent != int64(came) {
		t.Errorf("%d were sent and %d came", sent, came)
	}
}
