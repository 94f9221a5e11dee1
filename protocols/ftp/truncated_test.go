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

// tlsServer is a server under TLS from the first byte. Its data connections
// end with the word of TLS, or as if somebody had cut them.
func tlsServer(t *testing.T, cut bool) string {
	t.Helper()
	cert, key := clientCertificate(t)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	cfg := &tls.Config{Certificates: []tls.Certificate{pair}}
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
		c := tls.Server(raw, cfg)
		fmt.Fprint(c, "220 ready\r\n")
		replies := map[string]string{"USER": "230 in", "PBSZ": "200 ok", "PROT": "200 ok", "TYPE": "200 ok", "PWD": `257 "/"`, "SYST": "215 UNIX", "QUIT": "221 bye"}
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
				s := tls.Server(d, cfg)
				io.WriteString(s, "-rw-r--r-- 1 a a 5 Jan 01 2020 a\r\n")
				if !cut {
					s.CloseWrite()
				}
				d.(*net.TCPConn).CloseWrite()
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

// Where no size was told, only TLS says that a data connection has not been cut.
// (T17, F03)
func TestCutUnderTLS(t *testing.T) {
	t.Parallel()
	for _, cut := range []bool{false, true} {
		for _, words := range []string{"ls", "cat a"} {
			c := must(t, "ftps://"+tlsServer(t, cut), "-k")
			out, err := c.run(strings.Fields(words)...)
			if cut && fault.Of(err) != fault.Partial || !cut && err != nil || out == "" {
				t.Errorf("%s, cut %v: %q, %v", words, cut, out, err)
			}
			c.sess.Close()
		}
	}
}
