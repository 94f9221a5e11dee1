package wire

import (
	"context"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A briefConn is a TCP connection that is likely to be at its end before
// anybody has had to wait for it, such as the one on which an FTP server sends
// a small file. The runtime, which would wake us, hears of it only when
// somebody waits: that saves most of what such a connection costs here.
type briefConn struct {
	local, remote *net.TCPAddr

	mu   sync.Mutex   // held while fd is used
	fd   int          // -1: closed
	file *os.File     // has fd once somebody has to wait
	due  [2]time.Time // deadlines of reading and writing, until then
}

// connectBrief connects to an address.
func connectBrief(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	c := &briefConn{remote: net.TCPAddrFromAddrPort(to), fd: -1}
	if err := c.connect(ctx, to); err != nil {
		c.Close()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: c.remote, Err: err}
	}
	return c, nil
}

func (c *briefConn) connect(ctx context.Context, to netip.AddrPort) (err error) {
	family := unix.AF_INET
	if to.Addr().Is6() {
		family = unix.AF_INET6
	}
	if c.fd, err = unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0); err != nil {
		return os.NewSyscallError("socket", err)
	}
	_ = unix.SetsockoptInt(c.fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) // as package net does
	err = connectNow(c.fd, to)
	if err == unix.EINPROGRESS {
		// The second call tells what has become of it. Within a machine it is
		// through by now.
		err = connectNow(c.fd, to)
	}
	if err == unix.EALREADY {
		err = c.await(ctx, to)
	}
	if err != nil {
		return os.NewSyscallError("connect", err)
	}
	return c.named()
}

// await waits until the peer has answered.
func (c *briefConn) await(ctx context.Context, to netip.AddrPort) (err error) {
	defer context.AfterFunc(ctx, func() { c.SetDeadline(past) })()
	werr := briefRaw{c}.Write(func(fd uintptr) bool {
		err = connectNow(int(fd), to)
		return err != unix.EALREADY
	})
	if werr != nil {
		return werr
	}
	return err
}

// named finds out our own address.
func (c *briefConn) named() error {
	name, err := syscall.Getsockname(c.fd) // that of unix asks for the protocol, too
	switch a := name.(type) {
	case *syscall.SockaddrInet4:
		c.local = &net.TCPAddr{IP: a.Addr[:], Port: a.Port}
	case *syscall.SockaddrInet6:
		c.local = &net.TCPAddr{IP: a.Addr[:], Port: a.Port}
	}
	if err == nil && c.local.Port == c.remote.Port && c.local.IP.Equal(c.remote.IP) {
		err = unix.ECONNREFUSED // nobody listens there, and TCP has connected us to ourselves
	}
	return err
}

// waiting is c for those who have to wait.
func (c *briefConn) waiting() (*os.File, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd < 0 {
		return nil, net.ErrClosed
	}
	if c.file == nil {
		c.file = os.NewFile(uintptr(c.fd), "tcp")
		c.file.SetReadDeadline(c.due[in])
		c.file.SetWriteDeadline(c.due[out])
	}
	return c.file, nil
}

func (c *briefConn) Read(p []byte) (n int, err error) {
	if n, err = c.readNow(p); err != unix.EAGAIN {
		return n, err
	}
	f, err := c.waiting()
	if err != nil {
		return 0, err
	}
	return f.Read(p)
}

// readNow reads what is there already. If somebody has to wait, it is EAGAIN.
func (c *briefConn) readNow(p []byte) (n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch due := c.due[in]; {
	case c.fd < 0 || c.file != nil:
		return 0, unix.EAGAIN
	case !due.IsZero() && !time.Now().Before(due):
		return 0, os.ErrDeadlineExceeded
	}
	if n, err = readNow(c.fd, p); n == 0 && err == nil && len(p) > 0 {
		err = io.EOF
	}
	return max(n, 0), err
}

func (c *briefConn) Write(p []byte) (int, error) {
	f, err := c.waiting()
	if err != nil {
		return 0, err
	}
	return f.Write(p)
}

func (c *briefConn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd < 0 {
		return net.ErrClosed
	}
	fd := c.fd
	c.fd = -1
	if c.file != nil {
		return c.file.Close()
	}
	return closeNow(fd)
}

func (c *briefConn) CloseWrite() error { return c.shutdown(unix.SHUT_WR) }
func (c *briefConn) CloseRead() error  { return c.shutdown(unix.SHUT_RD) }

func (c *briefConn) shutdown(how int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd < 0 {
		return net.ErrClosed
	}
	return unix.Shutdown(c.fd, how)
}

func (c *briefConn) LocalAddr() net.Addr  { return c.local }
func (c *briefConn) RemoteAddr() net.Addr { return c.remote }

func (c *briefConn) SetDeadline(t time.Time) error {
	c.SetReadDeadline(t)
	return c.SetWriteDeadline(t)
}

func (c *briefConn) SetReadDeadline(t time.Time) error {
	return c.setDeadline(in, t, (*os.File).SetReadDeadline)
}

func (c *briefConn) SetWriteDeadline(t time.Time) error {
	return c.setDeadline(out, t, (*os.File).SetWriteDeadline)
}

func (c *briefConn) setDeadline(dir int, t time.Time, set func(*os.File, time.Time) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.file != nil {
		return set(c.file, t)
	}
	c.due[dir] = t
	return nil
}

// SyscallConn is the way to the socket itself.
func (c *briefConn) SyscallConn() (syscall.RawConn, error) { return briefRaw{c}, nil }

// A briefRaw is the socket of a briefConn.
type briefRaw struct{ c *briefConn }

func (r briefRaw) Control(f func(fd uintptr)) error {
	r.c.mu.Lock()
	defer r.c.mu.Unlock()
	if r.c.fd < 0 {
		return net.ErrClosed
	}
	f(uintptr(r.c.fd))
	return nil
}

func (r briefRaw) Read(f func(fd uintptr) bool) error  { return r.wait(f, syscall.RawConn.Read) }
func (r briefRaw) Write(f func(fd uintptr) bool) error { return r.wait(f, syscall.RawConn.Write) }

func (r briefRaw) wait(f func(fd uintptr) bool, on func(syscall.RawConn, func(uintptr) bool) error) error {
	file, err := r.c.waiting()
	if err != nil {
		return err
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	return on(raw, f)
}
