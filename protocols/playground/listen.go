package playground

import (
	"crypto/tls"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"wireline/protocols/fault"
)

// A running server knows where it listens.
type running struct {
	server
	addr string // host:port or the path of a socket
}

// start listens for s and serves it in the background.
func (w *World) start(s server) error {
	if s.network == "" {
		s.network = "tcp"
	}
	var err error
	for _, addr := range w.candidates(s) {
		if err = w.listen(s, addr); err == nil {
			return nil
		}
	}
	return w.cannotListen(s, err)
}

// cannotListen is the error of a server that found no place.
func (w *World) cannotListen(s server, err error) error {
	at, why, hint := s.what(), "cannot listen", ""
	var op *net.OpError
	if errors.As(err, &op) && op.Addr != nil {
		at = op.Addr.String()
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		why, hint = "the port is in use", "choose another --port-base; without it the servers take ports that are free"
	case errors.Is(err, fs.ErrPermission):
		why, hint = "not permitted", "ports below 1024 are for the administrator"
	case op != nil:
		why = op.Err.Error()
	}
	return &fault.Error{Kind: fault.Connect, Text: "no place for " + s.proto + " " + s.what() + ": " + why, At: at, Hint: hint, Err: err}
}

// candidates are the addresses to try for s, best first.
func (w *World) candidates(s server) []string {
	if s.unix() {
		if strings.HasPrefix(s.port, "@") {
			return []string{"@" + filepath.Base(w.dir) + s.port}
		}
		file := filepath.Base(s.port)
		if s.network != "unix" {
			file = strings.TrimSuffix(file, ".sock") + "." + s.network
		}
		return []string{filepath.Join(w.dir, file)}
	}
	if w.opts.PortBase > 0 {
		port := w.opts.PortBase
		for _, r := range w.running {
			if !r.unix() {
				port++
			}
		}
		return []string{net.JoinHostPort(loopback, strconv.Itoa(port))}
	}
	return []string{net.JoinHostPort(loopback, s.port), net.JoinHostPort(loopback, "0")}
}

const loopback = "127.0.0.1"

func (w *World) listen(s server, addr string) error {
	if s.answer != nil {
		pc, err := net.ListenPacket(s.network, addr)
		if err != nil {
			return err
		}
		w.running = append(w.running, running{s, pc.LocalAddr().String()})
		pc = w.wrapPackets(s, pc)
		w.run(func() { w.packets(s, pc) })
		return nil
	}
	l, err := net.Listen(s.network, addr)
	if err != nil {
		return err
	}
	w.running = append(w.running, running{s, l.Addr().String()})
	w.own(l)
	l = tap{l, w, s}
	if s.tls != nil {
		l = tls.NewListener(l, w.identity.config(s.tls))
	}
	w.run(func() {
		if s.serve != nil {
			s.serve(w, l)
		} else {
			w.accept(s, l)
		}
	})
	return nil
}

func (w *World) accept(s server, l net.Listener) {
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // such as too many open files
			time.Sleep(10 * time.Millisecond)
			continue
		}
		w.run(func() {
			s.each(w, c)
			_ = c.Close()
		})
	}
}

// unix reports whether the server is found by a path.
func (s server) unix() bool { return strings.HasPrefix(s.network, "unix") }

// what names the server in the log.
func (s server) what() string {
	if len(s.names) == 0 {
		return s.network + " " + s.port
	}
	return s.names[0] + ":" + s.port
}

// url is where r is found without help from Map.
func (r running) url() string {
	u := url.URL{Scheme: r.scheme, Host: r.addr}
	if u.Scheme == "" {
		u.Scheme = r.proto
	}
	if r.unix() {
		// An abstract name is no path, so a URL of it has no host part.
		if u.Scheme = r.network; strings.HasPrefix(r.addr, "@") {
			return u.Scheme + ":" + r.addr
		}
		u.Host, u.Path = "", r.addr
	}
	if r.serve != nil {
		u.Path = "/"
	}
	return u.String()
}
