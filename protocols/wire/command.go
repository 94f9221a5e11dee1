package wire

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"wireline/protocols/fault"
)

// Command talks to a program instead of a peer: what is written it reads from
// its standard input, and its standard output is read. line is for the shell
// of the user. What the program says on its standard error is warned of, line
// by line. Once the connection is closed the program has Limits.Goodbye to end
// by itself.
func (d *Dialer) Command(_ context.Context, line string) (*Conn, error) {
	name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	if name == "" {
		return nil, fault.New(fault.BadArgument, "there is no command")
	}
	failed := func(err error) error {
		return &fault.Error{Kind: fault.Connect, Phase: "connect", At: name, Err: err, Text: "the command cannot be started: " + plain(err, err.Error())}
	}
	if !pipesCanWait {
		return nil, fault.New(fault.Unsupported, "to talk to a command is not built in on this system")
	}
	cmd := exec.Command(cmp.Or(os.Getenv("SHELL"), "/bin/sh"), "-c", line)
	c, err := pipesTo(cmd)
	if err != nil {
		return nil, failed(err)
	}
	apart(cmd)
	says, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	c.theirs()
	if err != nil {
		c.Close()
		return nil, failed(err)
	}
	var reading sync.WaitGroup
	reading.Go(func() { d.warnOf(name, says) })
	w := &Conn{sock: &sock{Conn: c}, network: "unix", host: name}
	w.onClose = func() {
		limit := time.AfterFunc(max(w.limits.Goodbye, time.Millisecond), func() { killGroup(cmd.Process) })
		defer limit.Stop()
		reading.Wait()
		_ = cmd.Wait() // whatever it thinks of its end
	}
	d.own(w)
	d.note(w.id, "dial", "command "+name)
	return w, nil
}

// pipes are a net.Conn of two pipes. Some servers that are started this way
// refuse to talk to a socket, as they take it for inetd's.
type pipes struct {
	in, out *os.File
	theirs  func() // closes the ends of the program
	name    string
}

func pipesTo(cmd *exec.Cmd) (*pipes, error) {
	in, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	from, to, err := os.Pipe()
	if err != nil {
		in.Close()
		out.Close()
		return nil, err
	}
	cmd.Stdin, cmd.Stdout = from, out
	return &pipes{in: in, out: to, name: cmd.Path, theirs: func() { from.Close(); out.Close() }}, nil
}

func (p *pipes) Read(b []byte) (int, error)  { return p.in.Read(b) }
func (p *pipes) Write(b []byte) (int, error) { return p.out.Write(b) }
func (p *pipes) CloseWrite() error           { return p.out.Close() }
func (p *pipes) Close() error                { return errors.Join(p.out.Close(), p.in.Close()) }

func (p *pipes) LocalAddr() net.Addr  { return &net.UnixAddr{Net: "unix"} }
func (p *pipes) RemoteAddr() net.Addr { return &net.UnixAddr{Net: "unix", Name: p.name} }

func (p *pipes) SetReadDeadline(t time.Time) error  { return p.in.SetReadDeadline(t) }
func (p *pipes) SetWriteDeadline(t time.Time) error { return p.out.SetWriteDeadline(t) }

func (p *pipes) SetDeadline(t time.Time) error {
	return errors.Join(p.in.SetReadDeadline(t), p.out.SetWriteDeadline(t))
}

// warnOf passes on what a program says.
func (d *Dialer) warnOf(name string, says io.Reader) {
	lines := bufio.NewReaderSize(says, 4096)
	for {
		line, _, err := lines.ReadLine()
		if err != nil {
			return
		}
		if d.Warn != nil && len(line) > 0 {
			d.Warn(fmt.Sprintf("%s: %s", name, line))
		}
	}
}
