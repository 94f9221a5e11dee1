package playground

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
)

func faults(t *testing.T, texts ...string) (all []Fault) {
	t.Helper()
	for _, text := range texts {
		var f Fault
		if err := f.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(text, f.Server+":") || f.String() != text {
			t.Errorf("%s was read as %s", text, f)
		}
		all = append(all, f)
	}
	return all
}

// Whoever waits behind a fault waits for good.
const silence = 200 * time.Millisecond

func TestFaults(t *testing.T) {
	const message = "one\r\ntwo\r\nthree\r\n"
	for _, c := range []struct {
		fault, network, address string
		want                    string // what arrives
		end                     error  // and then
	}{
		{"tcp:fin@7", "tcp", "echo:12345", message[:7], io.EOF},
		{"echo:fin@0", "tcp", "echo:12345", "", io.EOF},
		{"12345:rst@7", "tcp", "echo:12345", message[:7], syscall.ECONNRESET},
		{"echo:12345:stall@7", "tcp", "echo:12345", message[:7], os.ErrDeadlineExceeded},
		{"tutorial:stall@24", "tcp", "tutorial:12346", "Thank you for connecting", os.ErrDeadlineExceeded},
		{"tutorial:stall@0", "tcp", "tutorial:12346", "", os.ErrDeadlineExceeded},
		{"tutorial:fin@1024", "tcp", "tutorial:12346", "Thank you for connecting", io.EOF},
		{"tutorial:fin@9", "tcp", "echo:12345", message, os.ErrDeadlineExceeded}, // another server
		{"unix:fin@7", "unix", "/run/app.sock", message[:7], io.EOF},
	} {
		t.Run(strings.NewReplacer(":", " ").Replace(c.fault+" "+c.address), func(t *testing.T) {
			w := start(t, Options{Faults: faults(t, c.fault)})
			conn := dial(t, w, c.network, c.address)
			if strings.HasPrefix(c.address, "echo") || c.network == "unix" {
				if _, err := io.WriteString(conn, message); err != nil {
					t.Fatal(err)
				}
			}
			got := make([]byte, len(c.want))
			if _, err := io.ReadFull(conn, got); err != nil || string(got) != c.want {
				t.Errorf("%q came, %v; want %q", got, err, c.want)
			}
			if c.end == os.ErrDeadlineExceeded {
				conn.SetReadDeadline(time.Now().Add(silence))
			}
			if n, err := conn.Read(make([]byte, 1)); n != 0 || !errors.Is(err, c.end) {
				t.Errorf("then %d bytes, %v; want %v", n, err, c.end)
			}
		})
	}
}

// Noise keeps the line ends, and can be followed by another fault.
func TestGarbage(t *testing.T) {
	w := start(t, Options{Faults: faults(t, "echo:fin@15", "echo:garbage@5")})
	conn := dial(t, w, "tcp", "echo:12345")
	io.WriteString(conn, "one\r\ntwo\r\nthree\r\n")
	got, err := io.ReadAll(conn)
	if err != nil || len(got) != 15 || !bytes.HasPrefix(got, []byte("one\r\n")) {
		t.Fatalf("%q, %v", got, err)
	}
	if got[8] != '\r' || got[9] != '\n' {
		t.Errorf("the line ends are gone: %q", got)
	}
	if bytes.Contains(got, []byte("two")) || bytes.ContainsFunc(got[5:8], func(r rune) bool { return r < 0x80 }) {
		t.Errorf("no noise: %q", got)
	}
}

// A fault of a TLS server strikes below TLS.
func TestFaultUnderTLS(t *testing.T) {
	w := start(t, Options{Faults: faults(t, "https:garbage@20")})
	conn := tls.Client(dial(t, w, "tcp", "www:8443"), &tls.Config{InsecureSkipVerify: true})
	if err := conn.Handshake(); err == nil {
		t.Error("the handshake succeeded")
	}
	if conn := dial(t, w, "tcp", "www:8080"); conn != nil {
		say(t, conn, "GET /bytes/26 HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n")
	}
}

// A server that was silenced while it writes ends with its client, and with
// its world: TestMain looks for what it leaves behind.
func TestStallEnds(t *testing.T) {
	w := start(t, Options{Faults: faults(t, "http:stall@100")})
	for range 3 {
		c := dial(t, w, "tcp", "www:8080")
		io.WriteString(c, "GET /bytes/100000 HTTP/1.1\r\nHost: www\r\n\r\n")
		if _, err := io.ReadFull(c, make([]byte, 100)); err != nil {
			t.Fatal(err)
		}
	}
	c := dial(t, w, "tcp", "www:8080")
	io.WriteString(c, "GET /bytes/100000 HTTP/1.1\r\nHost: www\r\n\r\n")
	io.ReadFull(c, make([]byte, 100))
	c.Close()
	ended := func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		n := 0
		for x := range w.open {
			if _, ok := x.(cutter); ok {
				n++
			}
		}
		return n == 3
	}
	for late := time.Now().Add(time.Minute); !ended(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("the server of a client that has gone goes on")
		}
	}
	took := lab.Stopwatch(t)
	if err := w.Close(); err != nil || took() > 3*time.Second {
		t.Errorf("closing took %v, %v", took(), err)
	}
}

