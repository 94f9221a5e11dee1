package socket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// RAW-18: what send puts on the wire, byte for byte.
func TestSend(t *testing.T) {
	s, c := pipe(t)
	file := filepath.Join(t.TempDir(), "f")
	os.WriteFile(file, []byte("from a file"), 0o600)
	for _, tt := range []struct{ line, want string }{
		{"send HELLO\r\n", "HELLO\r\n"},
		{"send two words", "two words"},
		{`send a\nb`, `a\nb`}, // the shell's quotes have read escapes already
		{"send --hex 02 45 31 38 03 0d 0a", "\x02E18\x03\r\n"},
		{"send --hex 0x02,0x45", "\x02E"},
		{"send --base64 aGVsbG8=", "hello"},
		{"send x --eol crlf", "x\r\n"},
		{"send x --eol lf", "x\n"},
		{"send --raw a\\r\\n", `a\r\n`},
		{"send --file " + file, "from a file"},
		{"put " + file, "from a file"},
		{"put " + file + " --no-hash", "from a file"},
		{"raw NOOP", "NOOP\r\n"},
		{"send --once part", "part"},
	} {
		env := verb.Env{Open: openFile}
		if _, err := runIn(t.Context(), s, env, strings.Split(tt.line, " ")...); err != nil {
			t.Fatalf("%s: %v", tt.line, err)
		}
		got := make([]byte, len(tt.want))
		if _, err := io.ReadFull(c, got); err != nil || string(got) != tt.want {
			t.Fatalf("%s: %q (%v), want %q", tt.line, got, err, tt.want)
		}
	}
	s.Close()
	if rest, _ := io.ReadAll(c); len(rest) > 0 {
		t.Errorf("more came than was sent: %q", rest)
	}
}

func openFile(name string) (verb.Input, error) {
	f, err := os.Open(name)
	return verb.Input{Name: filepath.Base(name), Size: -1, ReadCloser: f}, err
}

// I10: on the command line of the process, escapes are read by the verb, but
// never with --raw.
func TestSendEscapes(t *testing.T) {
	s, c := pipe(t)
	env := verb.Env{Unescape: func(s string) ([]byte, error) {
		return []byte(strings.NewReplacer(`\r`, "\r", `\n`, "\n").Replace(s)), nil
	}}
	for _, tt := range []struct{ words, want string }{
		{`send A\r\n`, "A\r\n"},
		{`send --raw A\r\n`, `A\r\n`},
	} {
		if _, err := runIn(t.Context(), s, env, strings.Split(tt.words, " ")...); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(tt.want))
		if io.ReadFull(c, got); string(got) != tt.want {
			t.Errorf("%s: %q, want %q", tt.words, got, tt.want)
		}
	}
}

func TestSendRefuses(t *testing.T) {
	s, c := pipe(t)
	for _, line := range []string{"send", "send --hex 0z", "send --base64 !", "send --raw a b", "send --hex --base64 00"} {
		_, err := run(t.Context(), s, strings.Split(line, " ")...)
		if k := fault.Of(err); k != fault.Usage && k != fault.BadArgument {
			t.Errorf("%s: %v, want a usage error", line, err)
		}
	}
	s.Close()
	if got, _ := io.ReadAll(c); len(got) > 0 {
		t.Errorf("sent %q", got)
	}
}

// RAW-19: recv returns what was asked for; the remainder waits for the next.
// recv --all is a Blob, so that its length does not matter.
// RAW-06, T03: a limit that runs out names itself, and what came stays.
// T01: the peer closes before what was awaited came.
// T02: a reset is told from a close.
// T13: an interrupt ends the wait at once, not the session, and loses nothing.
func TestInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := bubble(t)
		go io.WriteString(c, "half")
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		start := time.Now()
		if _, err := run(ctx, s, "recv", "--until", "\n"); fault.Of(err) != fault.Interrupt {
			t.Fatalf("%v", err)
		}
		if d := time.Since(start); d != time.Minute {
			t.Errorf("ended after %v", d)
		}
		go io.WriteString(c, " whole\n")
		wantRecv(t, s, "half whole\n", "recv", "--until", "\n")
		go run(t.Context(), s, "send", "still here")
		got := make([]byte, 10)
		if io.ReadFull(c, got); string(got) != "still here" {
			t.Errorf("%q", got)
		}
	})
}

