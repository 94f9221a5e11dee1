package ftp_test

import (
	"context"
	"os"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/lab"
)

// A file goes from server to server, unless that cannot be; then it is an
// error by which cp knows to go another way, and both sessions live. (FTP-20, ftplib's ftpcp)
func TestServerToServer(t *testing.T) {
	t.Parallel()
	text := string(noise(2 << 20))
	trust := []string{lab.ProFTPDTLS, "TLSOptions NoSessionReuseRequired", `TLSCACertificateFile {{.Cert}}`}
	refuses := []string{"<Limit PORT EPRT>\nDenyAll\n</Limit>"}
	off := []string{"--tls", "off"}
	for _, c := range []struct {
		name       string
		from, to   dress
		impossible bool
	}{
		{name: "plain", from: dress{flags: off}, to: dress{flags: off}},
		{name: "without EPSV", from: dress{flags: off}, to: dresses()[9]},
		// ProFTPD 1.3.8 dies of a double free when it is the client in TLS.
		{name: "tls, the server dies", from: dress{directives: trust}, to: dress{directives: trust}, impossible: true},
		{name: "tls, reuse demanded", from: dresses()[2], to: dresses()[2], impossible: true},
		{name: "one under tls", from: dress{flags: off}, to: dresses()[5], impossible: true},
		{name: "PORT refused", from: dress{flags: off, directives: refuses}, to: dress{flags: off}, impossible: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, from, flags := c.from.start(t, map[string]string{"a": text, "d/b": ""})
			r, to, more := c.to.start(t, map[string]string{"a": "what was there before"})
			src, dst := must(t, from, flags...), must(t, to, more...)
			src.ok("touch", "a", "--time", "2020-02-02T02:02:02Z")
			before := dst.counts()
			err := src.send(t.Context(), dst, "a", "a")
			if c.impossible {
				if fault.Of(err) != fault.Unsupported {
					t.Errorf("%v is a %v", err, fault.Of(err))
				}
			} else {
				got, _ := os.ReadFile(r.Path("home/a"))
				if err != nil || string(got) != text {
					t.Errorf("%v; %d bytes of %d are there", err, len(got), len(text))
				}
				if fi, err := os.Stat(r.Path("home/a")); err != nil || fi.ModTime().Unix() != 1580608922 && c.to.name != dresses()[9].name {
					t.Errorf("the time is not kept: %v %v", fi, err)
				}
				if moved := dst.counts() - before; moved > 64<<10 {
					t.Errorf("%d bytes came by here", moved)
				}
				if err := src.send(t.Context(), dst, "nosuch", "x"); fault.Of(err) != fault.NotFound {
					t.Errorf("no such file: %v", err)
				}
			}
			if got := src.ok("ls", "d"); got != "file 0 b\n" {
				t.Errorf("after that, ls gives %q", got)
			}
			dst.ok("ls")
			if err := src.put("still", []byte("here")); err != nil {
				t.Error(err)
			}
		})
	}
}

// ^C ends a transfer from server to server, and both sessions live. (FTP-21)
func TestServerToServerInterrupted(t *testing.T) {
	t.Parallel()
	d := dress{flags: []string{"--tls", "off"}, directives: []string{"TransferRate RETR 100"}}
	_, from, flags := d.start(t, map[string]string{"a": string(noise(2 << 20))})
	src := must(t, from, flags...)
	_, to, flags := dress{flags: d.flags}.start(t, nil)
	dst := must(t, to, flags...)
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(300*time.Millisecond, func() { cancel(fault.Interrupt) })
	within(t, 8*time.Second, func() {
		if err := src.send(ctx, dst, "a", "a"); fault.Of(err) != fault.Interrupt {
			t.Errorf("%v", err)
		}
	})
	src.ok("ls")
	dst.ok("pwd")
}

func (c *client) send(ctx context.Context, to *client, a, b string) error {
	defer c.wire.Bind(ctx)()
	defer to.wire.Bind(ctx)()
	return c.sess.(files.Sender).Send(ctx, a, to.sess.(files.Tree), b)
}

func (c *client) counts() int64 {
	in, out := c.wire.Counts()
	return in + out
}
