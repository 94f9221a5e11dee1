package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
	"wireline/repl/config"
	"wireline/repl/render"
	"wireline/repl/transcript"
)

type ReplayArgs struct {
	File    string        `arg:"file" help:"a recording" complete:"local"`
	Against string        `flag:"against" help:"whom to say it to: HOST:PORT or a URL" complete:"host"`
	Ignore  []string      `flag:"ignore" help:"regular expression for what may differ, such as dates"`
	Codes   bool          `flag:"codes" help:"compare only the first word of each line"`
	User    string        `flag:"u,user" help:"whose password to put where one was left out"`
	Wait    time.Duration `flag:"wait" help:"how long to wait for each answer; 10 seconds if left out"`
	config.Secrets
}

// Replayed is what became of a replay.
type Replayed struct {
	Conversations int `json:"conversations"`
	Answers       int `json:"answers"`
	Differ        int `json:"differ"`
}

func (r Replayed) Message() string {
	return fmt.Sprintf("%s in %s, as recorded", counted(r.Answers, "answer"), counted(r.Conversations, "conversation"))
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// Replay says to a server what the client of a recording said, and compares
// the answers. It fails as assert does when one differs.
func (sh *Shell) Replay(ctx context.Context, a ReplayArgs) (any, error) {
	all, err := sh.recording(a.File)
	if err != nil {
		return nil, err
	}
	rule := transcript.Rule{Codes: a.Codes}
	for _, expr := range a.Ignore {
		re, err := regexp.Compile(strings.Trim(expr, "/"))
		if err != nil {
			return nil, fault.New(fault.Usage, "--ignore: %v", err)
		}
		rule.Ignore = append(rule.Ignore, re)
	}
	if a.Against == "" {
		return nil, fault.New(fault.Usage, "missing --against HOST:PORT")
	}
	if a.Wait == 0 {
		a.Wait = 10 * time.Second
	}
	t, err := sh.against(a.Against, all)
	if err != nil {
		return nil, err
	}
	r := running(ctx)
	r.secrets = a.Secrets
	p := &replay{run: r, target: t, args: a, rule: rule}
	for _, c := range all {
		if err := p.conversation(ctx, c); err != nil {
			return nil, err
		}
	}
	p.Conversations = len(all)
	if p.Differ > 0 {
		r.data = p.Replayed
		return nil, fault.New(fault.Assert, "%d of %d answers are not as recorded", p.Differ, p.Answers)
	}
	return p.Replayed, nil
}

func (sh *Shell) recording(file string) ([]transcript.Conversation, error) {
	in, err := sh.openInput(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return transcript.Read(file, in)
}

// against is a target for a bare stream, under TLS if the recording began
// under it.
func (sh *Shell) against(w string, all []transcript.Conversation) (wire.Target, error) {
	p := protocols.Protocol{Name: "replay", Schemes: []wire.Scheme{{Name: "tcp"}}}
	if name, _, ok := strings.Cut(w, "://"); ok {
		named := sh.speaks(name)
		if named == nil {
			return wire.Target{}, fault.New(fault.BadArgument, "%s has no scheme that is known", redactURL(w))
		}
		p = *named
	}
	t, _, err := target(p, []string{w}, false)
	if err != nil {
		return t, err
	}
	network := t.Scheme.Network
	t.Scheme = wire.Scheme{Name: t.Scheme.Name, Network: network, Port: t.Scheme.Port}
	if len(all[0].Steps) > 0 && all[0].Steps[0].Secure {
		t.Scheme.Security = wire.TLS
	}
	return t, nil
}

// A replay is one that goes on.
type replay struct {
	*run
	Replayed
	target         wire.Target
	args           ReplayArgs
	rule           transcript.Rule
	name, password string
}

func (p *replay) conversation(ctx context.Context, c transcript.Conversation) error {
	d := p.sh.dialer(p.opts)
	p.wire = d
	defer d.Bind(ctx)()
	conn, err := d.Dial(ctx, p.target)
	if err != nil {
		return err
	}
	defer conn.Close()
	secure := p.target.Scheme.Security == wire.TLS
	var ahead []byte
	for i, s := range c.Steps {
		if s.Secure && !secure {
			if err := conn.StartTLS(ctx, p.target.Hostname()); err != nil {
				return err
			}
			secure = true
		}
		if s.Client {
			said := s.Data
			if s.Secret() {
				if said, err = p.fill(ctx, s); err != nil {
					return err
				}
			}
			if _, err := conn.Write(said); err != nil {
				return err
			}
			continue
		}
		got, rest, err := p.hear(conn, s, ahead)
		if ahead = rest; err != nil {
			return err
		}
		p.Answers++
		if was, is := s.Diff(got, p.rule); was != "" || is != "" {
			p.Differ++
			fmt.Fprintf(p.io.out, "connection %d, step %d\n- %s\n+ %s\n", c.ID, i+1, render.Clean(was), render.Clean(is))
		}
	}
	return nil
}

func (p *replay) fill(ctx context.Context, s transcript.Step) ([]byte, error) {
	if p.password == "" {
		var err error
		if p.name, p.password, err = p.keys(ctx, p.target, p.args.User); err != nil {
			return nil, err
		}
	}
	return s.Fill(p.name, p.password)
}

// hear reads as much as a step has. What does not come in time is missing from
// it, which is a difference and no error.
func (p *replay) hear(conn *wire.Conn, s transcript.Step, ahead []byte) (got, rest []byte, err error) {
	conn.SetReadDeadline(time.Now().Add(p.args.Wait))
	got = ahead
	buf := make([]byte, 64<<10)
	for {
		if n, ok := s.Complete(got); ok {
			return got[:n], got[n:], nil
		}
		n, err := conn.Read(buf)
		got = append(got, buf[:n]...)
		if err != nil && n == 0 {
			k := fault.Of(err)
			if errors.Is(err, io.EOF) || k == fault.Timeout || k == fault.Empty || k == fault.Recv || k == fault.Partial {
				return got, nil, nil
			}
			return nil, nil, err
		}
	}
}