// A peer that does not read cannot hold us for ever.
func TestSendTimeout(t *testing.T) {
	s, _ := pipe(t)
	file := filepath.Join(t.TempDir(), "big")
	os.WriteFile(file, make([]byte, 64<<20), 0o600)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := runIn(ctx, s, verb.Env{Open: openFile}, "put", file)
	if fault.Of(err) != fault.Timeout {
		t.Errorf("%v", err)
	}
}

// L01: an endless line is refused at a bounded cost.
// RAW-21, T08: half-close in both directions.
func TestHalfClose(t *testing.T) {
	s, c := pipe(t)
	must(t, s, "send", "question")
	must(t, s, "shutdown", "write")
	got, err := io.ReadAll(c)
	if err != nil || string(got) != "question" {
		t.Fatalf("%q %v", got, err)
	}
	io.WriteString(c, "answer")
	wantRecv(t, s, "answer", "recv", "6", "--exact")

	s, c = pipe(t)
	io.WriteString(c, "bye")
	c.CloseWrite()
	wantRecv(t, s, "bye", "recv")
	if _, err := run(t.Context(), s, "recv"); err == nil {
		t.Error("recv after the peer's end: no error")
	}
	must(t, s, "send", "after your end")
	must(t, s, "shutdown", "write")
	if got, _ := io.ReadAll(c); string(got) != "after your end" {
		t.Errorf("%q", got)
	}
}

// GRAMMAR 5: send with what to receive afterwards.
func TestSendAndReceive(t *testing.T) {
	s, c := pipe(t)
	go func() {
		p := make([]byte, 100)
		for {
			n, err := c.Read(p)
			if err != nil {
				return
			}
			c.Write(append([]byte("you said "), p[:n]...))
		}
	}()
	r := must(t, s, "send", "A\n", "--recv-until", "\n").(*Received)
	if r.Text != "you said A\n" || r.Sent != 2 || r.Bytes != 11 {
		t.Errorf("%+v", r)
	}
	wantRecv(t, s, "79 6f\n", "send", "B\r\n", "--recv", "2", "--hex")
	wantRecv(t, s, "u said B\r\n", "recv", "--idle", "0.1")
	c.Close()
}

// RAW-24: expect takes up to the match; a failure quotes the last 200 bytes.
// RAW-26: size and hash are told, and a rate holds.
func TestPutRate(t *testing.T) {
	data := bytes.Repeat([]byte("rate"), 10<<10) // 40 KiB
	sum := sha256.Sum256(data)
	file := filepath.Join(t.TempDir(), "f")
	os.WriteFile(file, data, 0o600)
	synctest.Test(t, func(t *testing.T) {
		s, c := bubble(t)
		go io.Copy(io.Discard, c)
		start := time.Now()
		res, err := runIn(t.Context(), s, verb.Env{Open: openFile}, "put", file, "--rate", "100k")
		if err != nil {
			t.Fatal(err)
		}
		if sent := res.(*Sent); sent.Bytes != int64(len(data)) || sent.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%+v", sent)
		}
		if d := time.Since(start); d < 360*time.Millisecond || d > 440*time.Millisecond {
			t.Errorf("40 KiB at 100 KiB/s took %v", d)
		}
	})
}

// What comes at the prompt is told once, kept, and held back beyond a bound.
// RAW-32: info counts.
func TestInfo(t *testing.T) {
	s, c := pipe(t)
	io.WriteString(c, "abc")
	wantRecv(t, s, "abc", "peek", "-t", "1")
	i := s.(protocols.Informer).Info().(Info)
	if i.Waiting != 3 || i.Peer != c.LocalAddr().String() || i.Local != c.RemoteAddr().String() {
		t.Errorf("%+v", i)
	}
	if i.In != 3 || i.Out != 0 {
		t.Errorf("%d in, %d out", i.In, i.Out)
	}
	must(t, s, "send", "hello")
	if i := s.(protocols.Informer).Info().(Info); i.In != 3 || i.Out != 5 {
		t.Errorf("after sending: %d in, %d out", i.In, i.Out)
	}
}

func TestErrorsAreOneLine(t *testing.T) {
	_, err := tryOpen(t, peer(t, "tcp", "127.0.0.1:1"), "tcp", "connect")
	if fault.Of(err) != fault.Connect || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "dial tcp") {
		t.Errorf("RAW-01: %v (%v)", err, fault.Of(err))
	}
	if errors.Is(err, io.EOF) {
		t.Error("EOF")
	}
}
