//go:build unix

package transfer

import (
	"os"
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

// D04: what is no file is not replaced by one, whoever may replace files.
func TestStorePipe(t *testing.T) {
	for _, way := range []string{"alone", "batch"} {
		d := &Disk{Dir: t.TempDir(), Overwrite: true}
		if err := syscall.Mkfifo(d.Dir+"/pipe", 0o600); err != nil {
			t.Fatal(err)
		}
		var err error
		if way == "alone" {
			err = d.Store(t.Context(), "pipe", of("text"), files.Storing{Replace: true})
		} else {
			b := d.Batch()
			if serr := b.Store(t.Context(), "pipe", of("text"), files.Storing{Replace: true}, func(e error) { err = e }); serr != nil {
				err = serr
			}
			b.Close()
		}
		fi, serr := os.Lstat(d.Dir + "/pipe")
		if fault.Of(err) != fault.WriteLocal || serr != nil || fi.Mode()&os.ModeNamedPipe == 0 {
			t.Errorf("%s: %v; there is %v, %v", way, err, fi, serr)
		}
	}
}
