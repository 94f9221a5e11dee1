package telnet

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
)

// FuzzSession: a server that says anything, in pieces, and then closes,
// resets or falls silent. Every verb ends, with a result or an error that
// says what. TRUST Q6
func FuzzSession(f *testing.F) {
	for _, s := range []string{
		"'login:' IAC WILL ECHO IAC DO TTYPE IAC SB TTYPE 1 IAC SE",
		"IAC WILL MCCP2 IAC SB MCCP2 IAC SE 120 156 1 2 3 4",
		"IAC DO START_TLS IAC SB START_TLS 1 IAC SE",
		"IAC WILL CHARSET IAC SB CHARSET 1 ';KOI8-R' IAC SE 193 194 13 0",
		"IAC WILL GMCP IAC SB GMCP 'a' 32 '{}' IAC SE IAC SB MSDP 1 'a' 2 5 2 'b' 6 IAC SE",
	} {
		f.Add(iac(f, s), byte(len(s)), byte(0))
	}
	f.Fuzz(func(t *testing.T, in []byte, piece, end byte) {
		l := listen(t)
		peer := peerAt(0, l.Addr().String())
		peer.Options.TLS = "auto"
		peer.Limits.Handshake = 200 * time.Millisecond
		s, err := try(t, peer, verb.Env{}, "--compress", "--binary", "--telnet-env", "A=b", "--negotiate")
		if err != nil {
			t.Fatal(err)
		}
		p := accept(t, l)
		done := make(chan bool)
		go func() {
			defer close(done)
			for rest := in; len(rest) > 0; {
				n := min(len(rest), 1+int(piece))
				if _, err := p.Write(rest[:n]); err != nil {
					break
				}
				rest = rest[n:]
			}
			switch end % 3 {
			case 0:
				p.CloseWrite()
				io.Copy(io.Discard, p)
			case 1:
				p.SetLinger(0)
				p.Close()
			}
		}()
		for _, words := range [][]string{{"recv", "--nowait"}, {"do", "echo", "-t", "0.02"}, {"send", "x\r\xff"}, {"send-cmd", "ayt"}, {"recv", "--until", "zz", "-t", "0.02"}} {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			took := lab.Stopwatch(t)
			_, err := run(ctx, s, verb.Env{}, words...)
			cancel()
			var told *fault.Error
			if err != nil && !errors.As(err, &told) {
				t.Errorf("%v: %v, which is no error for people", words, err)
			}
			if d := took(); d > 6*time.Second {
				t.Errorf("%v took %v", words, d)
			}
		}
		s.Close()
		p.Close()
		<-done
	})
}

// The engine alone, over text with line ends. SPEED 24
func BenchmarkEngine(b *testing.B) {
	text := make([]byte, 0, 256<<10)
	for len(text) < 256<<10-80 {
		text = append(text, "The quick brown fox jumps over the lazy dog, and 0123456789 follow it.\r\n"...)
	}
	e := tester()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		e.feed(text)
	}
}

// A session against the same connection without telnet. SPEED 24
func BenchmarkReceive(b *testing.B) {
	for _, how := range []string{"telnet", "raw"} {
		b.Run(how, func(b *testing.B) {
			const whole = 1 << 30
			b.SetBytes(whole)
			for b.Loop() {
				s, p := pipe(b)
				go func() {
					text := make([]byte, 0, 256<<10)
					for len(text) < cap(text) {
						text = append(text, "The quick brown fox jumps over the lazy dog 0123456789 and so on.\r\n"[:min(67, cap(text)-len(text))]...)
					}
					for range whole / len(text) {
						p.Write(text)
					}
					p.CloseWrite()
				}()
				var n int64
				if how == "telnet" {
					blob := must(b, s, "recv", "--all").(*verb.Blob)
					n, _ = io.Copy(sink{}, blob)
				} else {
					n, _ = io.CopyBuffer(sink{}, struct{ io.Reader }{s.conn}, make([]byte, 256<<10))
				}
				if n != whole {
					b.Fatal(n)
				}
				s.Close()
				p.Close()
			}
		})
	}
}

type sink struct{}

func (sink) Write(p []byte) (int, error) { return len(p), nil }
