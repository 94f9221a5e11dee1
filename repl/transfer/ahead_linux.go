package transfer

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// ahead has the system begin to write f to the disk while more of it comes,
// so that the sync at the end has little left to wait for. It is called with
// what is expected: for a short file it does nothing.
func ahead(f *os.File, from, size int64) (stop func()) {
	const worth = 32 << 20
	if size >= 0 && size-from < worth {
		return func() {}
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(20 * time.Millisecond)
		defer t.Stop()
		for at := from; ; {
			select {
			case <-quit:
				return
			case <-t.C:
			}
			if fi, err := f.Stat(); err == nil && fi.Size()-at >= worth/4 {
				_ = unix.SyncFileRange(int(f.Fd()), at, fi.Size()-at, unix.SYNC_FILE_RANGE_WRITE)
				at = fi.Size()
			}
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}
