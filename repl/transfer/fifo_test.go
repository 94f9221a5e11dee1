//go:build unix

package transfer

import (
	"syscall"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
)

// D04: what is no file is not read, and not waited for.
func TestFetchPipe(t *testing.T) {
	d := &Disk{Dir: t.TempDir()}
	if err := syscall.Mkfifo(d.Dir+"/pipe", 0o600); err != nil {
		t.Fatal(err)
	}
	got := make(chan error, 1)
	go func() {
		_, err := d.Fetch(t.Context(), files.At{Path: "pipe"}, 0)
		got <- err
	}()
	select {
	case err := <-got:
		if fault.Of(err) != fault.ReadLocal {
			t.Errorf("%v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it waits for somebody to write")
	}
}
