package ftp_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"wireline/protocols/fault"
)

// A tlsServer is under TLS from the first byte, for one connection.
type tlsServer struct {
	cut   bool   // data connections end as if somebody had cut them, without a word of TLS
	clear bool   // they are not under TLS at all
	prot  string // the answer to PROT; "" is that all is well
	pair  func() tls.Certificate
}

// start gives its address.
func (f *tlsServer) start(t *testing.T) string {
	t.Helper()
	if f.pair == nil {
		pair := someCertificate(t)
		f.pair = func() tls.Certificate { return pair }
	}
	if f.prot == "" {
		f.prot = "200 ok"
	}
	config := func() *tls.Config { return &tls.Config{Certificates: []tls.Certificate{f.pair()}} }
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { ln.Close(); all.Wait() })
	all.Go(func() {
		raw, err := ln.Accept()
		if err != nil {
			return
		}
		defer raw.Close()
		c := tls.Server(raw, config())
		fmt.Fprint(c, "220 ready\r\n")
		replies := map[string]string{"USER": "230 in", "PBSZ": "200 ok", "PROT": f.prot, "TYPE": "200 ok", "PWD": `257 "/"`, "SYST": "215 UNIX", "QUIT": "221 bye"}
		var data net.Listener
		for in := bufio.NewScanner(c); in.Scan(); {
			switch word, _, _ := strings.Cut(in.Text(), " "); word {
			case "EPSV":
				if data, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
					return
				}
				fmt.Fprintf(c, "229 (|||%d|)\r\n", data.Addr().(*net.TCPAddr).Port)
			case "LIST", "RETR":
				fmt.Fprint(c, "150 coming\r\n")
				d, err := data.Accept()
				if err != nil {
					return
				}
				data.Close()
				f.send(d, config())
				io.Copy(io.Discard, d)
				d.Close()
				fmt.Fprint(c, "226 done\r\n")
			default:
				reply, ok := replies[word]
				if !ok {
					reply = "500 what"
				}
				fmt.Fprint(c, reply+"\r\n")
			}
		}
	})
	return ln.Addr().String()
}

func (f *tlsServer) send(d net.Conn, cfg *tls.Config) {
	const line = "-rw-r--r-- 1 a a 5 Jan 01 2020 a\r\n"
	if f.clear {
		io.WriteString(d, line)
	} else {
		s := tls.Server(d, cfg)
		io.WriteString(s, line)
		if !f.cut {
			s.CloseWrite()
		}
	}
	d.(*net.TCPConn).CloseWrite()
}

func someCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(clientCertificate(t))
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// Where no size was told, only TLS says that a data connection has not been cut.
// (T17, F03)
func TestCutUnderTLS(t *testing.T) {
	t.Parallel()
	for _, cut := range []bool{false, true} {
		for _, words := range []string{"ls", "cat a"} {
			c := must(t, "ftps://"+(&tlsServer{cut: cut}).start(t), "-k")
			out, err := c.run(strings.Fields(words)...)
			if cut && fault.Of(err) != fault.Partial || !cut && err != nil || out == "" {
				t.Errorf("%s, cut %v: %q, %v", words, cut, out, err)
			}
			c.sess.Close()
		}
	}
}

// A server that refuses TLS on data connections, or does not have it though it
// has agreed, or has another certificate there, gets nothing and gives nothing.
// (S09)
func TestDataNotUnderTLS(t *testing.T) {
	t.Parallel()
	_, err := connect(t, "ftps://"+(&tlsServer{prot: "536 no", clear: true}).start(t), "-k")
	if fault.Of(err) != fault.TLSRequired || !strings.Contains(err.Error(), "536") {
		t.Errorf("refused: %v", err)
	}
	c := must(t, "ftps://"+(&tlsServer{prot: "536 no", clear: true}).start(t), "-k", "--ftp-clear-data")
	if got := c.ok("ls"); got != "file 5 a\n" || len(c.warns) == 0 {
		t.Errorf("when that is allowed ls gives %q, and it says %q", got, c.warns)
	}
	f := &tlsServer{clear: true}
	c = must(t, "ftps://"+f.start(t), "-k", "--reply-timeout", "5", "--idle-timeout", "5")
	for _, words := range []string{"ls", "cat a"} {
		if got, err := c.run(strings.Fields(words)...); fault.Of(err) != fault.TLSRequired || got != "" {
			t.Errorf("%s in the clear: %q, %v, which is %v", words, got, err, fault.Of(err))
		}
	}
}
