package wire

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"wireline/protocols/fault"
)

const longestUnixPath = 107 // of sockaddr_un, with its NUL

func checkUnixPath(path string) error {
	switch {
	case path == "":
		return fault.New(fault.BadArgument, "a path is missing")
	case len(path) > longestUnixPath:
		return fault.New(fault.BadArgument, "the path of a unix socket may have %d bytes, this has %d", longestUnixPath, len(path)).WithHint("change to the directory and use a relative path")
	case strings.ContainsRune(path, 0):
		return fault.New(fault.BadArgument, "the path of a unix socket may not contain NUL")
	case path[0] == '@' && runtime.GOOS != "linux":
		return fault.New(fault.Unsupported, "only linux has abstract unix sockets")
	}
	return nil
}

// openUnix connects to a unix socket. A datagram socket gets an address of
// its own, for there would be no reply otherwise.
func (d *Dialer) openUnix(ctx context.Context, network, path string) (*Conn, error) {
	if err := checkUnixPath(path); err != nil {
		return nil, err
	}
	if err := d.allowedUnix(); err != nil {
		return nil, err
	}
	if d.Map != nil {
		if to := d.Map(network, path); to != "" {
			path = to
		}
	}
	ctx, stop := d.limited(ctx, d.InForce().Connect)
	defer stop()
	var nd net.Dialer
	forget := func() {}
	if network == "unixgram" {
		name, done, err := unixReturn(runtime.GOOS)
		if err != nil {
			return nil, err
		}
		nd.LocalAddr, forget = &net.UnixAddr{Net: network, Name: name}, done
	}
	start := time.Now()
	c, err := nd.DialContext(ctx, network, path)
	d.phase(func(t *Timing) { t.Connect += time.Since(start) })
	if err != nil {
		forget()
		return nil, d.unixFault(ctx, err, network, path)
	}
	if d.Under != nil {
		c = d.Under(c)
	}
	w := d.own(&Conn{sock: &sock{Conn: c}, network: network, host: path, onClose: forget})
	d.note(w.id, "dial", network+" "+path)
	return w, nil
}

// unixReturn is an address at which a datagram socket can be answered: an
// abstract one where the system has them, elsewhere a file in a directory
// that only we may enter, which forget removes.
func unixReturn(system string) (name string, forget func(), err error) {
	switch system {
	case "linux":
		return "@wireline-" + rand.Text()[:8], func() {}, nil
	case "windows":
		return "", nil, fault.New(fault.Unsupported, "windows has no datagram sockets of the unix kind").WithHint("stream sockets work")
	}
	dir, err := os.MkdirTemp("", "wireline-")
	if err != nil {
		return "", nil, &fault.Error{Kind: fault.WriteLocal, Phase: "file", At: os.TempDir(), Err: err, Text: plain(err, err.Error()), Hint: "a datagram socket needs a file of its own to be answered at"}
	}
	forget = func() { os.RemoveAll(dir) }
	name = filepath.Join(dir, "socket")
	if err := checkUnixPath(name); err != nil {
		forget()
		return "", nil, err
	}
	return name, forget, nil
}

func (d *Dialer) unixFault(ctx context.Context, err error, network, path string) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errLimit) {
		return ended(cause, path, "connect")
	}
	f := &fault.Error{At: path, Phase: "connect", Kind: fault.Connect, Err: err, Text: plain(err, err.Error())}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, errLimit):
		f.Kind, f.Hint = fault.Timeout, "the limit is --connect-timeout"
	case errors.Is(err, fs.ErrNotExist):
		f.Text = "there is no such socket"
	case refused(err):
		f.Text = "connection refused: nobody listens on this socket"
	case errors.Is(err, syscall.EPROTOTYPE):
		f.Text = "the socket is of another type than " + network
		f.Hint = "there are stream sockets, --dgram and --seqpacket"
	}
	return f
}

// A socketFile is a unix socket's name in the file system that we have made.
type socketFile struct {
	path string
	made fs.FileInfo
}

// prepareUnix makes way for a socket at path: what a process of ours has left
// behind and nobody answers at is removed, anything else is refused.
func prepareUnix(network, path string) error {
	if err := checkUnixPath(path); err != nil || path[0] == '@' {
		return err
	}
	s, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	taken := func(text string) error {
		return &fault.Error{Kind: fault.WriteLocal, Phase: "file", At: path, Err: err, Text: text}
	}
	switch {
	case err != nil:
		return taken(plain(err, err.Error()))
	case s.Mode().Type() != fs.ModeSocket:
		return taken("it exists and is not a socket")
	case !ours(s):
		return taken("it is the socket of another user")
	}
	c, err := net.DialTimeout(network, path, time.Second)
	if err == nil {
		c.Close()
	}
	if err == nil || !refused(err) {
		return taken("the socket is in use")
	}
	if now, lerr := os.Lstat(path); lerr != nil || !os.SameFile(s, now) {
		return taken("the socket has just been changed by another process")
	}
	if err = os.Remove(path); err != nil {
		return taken(plain(err, err.Error()))
	}
	return nil
}

// claim remembers the file of a socket that has just been bound, and makes it
// ours alone where that was not so from the beginning.
func claim(path string) socketFile {
	if path == "" || path[0] == '@' {
		return socketFile{}
	}
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	s, err := os.Lstat(path)
	if err != nil {
		return socketFile{}
	}
	if s.Mode().Perm() != 0o600 {
		os.Chmod(path, 0o600)
	}
	return socketFile{path, s}
}

// remove removes the file if it is still the one that we have made.
func (f socketFile) remove() {
	if f.path == "" {
		return
	}
	if now, err := os.Lstat(f.path); err == nil && os.SameFile(f.made, now) {
		os.Remove(f.path)
	}
}
