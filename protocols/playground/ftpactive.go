package playground

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The library connects to an FTP client by itself, and lets nobody come
// between. So that these data connections may be slow and faulty too, what
// names them is changed on its way to the library, to lead through us. That
// needs to be read, so TLS begins here and not in the library.

// ftpControls is a listener whose connections are ftpControls.
type ftpControls struct {
	net.Listener
	f *ftpWorld
}

func (l ftpControls) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &ftpControl{Conn: c, f: l.f, text: c, in: bufio.NewReader(c)}, nil
}

// An ftpControl is a control connection.
type ftpControl struct {
	net.Conn
	f    *ftpWorld
	in   *bufio.Reader
	line []byte // of a command, for the library

	mu   sync.Mutex // of what follows
	text net.Conn   // Conn, or TLS on it once the client has asked for that
	next *detour    // of the next data connection
	open *detour    // of the one that is in use
}

// A detour is the way of one data connection.
type detour struct {
	net.Listener
	sent chan struct{} // closed when the library has said all there
	err  error         // and this went wrong
}

func (c *ftpControl) Read(p []byte) (int, error) {
	for len(c.line) == 0 {
		line, err := c.in.ReadSlice('\n')
		if len(line) == 0 || err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF) {
			return 0, err
		}
		if c.line, err = c.command(line); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.line)
	c.line = c.line[n:]
	return n, nil
}

func (c *ftpControl) Write(p []byte) (int, error) {
	switch {
	case bytes.HasPrefix(p, []byte("150 ")):
		c.begin()
	case bytes.HasPrefix(p, []byte("226 ")):
		if err := c.end(); err != nil {
			_, err := io.WriteString(c.plain(), "426 "+err.Error()+"\r\n")
			return len(p), err
		}
	}
	return c.plain().Write(p)
}

func (c *ftpControl) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open, c.next = c.next, nil
}

// end waits until all is at the client that the library has sent.
func (c *ftpControl) end() error {
	c.mu.Lock()
	open := c.open
	c.open = nil
	c.mu.Unlock()
	if open == nil {
		return nil
	}
	<-open.sent
	return open.err
}

func (c *ftpControl) plain() net.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text
}

func (c *ftpControl) Close() error {
	c.lead(nil)
	return c.plain().Close()
}

// lead makes way the one of the next data connection, and closes one that was
// never gone.
func (c *ftpControl) lead(way *detour) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next != nil {
		_ = c.next.Close()
	}
	c.next = way
}

// command is what the library is to read for a line: nothing where we have
// answered.
func (c *ftpControl) command(line []byte) ([]byte, error) {
	name, arg, _ := strings.Cut(strings.TrimRight(string(line), "\r\n"), " ")
	switch strings.ToUpper(name) {
	case "AUTH":
		return nil, c.startTLS()
	case "PORT":
		if to, ok := portAddr(arg); ok {
			return c.detour(line, to)
		}
	case "EPRT":
		if to, ok := eprtAddr(arg); ok {
			return c.detour(line, to)
		}
	}
	return line, nil
}

func (c *ftpControl) startTLS() error {
	if _, begun := c.plain().(*tls.Conn); begun {
		_, err := io.WriteString(c, "503 TLS has begun already\r\n")
		return err
	}
	config, err := c.f.GetTLSConfig()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(c, "234 AUTH command ok. Expecting TLS Negotiation.\r\n"); err != nil {
		return err
	}
	if c.in.Buffered() > 0 {
		return errors.New("a command was sent behind AUTH and before TLS")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text = tls.Server(c.Conn, config)
	c.in.Reset(c.text)
	return nil
}

// portAddr reads the address of PORT (RFC 959).
func portAddr(arg string) (a netip.AddrPort, ok bool) {
	n := strings.Split(arg, ",")
	if len(n) != 6 {
		return a, false
	}
	ip, err := netip.ParseAddr(strings.Join(n[:4], "."))
	high, err1 := strconv.ParseUint(n[4], 10, 8)
	low, err2 := strconv.ParseUint(n[5], 10, 8)
	return netip.AddrPortFrom(ip, uint16(high<<8|low)), errors.Join(err, err1, err2) == nil
}

// eprtAddr reads the address of EPRT (RFC 2428).
func eprtAddr(arg string) (a netip.AddrPort, ok bool) {
	n := strings.Split(arg, "|")
	if len(n) != 5 {
		return a, false
	}
	ip, err := netip.ParseAddr(n[2])
	port, err1 := strconv.ParseUint(n[3], 10, 16)
	return netip.AddrPortFrom(ip, uint16(port)), errors.Join(err, err1) == nil
}

// detour has the library connect to us, who connect to the client. Addresses
// other than the client's own are for the library to refuse.
func (c *ftpControl) detour(line []byte, to netip.AddrPort) ([]byte, error) {
	from, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil || from.Addr() != to.Addr() {
		return line, nil
	}
	l, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		return nil, err
	}
	way, w := &detour{Listener: l, sent: make(chan struct{})}, c.f.w
	c.lead(way)
	w.own(way)
	w.run(func() {
		defer w.disown(way)
		defer way.Close()
		inner, err := way.Accept()
		if err != nil {
			return
		}
		w.own(inner)
		defer w.disown(inner)
		w.relay(way, inner.(*net.TCPConn), to)
	})
	port := way.Addr().(*net.TCPAddr).Port
	if bytes.HasPrefix(bytes.ToUpper(line), []byte("PORT")) {
		return fmt.Appendf(nil, "PORT 127,0,0,1,%d,%d\r\n", port>>8, port&255), nil
	}
	return fmt.Appendf(nil, "EPRT |1|%s|%d|\r\n", loopback, port), nil
}

// relay joins the library with the client, until either has said all.
func (w *World) relay(way *detour, inner *net.TCPConn, to netip.AddrPort) {
	out, err := net.DialTimeout("tcp", to.String(), 10*time.Second)
	if err != nil {
		way.err = err
		close(way.sent)
		cut(inner)
		return
	}
	outer := w.wrapData(out)
	defer outer.Close()
	go func() {
		defer close(way.sent)
		// The library resets the connection when it has said all and a client
		// under TLS still says goodbye. So only what could not be written counts.
		to := &failing{w: outer}
		if _, _ = io.Copy(to, inner); to.err != nil {
			way.err = to.err
			cut(inner)
			return
		}
		_ = outer.CloseWrite()
	}()
	if _, err := io.Copy(struct{ io.Writer }{inner}, struct{ io.Reader }{outer}); err != nil && !errors.Is(err, syscall.EPIPE) {
		cut(inner) // else a file would be taken for whole
	} else {
		_ = inner.CloseWrite()
	}
	<-way.sent
	_ = inner.Close()
}

// failing keeps why it could not be written to w.
type failing struct {
	w   io.Writer
	err error
}

func (f *failing) Write(p []byte) (n int, err error) {
	n, f.err = f.w.Write(p)
	return n, f.err
}

// cut resets a connection.
func cut(c *net.TCPConn) {
	_ = c.SetLinger(0)
	_ = c.Close()
}
