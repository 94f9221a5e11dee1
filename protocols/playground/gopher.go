package playground

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// patience is how long a client of a line protocol may take to ask.
const patience = time.Minute

// question reads the one line that clients of gopher and finger send.
func question(c net.Conn) (string, bool) {
	_ = c.SetReadDeadline(time.Now().Add(patience))
	line, err := bufio.NewReader(io.LimitReader(c, 1024)).ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err == nil
}

// gopher serves the world's files as a hole (RFC 1436): a menu for each
// directory, a search over all names, and links to the other servers.
func gopher(w *World, c net.Conn) {
	q, ok := question(c)
	if !ok {
		return
	}
	host, port, err := net.SplitHostPort(c.LocalAddr().String())
	if err != nil {
		return
	}
	item := func(b *strings.Builder, kind byte, text, selector string) {
		fmt.Fprintf(b, "%c%s\t%s\t%s\t%s\r\n", kind, text, selector, host, port)
	}
	selector, words, _ := strings.Cut(q, "\t")
	path := strings.TrimPrefix(selector, "/")
	var b strings.Builder
	switch f, isFile := w.files.get(path); {
	case selector == "/search":
		n := 0
		for _, p := range w.files.paths() {
			if strings.Contains(strings.ToLower(p), strings.ToLower(words)) {
				item(&b, gopherType(p), p, "/"+p)
				n++
			}
		}
		if n == 0 {
			item(&b, 'i', "nothing is called like that", "")
		}
	case isFile && gopherType(path) == '0':
		for line := range strings.Lines(string(f.data)) {
			line = strings.TrimRight(line, "\r\n")
			if strings.HasPrefix(line, ".") {
				line = "." + line
			}
			b.WriteString(line + "\r\n")
		}
	case isFile:
		_, _ = c.Write(f.data)
		return
	case path != "" && len(w.files.list(path+"/")) == 0:
		item(&b, '3', selector+" is not here", "")
	default:
		if path == "" {
			item(&b, 'i', "The playground's gopher hole", "")
			item(&b, '7', "search the names of files", "/search")
		} else {
			path = strings.TrimSuffix(path, "/") + "/"
		}
		for _, name := range w.files.list(path) {
			kind := gopherType(name)
			item(&b, kind, name, "/"+path+strings.TrimSuffix(name, "/"))
		}
	}
	_, _ = io.WriteString(c, b.String()+".\r\n")
}

// gopherType tells a directory, text and anything else apart by the name.
func gopherType(name string) byte {
	switch {
	case strings.HasSuffix(name, "/"):
		return '1'
	case strings.HasSuffix(name, ".txt"), strings.HasSuffix(name, ".csv"), name == "README":
		return '0'
	}
	return '9'
}

// finger tells who is here (RFC 1288).
func finger(_ *World, c net.Conn) {
	q, ok := question(c)
	if !ok {
		return
	}
	who := strings.TrimSpace(strings.TrimPrefix(q, "/W"))
	switch who {
	case "":
		_, _ = io.WriteString(c, "Login     Name\r\n"+User+"       Ann of the playground\r\n")
	case User:
		_, _ = io.WriteString(c, "Login: "+User+"    Name: Ann of the playground\r\nPlan:\r\nLearn how the servers talk.\r\n")
	default:
		fmt.Fprintf(c, "%q is not known here\r\n", who)
	}
}