func TestBandwidth(t *testing.T) {
	w := start(t, Options{Bandwidth: 64 << 10})
	c := dial(t, w, "tcp", "www:8080")
	began := time.Now()
	io.WriteString(c, "GET /bytes/32768 HTTP/1.0\r\n\r\n")
	got, err := io.ReadAll(c)
	if took := time.Since(began); err != nil || len(got) < 32768 || took < 400*time.Millisecond || took > 5*time.Second {
		t.Errorf("%d bytes in %v, %v", len(got), took, err)
	}
}

func TestLoss(t *testing.T) {
	ask := func(w *World, times int) (answers int) {
		c := dial(t, w, "udp", "127.0.0.1:4000")
		for range times {
			if _, err := c.Write([]byte("hi")); err != nil {
				t.Fatal(err)
			}
		}
		for {
			c.SetReadDeadline(time.Now().Add(silence))
			if _, err := c.Read(make([]byte, 9)); err != nil {
				return answers
			}
			answers++
		}
	}
	if n := ask(start(t, Options{Loss: 1}), 20); n != 0 {
		t.Errorf("all is lost, and %d came back", n)
	}
	if n := ask(start(t, Options{Loss: 0.5, Latency: time.Millisecond}), 100); n < 10 || n > 90 {
		t.Errorf("half is lost, and %d of 100 came back", n)
	}
}

func TestDatagramLatency(t *testing.T) {
	w := start(t, Options{Latency: 80 * time.Millisecond})
	c := dial(t, w, "udp", "127.0.0.1:4000")
	began := time.Now()
	say(t, c, "hi", "hi")
	if took := time.Since(began); took < 80*time.Millisecond {
		t.Errorf("the answer took %v", took)
	}
}

// Bad input starts nothing and says what is wrong with it.
func TestBadOptions(t *testing.T) {
	base := lab.Row(t, 4)
	inTheWay, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", base+3))
	if err != nil {
		t.Fatal(err)
	}
	defer inTheWay.Close()
	v := verb.Verb{Name: "playground", Run: verb.Call(func(t *testing.T, ctx context.Context, o Options) (any, error) {
		w, err := Start(ctx, o)
		if err == nil {
			err = w.Close()
		}
		return nil, err
	})}
	for _, c := range []struct {
		words      string
		kind       *fault.Kind
		want, hint string
	}{
		{"--fault imap", fault.Usage, `"imap" is no fault such as imap:stall@120`, ""},
		{"--fault imap:stall", fault.Usage, `is no fault such as`, ""},
		{"--fault @12", fault.Usage, `is no fault such as`, ""},
		{"--fault imap:stal@12", fault.Usage, `"stal" is not one of fin, rst, stall, garbage`, ""},
		{"--fault imap:stall@x", fault.Usage, `"x" is not a size`, ""},
		{"--fault tutoral:stall@1", fault.Usage, "did you mean tutorial?", "named by its protocol"},
		{"--fault udp:fin@1", fault.Usage, "datagrams", "--loss"},
		{"--latency soon", fault.Usage, `"soon" is not a time span`, ""},
		{"--latency -1", fault.Usage, "not a time span", ""},
		{"--loss 10", fault.Usage, `"10" is not a share such as 10% or 0.1`, ""},
		{"--loss NaN", fault.Usage, "is not a share", ""},
		{"--bandwidth fast", fault.Usage, `"fast" is not a size`, ""},
		{"--port-base x", fault.Usage, `"x" is not a whole number`, ""},
		{"--port-base 65530", fault.Usage, "in a row", ""},
		{"--port-base -1", fault.Usage, "in a row", ""},
		{fmt.Sprint("--port-base ", base), fault.Connect, fmt.Sprintf("the port is in use (127.0.0.1:%d)", base+3), "another --port-base"},
	} {
		inv, err := v.Parse(verb.Env{}, strings.Fields(c.words))
		if err == nil {
			_, err = inv.Do(t.Context(), t)
		}
		if err == nil || fault.Of(err) != c.kind || !strings.Contains(err.Error(), c.want) || !strings.Contains(fault.Hint(err), c.hint) {
			t.Errorf("%s: %v (%q)", c.words, err, fault.Hint(err))
		}
	}
	if l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", base)); err != nil {
		t.Error("a port is still taken:", err)
	} else {
		l.Close()
	}
}
