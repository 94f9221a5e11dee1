package ftp_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// A fake is a server that says what a test wants. What it is not told it
// answers as a server does that knows little.
type fake struct {
	addr    string
	replies map[string]string      // by command or word, with %d for the port of data
	body    func(string, net.Conn) // serves a data connection, for a command
	part    func(int, net.Conn)    // serves RETR from a byte on, instead of body
	last    string                 // the reply after it
	early   bool                   // the last reply comes before the data
	after   map[string]string      // the last reply, by command
	later   map[string]string      // replies from the second EPSV or PASV on
	shut    map[string]bool        // commands for which nobody waits for data any more

	mu    sync.Mutex
	heard []string
}

func newFake(t testing.TB, f *fake) *fake {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f.addr = ln.Addr().String()
	var all sync.WaitGroup
	var mu sync.Mutex
	var open []io.Closer
	keep := func(c io.Closer) {
		mu.Lock()
		defer mu.Unlock()
		open = append(open, c)
	}
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			keep(c)
			all.Go(func() { f.serve(c, keep) })
		}
	})
	t.Cleanup(func() {
		ln.Close()
		mu.Lock()
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	return f
}

func (f *fake) reply(line string) (string, bool) {
	if r, ok := f.replies[line]; ok {
		return r, true
	}
	word, _, _ := strings.Cut(line, " ")
	if r, ok := f.replies[word]; ok {
		return r, true
	}
	r, ok := map[string]string{
		"USER": "331 password", "PASS": "230 in", "TYPE": "200 ok", "PWD": `257 "/"`, "QUIT": "221 bye", "NOOP": "200 ok",
		"EPSV": "229 (|||%d|)", "REST": "350 ok", "CWD": "250 ok", "DELE": "250 ok", "ABOR": "225 nothing",
	}[word]
	return r, ok
}

func (f *fake) serve(c net.Conn, keep func(io.Closer)) {
	defer c.Close()
	greeting, ok := f.replies["greeting"]
	if !ok {
		greeting = "220 ready"
	}
	fmt.Fprintf(c, "%s\r\n", greeting)
	in := bufio.NewScanner(c)
	var data net.Listener
	asked := 0 // for data connections
	from := 0  // the byte that REST has named
	for in.Scan() {
		line := in.Text()
		f.mu.Lock()
		f.heard = append(f.heard, line)
		f.mu.Unlock()
		word, _, _ := strings.Cut(line, " ")
		if word == "EPSV" || word == "PASV" {
			if data != nil {
				data.Close()
			}
			var err error
			if data, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
				return
			}
			keep(data)
		}
		if word == "REST" {
			fmt.Sscanf(line, "REST %d", &from)
		}
		r, known := f.reply(line)
		if word == "EPSV" || word == "PASV" {
			asked++
		}
		for _, x := range []string{line, word} {
			if l, ok := f.later[x]; ok && asked > 1 {
				r, known = l, true
			}
		}
		if f.shut[line] || data != nil && (word == "EPSV" || word == "PASV") && !strings.Contains(r, "%") && asked > 1 {
			data.Close()
		}
		if word == "EPSV" && asked > 1 && strings.HasPrefix(r, "5") {
			data = nil
		}
		switch {
		case !known && strings.Contains(" RETR LIST STOR MLSD APPE ", " "+word+" "):
			if data == nil {
				fmt.Fprint(c, "425 no\r\n")
				continue
			}
			opening := "150 coming"
			if o, ok := f.replies["150"]; ok {
				opening = o
			}
			if f.early {
				opening += "\r\n" + f.last
			}
			fmt.Fprintf(c, "%s\r\n", opening)
			d, err := data.Accept()
			if err != nil {
				return
			}
			keep(d)
			if word == "RETR" && f.part != nil {
				f.part(from, d)
			} else {
				f.body(line, d)
			}
			d.Close()
			from = 0
			last, ok := f.after[line]
			if !ok {
				last = f.last
			}
			if !f.early && last != "" {
				fmt.Fprintf(c, "%s\r\n", last)
			}
		case !known:
			fmt.Fprint(c, "500 what\r\n")
		default:
			if strings.Contains(r, "%d") {
				r = fmt.Sprintf(r, data.Addr().(*net.TCPAddr).Port)
			}
			if strings.Contains(r, "%h,%l") {
				p := data.Addr().(*net.TCPAddr).Port
				r = strings.Replace(r, "%h,%l", fmt.Sprintf("%d,%d", p>>8, p&255), 1)
			}
			if r != "" {
				fmt.Fprintf(c, "%s\r\n", r)
			}
			if strings.HasPrefix(r, "421") {
				return
			}
		}
	}
}

// said is what the server has heard.
func (f *fake) said() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.heard, "\n")
}

func send(text string) func(string, net.Conn) {
	return func(_ string, c net.Conn) { io.WriteString(c, text) }
}
