package wire

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"testing"

	"wireline/protocols/fault"
)

// A datagram socket can be answered where there are no abstract names, too
// (RAW-12), and leaves nothing behind.
func TestUnixReturnFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	server, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Net: "unixgram", Name: path})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	name, forget, err := unixReturn("darwin")
	if err != nil {
		t.Fatal(err)
	}
	defer forget()
	if s, err := os.Stat(filepath.Dir(name)); err != nil || s.Mode().Perm() != 0o700 {
		t.Errorf("its directory is %v, %v", s.Mode(), err)
	}
	nd := net.Dialer{LocalAddr: &net.UnixAddr{Net: "unixgram", Name: name}}
	c, err := nd.DialContext(t.Context(), "unixgram", path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.Write([]byte("ping"))
	b := make([]byte, 9)
	n, from, err := server.ReadFromUnix(b)
	if err != nil || string(b[:n]) != "ping" || from.Name != name {
		t.Fatalf("the server has %q from %v, %v", b[:n], from, err)
	}
	server.WriteToUnix([]byte("pong"), from)
	if n, err = c.Read(b); err != nil || string(b[:n]) != "pong" {
		t.Errorf("the answer is %q, %v", b[:n], err)
	}
	forget()
	if _, err := os.Stat(filepath.Dir(name)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory is left: %v", err)
	}
	_, _, err = unixReturn("windows")
	wantFault(t, err, fault.Unsupported, "windows", "stream")
}
