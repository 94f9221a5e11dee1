package wire

import (
	"io"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// mapSize is how much of a file is mapped at once, and so counts as memory of
// ours while it is sent.
const mapSize = 4 << 20

// sendMapped sends most of a file from where it lies in the page cache, which
// saves the copy that a read makes: of all ways it costs least on a loopback
// device. It stops, without an error, where little is left, or where the file
// cannot be mapped or has become shorter: who reads on is told why.
func (c *Conn) sendMapped(raw syscall.RawConn, goes *flow, f *os.File) (total int64, err error) {
	page := int64(os.Getpagesize())
	for c.d.tracer() == nil {
		at, err := f.Seek(0, io.SeekCurrent)
		if err != nil {
			return total, nil
		}
		s, err := f.Stat()
		if err != nil || s.Size()-at < manyBytes {
			return total, nil
		}
		base := at / page * page
		m, err := unix.Mmap(fdOf(f), base, int(min(mapSize, s.Size()-base)), unix.PROT_READ, unix.MAP_SHARED|unix.MAP_POPULATE)
		if err != nil {
			return total, nil
		}
		n, err := c.sendAll(raw, goes, m[at-base:])
		unix.Munmap(m)
		total += n
		if _, serr := f.Seek(at+n, io.SeekStart); serr != nil && err == nil {
			err = serr
		}
		if err == unix.EFAULT {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// sendAll writes all of p.
func (c *Conn) sendAll(raw syscall.RawConn, goes *flow, p []byte) (total int64, err error) {
	for len(p) > 0 {
		n, err := c.write(raw, goes, func(fd int) (int, error) { return writeNow(fd, p) })
		total += int64(n)
		if err != nil {
			return total, err
		}
		p = p[n:]
	}
	return total, nil
}
