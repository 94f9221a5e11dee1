package repl

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"sync"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/transcript"
)

type ServeArgs struct {
	File string `arg:"file" help:"a recording" complete:"local"`
	Port int    `flag:"port" help:"where to listen, on this machine only; one that is free if left out"`
	Once bool   `flag:"once" help:"serve each conversation once, and fail if a client said something else"`
	wire.ListenOptions
}

// Served is what became of a conversation, or where the server is.
type Served struct {
	Conversation int    `json:"conversation"` // as the recording numbers it; 0: none yet
	Same         bool   `json:"same"`         // the client said what it says in the recording
	Text         string `json:"text"`
}

func (s Served) String() string { return s.Text }

// Serve is the server of a recording: to each client it says what the server
// said, whenever the client has said as much as the client of then. The
// conversations are served in turn, from the first again after the last.
func (sh *Shell) Serve(ctx context.Context, a ServeArgs) (verb.Stream[Served], error) {
	all, err := sh.recording(a.File)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		for i, s := range c.Steps {
			if i > 0 && s.Secure != c.Steps[i-1].Secure {
				return nil, fault.New(fault.Unsupported, "connection %d begins TLS in its middle; what it says cannot be served", c.ID).
					WithHint("record with --tls off, or from the start under TLS")
			}
		}
	}
	t := wire.Target{Scheme: wire.Scheme{Name: "tcp"}, URL: &url.URL{Scheme: "tcp", Host: ":" + strconv.Itoa(a.Port)}}
	if all[0].Steps[0].Secure {
		t.Scheme.Security = wire.TLS
	}
	r := running(ctx)
	d := sh.dialer(r.opts)
	a.ListenOptions.Cert, a.ListenOptions.Key = r.opts.Cert, r.opts.Key
	release := d.Bind(ctx)
	l, err := d.Listen(ctx, t, a.ListenOptions)
	if err != nil {
		release()
		return nil, err
	}
	f := &fakeServer{listener: l, all: all, once: a.Once, served: make(chan Served), done: make(chan struct{})}
	return func(yield func(Served, error) bool) {
		defer release()
		defer f.stop(d)
		go f.accept(ctx)
		if !yield(Served{Same: true, Text: fmt.Sprintf("%s of %s at %s", counted(len(all), "conversation"), a.File, l.Addr())}, nil) {
			return
		}
		differ := 0
		for s := range f.served {
			if !s.Same {
				differ++
			}
			if !yield(s, nil) {
				return
			}
		}
		switch {
		case ctx.Err() != nil:
			yield(Served{}, context.Cause(ctx))
		case f.err != nil:
			yield(Served{}, f.err)
		case differ > 0:
			yield(Served{}, fault.New(fault.Assert, "%d of %d clients said something else", differ, len(all)))
		}
	}, nil
}

// A fakeServer serves its conversations in turn, several at a time if several
// clients come.
type fakeServer struct {
	listener *wire.Listener
	all      []transcript.Conversation
	once     bool
	served   chan Served   // closed at the end
	done     chan struct{} // nobody wants to hear more
	err      error         // why it ended, once served is closed
}

func (f *fakeServer) accept(ctx context.Context) {
	var clients sync.WaitGroup
	for n := 0; !f.once || n < len(f.all); n++ {
		conn, err := f.listener.Accept(ctx)
		if err != nil {
			f.err = err
			break
		}
		c := f.all[n%len(f.all)]
		clients.Go(func() {
			defer conn.Close()
			var did Served
			if err := fault.Safely(func() error { did = answer(conn, c); return nil }); err != nil {
				did = Served{Conversation: c.ID, Text: crash(err, nil).Error()}
			}
			select {
			case f.served <- did:
			case <-f.done:
			}
		})
	}
	clients.Wait()
	close(f.served)
}

func (f *fakeServer) stop(d *wire.Dialer) {
	close(f.done)
	f.listener.Close()
	d.Cut(fault.New(fault.Interrupt, "the server was stopped"))
	for range f.served {
	}
}

// answer plays the server's part of a conversation.
func answer(conn *wire.Conn, c transcript.Conversation) Served {
	out := Served{Conversation: c.ID, Same: true, Text: fmt.Sprintf("%s: connection %d, as recorded", conn.RemoteAddr(), c.ID)}
	other := func(format string, a ...any) {
		if out.Same {
			out.Same, out.Text = false, fmt.Sprintf("%s: connection %d, ", conn.RemoteAddr(), c.ID)+fmt.Sprintf(format, a...)
		}
	}
	var ahead []byte
	buf := make([]byte, 64<<10)
	for i, s := range c.Steps {
		if !s.Client {
			if _, err := conn.Write(s.Data); err != nil {
				other("step %d: the client left", i+1)
				return out
			}
			continue
		}
		for {
			n, ok := s.Complete(ahead)
			if ok {
				if was, is := s.Diff(ahead[:n], transcript.Rule{}); was != "" || is != "" {
					other("step %d: %q instead of %q", i+1, is, was)
				}
				ahead = ahead[n:]
				break
			}
			m, err := conn.Read(buf)
			ahead = append(ahead, buf[:m]...)
			if err != nil && m == 0 {
				_, is := s.Diff(ahead, transcript.Rule{})
				other("step %d: the client left after %q", i+1, is)
				return out
			}
		}
	}
	return out
}
