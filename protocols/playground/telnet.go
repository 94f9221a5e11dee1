package playground

import (
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/reiver/go-telnet"
	"github.com/reiver/go-telnet/telsh"
)

// loginTries is how often a name and password may be given.
const loginTries = 3

// serveTelnet is a login and a small shell on the world's files (RFC 854).
// The library reads and writes the data and runs the shell; the commands and
// options of Telnet, of which it knows nothing, are taken out below it.
func serveTelnet(w *World, c net.Conn) {
	line := newNVT(c)
	server := telnet.Server{Handler: login{w, line}}
	_ = server.Serve(&oneClient{conn: line})
}

// A oneClient is a listener that has one client, and ends with it.
type oneClient struct {
	conn  *nvt
	taken bool
}

func (l *oneClient) Accept() (net.Conn, error) {
	if l.taken {
		<-l.conn.closed
		return nil, net.ErrClosed
	}
	l.taken = true
	return l.conn, nil
}

func (l *oneClient) Addr() net.Addr { return l.conn.LocalAddr() }
func (l *oneClient) Close() error   { return nil }

// login asks for a name and a password before there is a shell.
type login struct {
	w    *World
	line *nvt
}

func (l login) ServeTELNET(ctx telnet.Context, out telnet.Writer, in telnet.Reader) {
	say := func(text string) { _, _ = io.WriteString(out, text) }
	_ = l.line.SetReadDeadline(time.Now().Add(patience))
	say("wireline playground\r\n\r\n")
	for range loginTries {
		say("login: ")
		name, ok := typed(in)
		if !ok {
			return
		}
		l.line.hide(true)
		say("Password: ")
		password, ok := typed(in)
		l.line.hide(false)
		say("\r\n")
		if !ok {
			return
		}
		if p, known := l.w.users[name]; known && p == password {
			_ = l.line.SetReadDeadline(time.Time{})
			l.shell(name).ServeTELNET(ctx, out, in)
			return
		}
		say("Login incorrect\r\n\r\n")
	}
}

// typed is the next line, as far as it was not taken back.
func typed(in io.Reader) (string, bool) {
	const backspace, del = 8, 127
	var line, b []byte
	for b = make([]byte, 1); ; {
		if _, err := in.Read(b); err != nil {
			return "", false
		}
		switch b[0] {
		case '\n':
			return strings.TrimRight(string(line), "\r"), true
		case backspace, del:
			line = line[:max(0, len(line)-1)]
		default:
			line = append(line, b[0])
		}
	}
}

// shell is what a user gets.
func (l login) shell(user string) *telsh.ShellHandler {
	commands := []struct {
		name, usage, short string
		run                func(args []string) string
	}{
		{"cat", "cat FILE", "show a file", l.cat},
		{"echo", "echo WORD...", "say the words", func(args []string) string { return strings.Join(args, " ") + "\n" }},
		{"ls", "ls [DIR]", "list the files", l.ls},
		{"who", "who", "tell who is here", func([]string) string {
			return user + " from " + l.line.RemoteAddr().String() + l.line.terminal.String() + "\n"
		}},
	}
	sh := telsh.NewShellHandler()
	sh.WelcomeMessage = "Welcome, " + user + ". help lists the commands, exit leaves.\r\n"
	sh.ExitMessage = "Goodbye.\r\n"
	sh.Prompt = "$ "
	help := ""
	for _, c := range commands {
		help += column(c.usage) + c.short + "\n"
		_ = sh.Register(c.name, telsh.ProducerFunc(func(_ telnet.Context, _ string, args ...string) telsh.Handler {
			return newAnswer(l.line, c.run(args))
		}))
	}
	help += column("exit") + "leave\n" + column("help") + "show this\n"
	_ = sh.Register("help", telsh.ProducerFunc(func(telnet.Context, string, ...string) telsh.Handler { return newAnswer(l.line, help) }))
	return sh
}

func column(s string) string { return s + strings.Repeat(" ", max(1, 14-len(s))) }

func (l login) ls(args []string) string {
	dir := ""
	if len(args) > 0 {
		dir = strings.Trim(args[0], "/")
	}
	if _, isFile := l.w.files.get(dir); isFile {
		return dir + "\n"
	}
	if dir != "" {
		dir += "/"
	}
	names := l.w.files.list(dir)
	if len(names) == 0 {
		return "ls: " + dir + " is not here\n"
	}
	return strings.Join(names, "\n") + "\n"
}

func (l login) cat(args []string) string {
	text := ""
	for _, name := range args {
		f, ok := l.w.files.get(strings.TrimPrefix(name, "/"))
		if !ok {
			text += "cat: " + name + " is not here\n"
		}
		text += string(f.data)
	}
	if len(args) == 0 {
		return "cat: which file?\n"
	}
	if !strings.HasSuffix(text, "\n") {
		text += "\n" // the prompt is on a line of its own
	}
	return text
}

// An answer is a command of the shell that has run. The shell copies what it
// says from another goroutine, and Run lets the prompt wait for that.
type answer struct {
	line *nvt
	text *strings.Reader
	once sync.Once
	said chan struct{}
}

func newAnswer(line *nvt, text string) *answer {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	return &answer{line: line, text: strings.NewReader(text), said: make(chan struct{})}
}

func (a *answer) Run() error { <-a.said; return nil }

func (a *answer) Read(p []byte) (int, error) {
	n, err := a.text.Read(p)
	if a.line.gone() {
		n, err = 0, io.EOF
	}
	if err != nil {
		a.once.Do(func() { close(a.said) })
	}
	return n, err
}

func (a *answer) Close() error { return nil }

func (a *answer) StdinPipe() (io.WriteCloser, error) { return nil, nil }
func (a *answer) StdoutPipe() (io.ReadCloser, error) { return a, nil }
func (a *answer) StderrPipe() (io.ReadCloser, error) { return nil, nil }
