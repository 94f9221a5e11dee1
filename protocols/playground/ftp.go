package playground

import (
	"crypto/tls"
	"errors"
	"net"
	"path"
	"sync"

	ftpserver "github.com/fclairamb/ftpserverlib"
)

// serveFTP serves the world's files: User may change them, everybody may read.
func serveFTP(w *World, l net.Listener) {
	f := &ftpWorld{w: w, dirs: map[string]bool{"/": true}}
	f.l = ftpControls{l, f}
	s := ftpserver.NewFtpServer(f)
	if s.Listen() == nil {
		// It ends when the listener does.
		_ = s.Serve()
	}
}

// An ftpWorld is the world as the library sees it.
type ftpWorld struct {
	w *World
	l net.Listener

	mu   sync.Mutex
	dirs map[string]bool // that were made, and may have nothing in them
}

func (f *ftpWorld) GetSettings() (*ftpserver.Settings, error) {
	return &ftpserver.Settings{
		Listener: f.l, PublicHost: loopback, Banner: "wireline playground", EnableHASH: true,
		ActiveTransferPortNon20: true, ConnectionTimeout: 10,
	}, nil
}

func (f *ftpWorld) ClientConnected(ftpserver.ClientContext) (string, error) {
	return "wireline playground", nil
}

func (f *ftpWorld) ClientDisconnected(ftpserver.ClientContext) {}

func (f *ftpWorld) AuthUser(_ ftpserver.ClientContext, user, password string) (ftpserver.ClientDriver, error) {
	want, known := f.w.users[user]
	switch {
	case known && password == want:
		return &ftpFiles{f, true}, nil
	case user == "anonymous" || user == "ftp":
		return &ftpFiles{f, false}, nil
	}
	return nil, errors.New("no such user, or another password")
}

func (f *ftpWorld) GetTLSConfig() (*tls.Config, error) { return f.w.identity.config(nil), nil }

// WrapPassiveListener has data connections end with the world.
func (f *ftpWorld) WrapPassiveListener(l net.Listener) (net.Listener, error) {
	f.w.own(l)
	return ftpData{l, f.w}, nil
}

// dataLink is what a Fault calls the data connections of FTP.
const dataLink = "ftp-data"

type ftpData struct {
	net.Listener
	w *World
}

func (d ftpData) Accept() (net.Conn, error) {
	c, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return d.w.wrapData(c), nil
}

// wrapData is wrap for a data connection.
func (w *World) wrapData(c net.Conn) *conn {
	wrapped := &conn{Conn: c, w: w, closed: make(chan struct{}), faults: w.faults(server{proto: dataLink}), both: true}
	w.own(cutter{wrapped})
	wrapped.writing.Lock()
	defer wrapped.writing.Unlock()
	wrapped.suffer()
	return wrapped
}

func (d ftpData) Close() error {
	d.w.disown(d.Listener)
	return d.Listener.Close()
}

// key is the name of a file in the world's tree.
func key(name string) string { return path.Clean("/" + name)[1:] }

// isDir reports whether name is a directory: there is something below it, or
// it was made.
func (f *ftpWorld) isDir(name string) bool {
	k := key(name)
	f.mu.Lock()
	made := f.dirs["/"+k]
	f.mu.Unlock()
	return made || len(f.w.files.list(k+"/")) > 0
}

func (f *ftpWorld) setDir(name string, made bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if made {
		f.dirs["/"+key(name)] = true
	} else {
		delete(f.dirs, "/"+key(name))
	}
}

// below are the names in a directory, directories with a slash.
func (f *ftpWorld) below(name string) []string {
	dir := key(name)
	if dir != "" {
		dir += "/"
	}
	names := f.w.files.list(dir)
	seen := map[string]bool{}
	for _, n := range names {
		seen[n] = true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for d := range f.dirs {
		if d != "/" && path.Dir(d) == path.Clean("/"+dir) && !seen[path.Base(d)+"/"] {
			names = append(names, path.Base(d)+"/")
		}
	}
	return names
}
