package imap

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// fragments are what responses are made of.
var fragments = []string{
	"* ", "1 ", "2 ", "4294967295 ", "FETCH (", "UID 5 ", "FLAGS (\\Seen) ", "RFC822.SIZE 3 ", "BODY[] {3}\r\nabc", "BODY[] NIL", "BINARY[1] ~{2}\r\nab",
	"{", "}", "\r\n", ")\r\n", "(", ")", "NIL ", "\"q\\\"\" ", "ENVELOPE (", "BODYSTRUCTURE ", "SEARCH ", "ESEARCH (TAG \"X1\") UID ALL ", "1:4294967295",
	",", "OK [", "]", "VANISHED ", "LIST () \"/\" ", "{5}\r\n", "{0}\r\n", "{99999999999}\r\n", "{-1}\r\n", "a", " ", "+ ", "TAG OK ", "TAG NO ", "TAG BAD ",
	"STATUS x (MESSAGES 3)", "THREAD ", "\x00", "\xff", "EXISTS", "EXPUNGE", "BYE ", "UIDVALIDITY 7", "COPYUID 7 1 2", "&AOk-", "=?utf-8?q?=FC?=", "CAPABILITY IMAP4rev1 ESEARCH CONDSTORE ", "TAG OK done\r\n", "* 3 EXISTS\r\n",
}

// structured makes a conversation of bytes: each stands for a fragment, a large
// one for how often the next comes.
func structured(data []byte) string {
	const most = 1 << 20
	var b strings.Builder
	times := 1
	for _, c := range data {
		if c >= 200 {
			times = (int(c) - 199) * (int(c) - 199) * 25
			continue
		}
		f := fragments[int(c)%len(fragments)]
		for range times {
			if b.Len()+len(f) > most {
				break
			}
			b.WriteString(f)
		}
		times = 1
	}
	return b.String()
}

// Q6, L04 to L07: however often something is repeated, it ends soon.
func FuzzStructured(f *testing.F) {
	f.Add([]byte{0, 1, 4, 5, 6, 8, 14}, true)
	f.Add([]byte{0, 1, 4, 20, 255, 15}, false)
	f.Add([]byte{0, 22, 255, 23, 24, 13}, false)
	f.Add([]byte{0, 1, 4, 19, 255, 18, 14}, false)
	f.Fuzz(func(t *testing.T, data []byte, stream bool) {
		took := lab.Stopwatch(t)
		readAll(structured(data), stream)
		if d := took(); d > 5*time.Second {
			t.Errorf("took %v", d)
		}
	})
}

// Q6: a session with a server that says anything ends each verb with a result
// or an error of ours, and is over or in order after it.
func FuzzSession(f *testing.F) {
	f.Add([]byte{51, 51, 51, 51})
	f.Add([]byte{0, 1, 4, 5, 6, 8, 14, 51, 0, 21, 1, 13, 51})
	f.Add([]byte{52, 0, 25, 46, 26, 13, 51, 0, 1, 4, 5, 6, 7, 19, 16, 14, 51})
	f.Add([]byte{0, 45, 13, 51})
	f.Fuzz(func(t *testing.T, data []byte) {
		ours, theirs := net.Pipe()
		defer theirs.Close()
		go speak(theirs, structured(data))
		d := &wire.Dialer{Limits: wire.Limits{Reply: 100 * time.Millisecond, Idle: 100 * time.Millisecond, Goodbye: 50 * time.Millisecond}, Grace: 10 * time.Millisecond}
		s := &Session{wire: d, l: newLink(d, d.Own(ours)), loggedIn: true, caps: capabilities{"IMAP4rev1", "ESEARCH", "UIDPLUS"}}
		s.peer.Target = wire.Target{URL: &url.URL{Scheme: "imap", Host: "h"}}
		s.l.seen, s.l.ends = s.track, s.trackStatus
		defer s.hangUp()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		defer d.Bind(ctx)()
		for i, do := range fuzzed {
			err := do(s, ctx)
			if f := (*fault.Error)(nil); err != nil && !errors.As(err, &f) {
				t.Errorf("verb %d: %T: %v", i, err, err)
			}
		}
		if ctx.Err() != nil {
			t.Error("it took 10 seconds")
		}
	})
}

// speak answers each line with what comes up to the next tagged response, and
// hangs up when there is nothing left.
func speak(c net.Conn, text string) {
	defer c.Close()
	lines := make(chan string, 1000) // what a socket would hold while we speak
	go func() {
		defer close(lines)
		for in := bufio.NewReader(c); ; {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			select {
			case lines <- line:
			default:
			}
		}
	}()
	for line := range lines {
		if text == "" {
			return
		}
		tag, _, _ := strings.Cut(line, " ")
		say := text
		if i := strings.Index(text, "TAG "); i >= 0 {
			if end := strings.IndexByte(text[i:], '\n'); end >= 0 {
				say = text[:i+end+1]
			}
		}
		text = text[len(say):]
		if _, err := io.WriteString(c, strings.ReplaceAll(say, "TAG", strings.TrimSpace(tag))); err != nil {
			return
		}
	}
}

// fuzzed is a walk through a session.
var fuzzed = []func(*Session, context.Context) error{
	func(s *Session, ctx context.Context) error { return s.enter(ctx, "INBOX", false) },
	func(s *Session, ctx context.Context) error { return drain(s.Ls(ctx, LsArgs{})) },
	func(s *Session, ctx context.Context) error { return drain(s.Search(ctx, SearchArgs{})) },
	func(s *Session, ctx context.Context) error {
		return drain(s.Cat(ctx, CatArgs{CatArgs: mail.CatArgs{Message: "5"}}))
	},
	func(s *Session, ctx context.Context) error {
		return drain(s.Get(ctx, GetArgs{Words: []string{"1:9"}}))
	},
	func(s *Session, ctx context.Context) error {
		return drain(s.Parts(ctx, OneArgs{MessageArgs: mail.MessageArgs{Message: "5"}}))
	},
	func(s *Session, ctx context.Context) error { return drain(s.List(ctx, LsubArgs{Long: true})) },
	func(s *Session, ctx context.Context) error {
		return drain(s.Flag(ctx, FlagArgs{Words: []string{"5", `+\Seen`}}))
	},
	func(s *Session, ctx context.Context) error {
		return drain(s.Mv(ctx, MvArgs{Words: []string{"5", "A"}}))
	},
	func(s *Session, ctx context.Context) error { return drain(s.Ls(ctx, LsArgs{Thread: true})) },
	func(s *Session, ctx context.Context) error { return s.Keep(ctx) },
}

// drain reads a result to its end.
func drain[R any](res R, err error) error {
	if err != nil {
		return err
	}
	switch r := any(res).(type) {
	case *verb.Blob:
		_, err := io.Copy(io.Discard, r)
		if late := r.Close(); err == nil {
			err = late
		}
		return err
	case Rows:
		for _, err := range r {
			if err != nil {
				return err
			}
		}
	case verb.Stream[Folder]:
		for _, err := range r {
			if err != nil {
				return err
			}
		}
	}
	return nil
}
